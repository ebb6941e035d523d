import type { ScanFacts, ScanWay } from '../../domain/policy/scan-facts.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import { rematchedScan } from '../../domain/vulnerability/rematched-scan.ts';
import { type Scan, scanWorth } from '../../domain/vulnerability/scan.ts';
import { type Registry, RegistryError } from '../../ports/registry.ts';
import { type KeptScan, type ScanArchive, ScanArchiveError } from '../../ports/scan-archive.ts';
import { type ScanEvidence, type Scanner, type ScannerDescription, ScannerError } from '../../ports/scanner.ts';
import { TemporaryFolderError, type TemporaryFolders } from '../../ports/temporary-folders.ts';
import type { ResolvedImage } from './resolve-image.ts';

export type ScanPorts = {
  readonly scanner: Scanner;
  readonly archive: ScanArchive;
  readonly folders: TemporaryFolders;
};

export type ScanConditions = {
  readonly database: ScannerDescription;
  /** A database that was built before this proves nothing. */
  readonly oldestDatabaseAt: Instant;
  readonly now: Instant;
  readonly maxImageBytes: number;
};

/** `note`: what went wrong beside the scan, and changes nothing in it. */
export type DigestScan = { readonly facts: ScanFacts; readonly note?: string };

/**
 * What the scanner says of one image of one platform: as it was kept with this database, else what was installed compared with the
 * newer database, else of the image itself, which is downloaded and removed again. Never throws for what the world refuses.
 */
export async function scanDigest(
  ports: ScanPorts,
  registry: Pick<Registry, 'downloadImage'>,
  image: ResolvedImage,
  conditions: ScanConditions,
): Promise<DigestScan> {
  const { database, oldestDatabaseAt } = conditions;
  const found = await findKept(ports.archive, image, database);
  if (found.kept !== undefined && isAsGood(found.kept, database))
    return { facts: factsOf(found.kept, 'kept', image, oldestDatabaseAt), ...found.note };
  if (database.databaseAt < oldestDatabaseAt) return { facts: stale(database.databaseAt) };
  const made = await make(ports, registry, image, conditions, found.kept);
  if (made.kind === 'failed') return { facts: made };
  const kept: KeptScan = {
    ...{ digest: image.digest, databaseAt: databaseOf(made.scan, database), scannedAt: conditions.now },
    scan: { ...made.scan, scanner: { name: database.name, version: database.version } },
    report: made.evidence.report,
    ...(made.inventory === undefined ? {} : { inventory: made.inventory }),
  };
  const note = found.note.note === undefined ? await keep(ports.archive, kept) : found.note;
  return { facts: factsOf(kept, made.how, image, oldestDatabaseAt), ...note };
}

type MadeScan = {
  readonly kind: 'made';
  readonly how: ScanWay;
  readonly scan: Scan;
  readonly evidence: ScanEvidence;
  readonly inventory: string | undefined;
};

type Failed = Extract<ScanFacts, { readonly kind: 'failed' }>;
type Note = { readonly note?: string };

async function make(
  { scanner, folders }: ScanPorts,
  registry: Pick<Registry, 'downloadImage'>,
  image: ResolvedImage,
  { maxImageBytes, database }: ScanConditions,
  earlier: KeptScan | undefined,
): Promise<MadeScan | Failed> {
  const { digest, reference } = image;
  const inventory = earlier?.scan.scanner.version === database.version ? earlier.inventory : undefined;
  try {
    const evidence = inventory === undefined ? undefined : await rematch(scanner, inventory);
    if (evidence !== undefined && earlier !== undefined) {
      const scan = rematchedScan(evidence.scan, earlier.scan);
      return { kind: 'made', how: 'rematched', scan, evidence, inventory };
    }
    const scanned = await folders.within(async (folder) => {
      const path = `${folder}/image`;
      await registry.downloadImage(reference, digest, path, { maxBytes: maxImageBytes });
      return scanner.scan({ path, name: nameOf(image), digest });
    });
    return { kind: 'made', how: 'scanned', scan: scanned.scan, evidence: scanned, inventory: scanned.inventory };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { kind: 'failed', message: error.message };
  }
}

/** An inventory that the scanner cannot read says nothing of the image, which is then scanned anew. */
async function rematch(scanner: Scanner, inventory: string): Promise<ScanEvidence | undefined> {
  try {
    return await scanner.rematch(inventory);
  } catch (error) {
    if (error instanceof ScannerError && (error.code === 'crashed' || error.code === 'malformed')) return undefined;
    throw error;
  }
}

function isRefusal(error: unknown): error is Error {
  return error instanceof RegistryError || error instanceof ScannerError || error instanceof TemporaryFolderError;
}

/** Another process may have renewed it since it was described. */
function databaseOf({ databaseAt }: Scan, described: ScannerDescription): Instant {
  return databaseAt === undefined ? described.databaseAt : Date.parse(databaseAt);
}

/** Another version of the scanner may find more packages in the same image. */
function isAsGood({ databaseAt, scan }: KeptScan, database: ScannerDescription): boolean {
  return databaseAt >= database.databaseAt && scan.scanner.version === database.version;
}

async function findKept(
  archive: ScanArchive,
  { digest }: ResolvedImage,
  { name }: ScannerDescription,
): Promise<{ readonly kept: KeptScan | undefined; readonly note: Note }> {
  try {
    return { kept: await archive.find(digest, name), note: {} };
  } catch (error) {
    if (!(error instanceof ScanArchiveError)) throw error;
    return { kept: undefined, note: { note: error.message } };
  }
}

async function keep(archive: ScanArchive, scan: KeptScan): Promise<Note> {
  try {
    await archive.keep(scan);
    return {};
  } catch (error) {
    if (!(error instanceof ScanArchiveError)) throw error;
    return { note: error.message };
  }
}

/** What a whole scan means on this day. */
export function factsOf(
  { scan, databaseAt }: Pick<KeptScan, 'scan' | 'databaseAt'>,
  how: ScanWay,
  { digest, platform }: Pick<ResolvedImage, 'digest' | 'platform'>,
  oldestDatabaseAt: Instant,
): ScanFacts {
  if (scanWorth(scan) === 'unscannable')
    return {
      kind: 'unscannable',
      message: `${scan.scanner.name} found neither a system nor packages that it knows in it: no findings mean nothing`,
    };
  if (databaseAt < oldestDatabaseAt) return stale(databaseAt);
  const { name, version } = scan.scanner;
  return {
    kind: 'scanned',
    ...{ digest, platform, how },
    scanner: version === undefined ? name : `${name} ${version}`,
    databaseAt: formatInstant(databaseAt),
    isEndOfLife: scan.system?.isEndOfLife === true,
    findings: scan.findings,
    suppressed: scan.suppressed,
  };
}

function stale(databaseAt: Instant): ScanFacts {
  return {
    kind: 'stale',
    message: `the vulnerability database is of ${formatInstant(databaseAt)}, too old to prove anything: let the scanner fetch a newer one`,
  };
}

function nameOf({ reference, digest }: ResolvedImage): string {
  return `${reference.registry}/${reference.repository}@${digest}`;
}
