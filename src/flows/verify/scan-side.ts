import { asObject, listMember, objectMember, textMember } from '../../domain/image/json-value.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import { hash } from '../../domain/source/hash.ts';
import type { ScanOutcome } from '../../domain/verify/gate-facts.ts';
import { rateAll } from '../../domain/vulnerability/rate-findings.ts';
import { rematchedScan } from '../../domain/vulnerability/rematched-scan.ts';
import type { Scan } from '../../domain/vulnerability/scan.ts';
import { BuilderError, type BuiltImage } from '../../ports/builder.ts';
import type { Evidence } from '../../ports/evidence.ts';
import { type ScanEvidence, type Scanner, type ScannerDescription, ScannerError } from '../../ports/scanner.ts';
import { keptOrMade } from './kept-record.ts';
import type { ProofContext } from './prove-side.ts';
import type { VerifyRequest } from './verify-request.ts';

/** The scanner of a run, asked once: all its scans have one database. */
export type ScannerState =
  | { readonly kind: 'ready'; readonly scanner: Scanner; readonly description: ScannerDescription }
  | { readonly kind: 'stale'; readonly description: ScannerDescription; readonly message: string }
  | { readonly kind: 'none'; readonly message: string };

export type ScannedSide = ScanOutcome & { readonly isReused: boolean };

export async function askScanner(
  scanner: Scanner | string,
  { time, survey: { policy } }: VerifyRequest,
): Promise<ScannerState> {
  if (typeof scanner === 'string') return { kind: 'none', message: scanner };
  try {
    const description = await scanner.describe();
    const { databaseAt } = description;
    if (time - databaseAt <= policy.scanner.maxDatabaseAgeMs) return { kind: 'ready', scanner, description };
    const message = `its database was built ${new Date(databaseAt).toISOString()}`;
    return { kind: 'stale', description, message };
  } catch (error) {
    if (error instanceof ScannerError) return { kind: 'none', message: error.message };
    throw error;
  }
}

export type ScannableSide = {
  readonly name: string;
  readonly digest: Digest;
  readonly image: () => Promise<BuiltImage>;
};

/** With the database of this run: kept, matched again from the inventory that an earlier scan left, or made. */
export async function scanSide(
  side: ScannableSide,
  { ports, request, scanner: state }: ProofContext,
): Promise<ScannedSide> {
  if (state.kind !== 'ready') return { kind: state.kind, message: state.message, isReused: false };
  const { scanner, description } = state;
  const { evidence } = ports;
  const { stem, name } = namesOf(side.digest, description);
  try {
    const { value: scan, isReused } = await keptOrMade<Scan>(evidence, `${name}.json`, {
      isRecord: isScan,
      make: () => scanNow(side, scanner, { evidence, stem, name }),
      // What another process renewed meanwhile is not what the name says.
      isWorthKeeping: (made) => databaseOf(made, description) === description.databaseAt,
    });
    const databaseAt = new Date(databaseOf(scan, description)).toISOString();
    return { kind: 'scanned', scan: rateAll(scan, request.survey.policy.scanner.severity), databaseAt, isReused };
  } catch (error) {
    if (error instanceof ScannerError || error instanceof BuilderError)
      return { kind: 'failed', message: error.message, isReused: false };
    throw error;
  }
}

/** Whether an image that is no longer there can be told of: it was scanned with this database, or left its inventory. */
export async function isScanKept(evidence: Evidence, digest: Digest, scanner: ScannerState): Promise<boolean> {
  if (scanner.kind !== 'ready') return true;
  const { stem, name } = namesOf(digest, scanner.description);
  const isWhole = async (scan: string) => (await readScan(evidence, scan)) !== undefined;
  if (await isWhole(`${name}.json`)) return true;
  return (await evidence.read(`${stem}.inventory.json`)) !== undefined && (await isWhole(`${stem}.first.json`));
}

/** Another release of the scanner may find more packages in the same image. */
function namesOf(
  digest: Digest,
  { name, version, databaseAt }: ScannerDescription,
): { readonly stem: string; readonly name: string } {
  const stem = `scans/${digest.slice('sha256:'.length)}-${hash(`${name} ${version}`)}`;
  return { stem, name: `${stem}-${new Date(databaseAt).toISOString().replaceAll(':', '')}` };
}

function databaseOf({ databaseAt }: Scan, described: ScannerDescription): number {
  return databaseAt === undefined ? described.databaseAt : Date.parse(databaseAt);
}

type Place = { readonly evidence: Evidence; readonly stem: string; readonly name: string };

async function scanNow(side: ScannableSide, scanner: Scanner, { evidence, stem, name }: Place): Promise<Scan> {
  const inventory = await evidence.read(`${stem}.inventory.json`);
  const earlier = inventory === undefined ? undefined : await readScan(evidence, `${stem}.first.json`);
  if (inventory !== undefined && earlier !== undefined) {
    const rematch = await scanner.rematch(inventory);
    await keep(rematch, evidence, name);
    return rematchedScan(rematch.scan, earlier);
  }
  const { layout, digest } = await side.image();
  const made = await scanner.scan({ path: layout, name: side.name, digest });
  await keep(made, evidence, name);
  if (made.inventory !== undefined) {
    await evidence.write(`${stem}.first.json`, JSON.stringify(made.scan));
    await evidence.write(`${stem}.inventory.json`, made.inventory);
  }
  return made.scan;
}

async function keep({ report }: ScanEvidence, evidence: Evidence, name: string): Promise<void> {
  await evidence.write(`${name}.report.json`, report);
}

async function readScan(evidence: Evidence, name: string): Promise<Scan | undefined> {
  try {
    const value: unknown = JSON.parse((await evidence.read(name)) ?? 'null');
    return isScan(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What we wrote ourselves: that it is whole is all that has to be seen. */
function isScan(value: unknown): value is Scan {
  const object = asObject(value);
  return (
    textMember(objectMember(object, 'scanner'), 'name') !== undefined &&
    ['findings', 'packages', 'suppressed', 'layers'].every((name) => listMember(object, name) !== undefined)
  );
}
