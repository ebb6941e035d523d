import { compareText } from '../../domain/candidates/compare-digits.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import { canonicalReference, type Reference } from '../../domain/image/reference.ts';
import type { ScanFacts, ScanWay } from '../../domain/policy/scan-facts.ts';
import type { ScanSettings } from '../../domain/policy/scan-settings.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { Scan } from '../../domain/vulnerability/scan.ts';
import { type ScannerDescription, ScannerError } from '../../ports/scanner.ts';
import { mapLimited } from '../limited.ts';
import { type ResolvedImage, type ResolvingRegistry, resolveImage } from './resolve-image.ts';
import { type DigestScan, type ImageSource, type ScanPorts, scanDigest } from './scan-digest.ts';
import type { ImageScan, ScanResult } from './scan-result.ts';

/** `platform`: that a use or the run names. */
export type WantedScan = { readonly reference: Reference; readonly platform?: string };

export type ScanAnswers = {
  /** By `scanKey`. */
  readonly facts: ReadonlyMap<string, ScanFacts>;
  /** Whole, by `scanKey`; of what was scanned alone. */
  readonly scans: ReadonlyMap<string, Scan>;
  readonly result: ScanResult;
};

export type ScanRequest = Pick<ScanSettings, 'maxDatabaseAgeMs'> & {
  /** Each reference and platform once. */
  readonly wanted: readonly WantedScan[];
  readonly now: Instant;
  readonly onProgress?: (done: number, total: number) => void;
};

export type ScanRegistry = ResolvingRegistry & ImageSource;

/** Each takes some hundred MB of memory, and the disk that its image needs. */
const scansAtOnce = 4;
/** Bases are far below; what is larger was made to fill the disk. */
const maxImageBytes = 8 * 1024 ** 3;

/** Where an image finds what was said of it. */
export function scanKey(reference: Reference, platform: string | undefined): string {
  return `${canonicalReference(reference)} ${platform ?? ''}`;
}

/** Scans of one run: whatever is asked for in it, each content is looked at once. */
export class Scans {
  readonly #ports: ScanPorts;
  #description: Promise<Description> | undefined;
  readonly #byDigest = new Map<string, Promise<DigestScan>>();

  constructor(ports: ScanPorts) {
    this.#ports = ports;
  }

  /** Never throws for what the world refuses: every image has its answer. */
  async of(registry: ScanRegistry, request: ScanRequest): Promise<ScanAnswers> {
    const { wanted, now, maxDatabaseAgeMs, onProgress } = request;
    this.#description ??= describe(this.#ports);
    const described = await this.#description;
    // Nobody would look at what registries answer.
    if (described.kind === 'refused') return answersOf(wanted, () => unscanned, { failure: described.message });
    const { database } = described;
    const resolved = await mapLimited(wanted, ({ reference, platform }) => resolveImage(registry, reference, platform));
    const images = new Map(resolved.flatMap((one) => (one.kind === 'resolved' ? [[one.digest, one] as const] : [])));
    const conditions = { database, now, oldestDatabaseAt: now - maxDatabaseAgeMs, maxImageBytes };
    let done = 0;
    const scans = await mapLimited(
      [...images.values()],
      async (image) => {
        const key = `${image.digest} ${conditions.oldestDatabaseAt}`;
        const scan = this.#byDigest.get(key) ?? scanDigest(this.#ports, registry, image, conditions);
        this.#byDigest.set(key, scan);
        const made = await scan;
        onProgress?.(++done, images.size);
        return [image.digest, made] as const;
      },
      scansAtOnce,
    );
    const byDigest = new Map(scans);
    const factsAt = (at: number): ScanFacts => {
      const image = resolved[at];
      if (image?.kind !== 'resolved') return image ?? unscanned;
      return factsFor(image, byDigest.get(image.digest)?.facts);
    };
    const scanAt = (at: number): Scan | undefined => {
      const image = resolved[at];
      return image?.kind === 'resolved' ? byDigest.get(image.digest)?.scan : undefined;
    };
    const answers = answersOf(wanted, factsAt, {
      scanner: { name: `${database.name} ${database.version}`, databaseAt: formatInstant(database.databaseAt) },
      notes: scans.flatMap(([, { note }]) => note ?? []),
    });
    const whole = wanted.flatMap(({ reference, platform }, at) => {
      const scan = scanAt(at);
      return scan === undefined ? [] : [[scanKey(reference, platform), scan] as const];
    });
    return { ...answers, scans: new Map(whole) };
  }
}

/** The whole sentence stands in `ScanResult.failure`, once. */
const unscanned: ScanFacts = { kind: 'failed', message: 'no scanner answered' };

type Description =
  | { readonly kind: 'described'; readonly database: ScannerDescription }
  | { readonly kind: 'refused'; readonly message: string };

async function describe({ scanner }: ScanPorts): Promise<Description> {
  try {
    return { kind: 'described', database: await scanner.describe() };
  } catch (error) {
    if (!(error instanceof ScannerError)) throw error;
    return { kind: 'refused', message: error.message };
  }
}

/** One content may be published for several platforms: each use is told its own. */
function factsFor({ platform }: ResolvedImage, facts: ScanFacts | undefined): ScanFacts {
  if (facts === undefined) return unscanned;
  return facts.kind === 'scanned' ? { ...facts, platform } : facts;
}

function answersOf(
  wanted: readonly WantedScan[],
  factsAt: (at: number) => ScanFacts,
  told: Partial<Pick<ScanResult, 'scanner' | 'failure' | 'notes'>>,
): ScanAnswers {
  const images = wanted.map(({ reference, platform }, at): ImageScan => {
    const scan = factsAt(at);
    const name = scan.kind === 'scanned' ? scan.platform : platform;
    return { image: canonicalReference(reference), platform: name ?? '', scan };
  });
  const facts = wanted.map(({ reference, platform }, at) => [scanKey(reference, platform), factsAt(at)] as const);
  const rows = new Map(images.map((row) => [`${row.image} ${row.platform}`, row]));
  return {
    facts: new Map(facts),
    scans: new Map(),
    result: {
      ...told,
      images: [...rows].sort(([one], [other]) => compareText(one, other)).map(([, row]) => row),
      contents: countContents(images),
      uncounted: [],
      notes: [...new Set(told.notes ?? [])],
    },
  };
}

function countContents(images: readonly ImageScan[]): ScanResult['contents'] {
  const ways = new Map<Digest, ScanWay>(
    images.flatMap(({ scan }) => (scan.kind === 'scanned' ? [[scan.digest, scan.how] as const] : [])),
  );
  const contents = { scanned: 0, rematched: 0, kept: 0, reported: 0 };
  for (const way of ways.values()) contents[way] += 1;
  return contents;
}
