import { compareText } from '../../domain/candidates/compare-digits.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import { canonicalReference } from '../../domain/image/reference.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import type { ScanTerms } from '../../domain/policy/scan-settings.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import { rateAll } from '../../domain/vulnerability/rate-findings.ts';
import type { Scan } from '../../domain/vulnerability/scan.ts';
import type { Registry } from '../../ports/registry.ts';
import { type ScannerDescription, ScannerError } from '../../ports/scanner.ts';
import { limiter, mapLimited } from '../limited.ts';
import { countReports } from './count-reports.ts';
import type { TreeReport } from './read-reports.ts';
import { type ResolvedImage, resolveImage, type WantedScan } from './resolve-image.ts';
import { type DigestScan, type ScanConditions, type ScanPorts, scanDigest } from './scan-digest.ts';
import { scanKey } from './scan-key.ts';
import { countContents, type ImageScan, type ScanResult } from './scan-result.ts';

export type ScanAnswers = {
  /** By `scanKey`. */
  readonly facts: ReadonlyMap<string, ScanFacts>;
  /** Whole, by `scanKey`; of what the scanner itself looked at. */
  readonly scans: ReadonlyMap<string, Scan>;
  readonly result: ScanResult;
};

export type ScanRequest = {
  readonly terms: ScanTerms;
  /** Each reference and platform once. */
  readonly wanted: readonly WantedScan[];
  readonly now: Instant;
  /** Ready-made ones: they count for what is not scanned here. */
  readonly reports: readonly TreeReport[];
  /** What is said in writing to be none takes findings out. */
  readonly takeOut?: (facts: ScannedFacts, image: ResolvedImage) => ScannedFacts;
  readonly onProgress?: (done: number, total: number) => void;
};

export type ScannedFacts = Extract<ScanFacts, { readonly kind: 'scanned' }>;

export type ScanRegistry = Pick<Registry, 'resolve' | 'readManifest' | 'readConfig' | 'downloadImage'>;

/** Each takes some hundred MB of memory, and the disk that its image needs. */
const scansAtOnce = 4;
/** Bases are far below; what is larger was made to fill the disk. */
const maxImageBytes = 8 * 1024 ** 3;

/** Scans of one run: whatever is asked for in it, each content is looked at once. */
export class Scans {
  readonly #ports: ScanPorts;
  #description: Promise<Description> | undefined;
  readonly #byDigest = new Map<string, Promise<DigestScan>>();
  readonly #limited = limiter(scansAtOnce);

  constructor(ports: ScanPorts) {
    this.#ports = ports;
  }

  /** Never throws for what the world refuses: every image has its answer. */
  async of(registry: ScanRegistry, request: ScanRequest): Promise<ScanAnswers> {
    const { wanted, now, terms, reports, takeOut = (facts) => facts } = request;
    this.#description ??= describe(this.#ports);
    const described = await this.#description;
    const isRefused = described.kind === 'refused';
    // Nobody would look at what registries answer.
    if (isRefused && reports.length === 0)
      return answersOf(wanted, () => unscanned, { failure: described.message, notes: [], uncounted: [] });
    const resolved = await mapLimited(wanted, (one) => resolveImage(registry, one));
    const images = new Map(resolved.flatMap((one) => (one.kind === 'resolved' ? [[one.digest, one] as const] : [])));
    const rated = <T extends Pick<Scan, 'findings'>>(one: T): T => rateAll(one, terms.severity);
    const oldestDatabaseAt = now - terms.maxDatabaseAgeMs;
    const scans = isRefused
      ? []
      : await this.#scan(
          registry,
          [...images.values()],
          { ...described, now, oldestDatabaseAt, maxImageBytes },
          request,
        );
    const byDigest = new Map(scans);
    const ready = countReports(reports, now, oldestDatabaseAt);
    const facts = resolved.map((image): ScanFacts => {
      if (image.kind !== 'resolved') return image;
      const own = byDigest.get(image.digest)?.facts ?? unscanned;
      const isAnswer = own.kind === 'scanned' || own.kind === 'unscannable';
      const told = isAnswer ? own : (ready.find(image) ?? own);
      return told.kind === 'scanned'
        ? takeOut({ ...rated(told), platform: image.platform, namedDigest: image.namedDigest }, image)
        : told;
    });
    const whole = wanted.flatMap(({ reference, platform }, at) => {
      const image = resolved[at];
      const scan = image?.kind === 'resolved' ? byDigest.get(image.digest)?.scan : undefined;
      return scan === undefined ? [] : [[scanKey(reference, platform), rated(scan)] as const];
    });
    const answers = answersOf(wanted, (at) => facts[at] ?? unscanned, {
      ...(isRefused ? { failure: described.message } : { scanner: tellScanner(described.database) }),
      notes: scans.flatMap(([, { note }]) => note ?? []),
      uncounted: ready.uncounted(),
    });
    return { ...answers, scans: new Map(whole) };
  }

  /** Few at a time, whoever asks, and what an earlier question asked for not again. */
  #scan(
    registry: ScanRegistry,
    images: readonly ResolvedImage[],
    conditions: ScanConditions,
    { onProgress }: ScanRequest,
  ): Promise<readonly (readonly [Digest, DigestScan])[]> {
    let done = 0;
    const scanOne = async (image: ResolvedImage) => {
      const key = `${image.digest} ${conditions.oldestDatabaseAt}`;
      const scan = this.#byDigest.get(key) ?? this.#limited(() => scanDigest(this.#ports, registry, image, conditions));
      this.#byDigest.set(key, scan);
      const made = await scan;
      onProgress?.(++done, images.length);
      return [image.digest, made] as const;
    };
    return Promise.all(images.map(scanOne));
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

function tellScanner({ name, version, databaseAt }: ScannerDescription): NonNullable<ScanResult['scanner']> {
  return { name: `${name} ${version}`, databaseAt: formatInstant(databaseAt) };
}

function answersOf(
  wanted: readonly WantedScan[],
  factsAt: (at: number) => ScanFacts,
  told: Pick<ScanResult, 'scanner' | 'failure' | 'notes' | 'uncounted'>,
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
      waivers: [],
      notes: [...new Set(told.notes)],
    },
  };
}
