import { existsSync, mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ComplianceHistory, ComplianceLog } from '../../ports/compliance-log.ts';
import type { DeliveryHistory, DeliveryLog } from '../../ports/delivery-log.ts';
import type { EpisodeAudit, EpisodeHistory, EpisodeLog } from '../../ports/episode-log.ts';
import { type Store, StoreError } from '../../ports/store.ts';
import { deliveryMigrations } from './delivery-migrations.ts';
import { holdLock } from './hold-lock.ts';
import { ledgerMigrations, type Migration, migrate, newestVersion, readVersion } from './migrations.ts';
import { isHalfWritten, openSqlite, openSqliteForReading, rollBack } from './open-sqlite.ts';
import { SqlComplianceLog } from './sql-compliance-log.ts';
import { SqlDeliveryLog } from './sql-delivery-log.ts';
import { SqlEpisodeLog } from './sql-episode-log.ts';
import { type OpenLedger, SqlStore } from './sql-store.ts';

/** One file: what was seen of images, what became of findings, how uses stood by the policy. To close the store closes all. */
export type Ledger = {
  readonly store: Store;
  readonly episodes: EpisodeLog & EpisodeAudit;
  readonly compliance: ComplianceLog;
};

/**
 * Opens the ledger in an SQLite file; makes it, and its folder, where there is none.
 *
 * @throws StoreError `busy` while another process has it open; `unusable` for what is no ledger, damaged or of a newer program:
 *   such a file is left as it is.
 */
export async function openLedger(path: string): Promise<Ledger> {
  const ledger = await openFile(path, ledgerMigrations);
  return {
    store: new SqlStore(ledger),
    episodes: new SqlEpisodeLog(ledger),
    compliance: new SqlComplianceLog(ledger),
  };
}

export type OpenDeliveries = { readonly deliveries: DeliveryLog; readonly close: () => Promise<void> };

/** Opens the file of deliveries as `openLedger` opens its own. */
export async function openDeliveries(path: string): Promise<OpenDeliveries> {
  const ledger = await openFile(path, deliveryMigrations);
  return { deliveries: new SqlDeliveryLog(ledger), close: () => ledger.close() };
}

export type DeliveryReader = { readonly deliveries: DeliveryHistory; readonly close: () => Promise<void> };

/** Opens the file of deliveries without ever changing it. @returns `undefined` where there is none yet */
export async function readDeliveries(path: string): Promise<DeliveryReader | undefined> {
  const described = await describeStore(path);
  if (described === undefined || described.version === 0) return undefined;
  if (described.version > deliveryMigrations.length) throw newer(path, described.version, deliveryMigrations.length);
  const ledger = openSqliteForReading(path);
  return { deliveries: new SqlDeliveryLog(ledger), close: () => ledger.close() };
}

async function openFile(path: string, migrations: readonly Migration[]): Promise<OpenLedger> {
  const file = prepareFolder(path);
  const lock = holdLock(file);
  try {
    if (!existsSync(file)) makeFile(file);
    if (isHalfWritten(file)) rollBack(file);
    const version = await inspect(file);
    if (version > migrations.length) throw newer(file, version, migrations.length);
    const ledger = openSqlite(file);
    await migrateOrClose(ledger, version, migrations);
    return {
      ...ledger,
      async close() {
        await ledger.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** `openLedger` for what was seen of images alone. */
export async function openStore(path: string): Promise<Store> {
  return (await openLedger(path)).store;
}

export type EpisodeReader = {
  readonly episodes: EpisodeHistory & EpisodeAudit;
  readonly cycles: Pick<Store, 'lastCycleAt'>;
  /** Absent in a ledger of a program that kept none. */
  readonly compliance?: ComplianceHistory;
  readonly close: () => Promise<void>;
};

/**
 * Opens the episodes of a ledger without ever changing it: works while another process writes.
 *
 * @returns `undefined` where there is none yet: no ledger, or one of a program that kept no episodes.
 * @throws StoreError `unusable` for what is no ledger, or one of a newer program.
 */
export async function openEpisodes(path: string): Promise<EpisodeReader | undefined> {
  const described = await describeStore(path);
  if (described === undefined || described.version < firstWithEpisodes) return undefined;
  if (described.version > newestVersion) throw newer(path, described.version);
  const ledger = openSqliteForReading(path);
  return {
    ...{ episodes: new SqlEpisodeLog(ledger), cycles: new SqlStore(ledger), close: () => ledger.close() },
    ...(described.version < firstWithCompliance ? {} : { compliance: new SqlComplianceLog(ledger) }),
  };
}

/** The version of the ledger that has them. */
const firstWithEpisodes = 2;
const firstWithCompliance = 3;

/**
 * What a ledger is, without opening it for writing: works while another process writes.
 *
 * @returns `undefined` when there is none.
 * @throws StoreError `unusable` for what is no ledger.
 */
export async function describeStore(
  path: string,
): Promise<{ readonly version: number; readonly sizeBytes: number } | undefined> {
  const sizeBytes = sizeOf(path);
  if (sizeBytes === undefined) return undefined;
  const logBytes = sizeOf(`${path}-wal`) ?? 0;
  // Whoever was making it is at it still, or was killed: whoever opens it next makes it anew.
  if (isHalfWritten(path)) return { version: 0, sizeBytes };
  return { version: await inspect(path), sizeBytes: sizeBytes + logBytes };
}

function sizeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size;
  } catch (error) {
    throw unreachable(path, error);
  }
}

/** @returns the one name of a ledger, so that two ways to it meet at one lock. */
function prepareFolder(path: string): string {
  const file = resolve(path);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return existsSync(file) ? realpathSync(file) : file;
  } catch (error) {
    throw unreachable(path, error);
  }
}

/** Its names tell what is built in-house: nobody else may read it. SQLite's own files take over the rights. */
function makeFile(path: string): void {
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw unreachable(path, error);
  }
}

/** The version of a file, read so that nothing in it can change. */
async function inspect(path: string): Promise<number> {
  const ledger = openSqliteForReading(path);
  try {
    const version = await readVersion(ledger.db);
    if (version === undefined)
      throw new StoreError('unusable', `cannot use ${path}: it is a database of something else; name another ledger`);
    return version;
  } catch (error) {
    throw ledger.explain(error);
  } finally {
    await ledger.close();
  }
}

async function migrateOrClose(ledger: OpenLedger, version: number, migrations: readonly Migration[]): Promise<void> {
  try {
    await migrate(ledger.db, version, migrations);
  } catch (error) {
    await ledger.close();
    throw ledger.explain(error);
  }
}

function newer(path: string, version: number, known = newestVersion): StoreError {
  return new StoreError(
    'unusable',
    `cannot use the ledger ${path}: a newer basekeeper wrote it (version ${version}, this one knows ${known}); update basekeeper, or name another ledger`,
  );
}

function unreachable(path: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError(
    'unusable',
    `cannot open the ledger ${path}: ${reason}; name a file in a folder that can be written`,
    { cause },
  );
}
