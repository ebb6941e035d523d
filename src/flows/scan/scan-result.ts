import { compareText } from '../../domain/candidates/compare-digits.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import type { ScanFacts, ScanWay } from '../../domain/policy/scan-facts.ts';
import type { AppliedFindingWaiver } from './applied-waivers.ts';

/** What scans brought to light in a run. `check` and `monitor` print it as it is. */
export type ScanResult = {
  /** Absent where no scanner answered: `failure` says why, once. */
  readonly scanner?: { readonly name: string; readonly databaseAt: string };
  readonly failure?: string;
  /** Each image once per platform, by name. */
  readonly images: readonly ImageScan[];
  /** How many contents each way was gone for: images with the same content are one. */
  readonly contents: Readonly<Record<ScanWay, number>>;
  /** Ready-made reports that count for no image, and why. */
  readonly uncounted: readonly { readonly path: string; readonly reason: string }[];
  /** What waivers of single findings hold for; `images` has these findings all the same. */
  readonly waivers: readonly AppliedFindingWaiver[];
  /** What went wrong beside the scans, in sentences. */
  readonly notes: readonly string[];
};

/** `platform`: as it was asked for, until something is known of the image. */
export type ImageScan = {
  /** Canonical. */
  readonly image: string;
  readonly platform: string;
  readonly scan: ScanFacts;
};

export function countContents(images: readonly ImageScan[]): ScanResult['contents'] {
  const ways = new Map<Digest, ScanWay>(
    images.flatMap(({ scan }) => (scan.kind === 'scanned' ? [[scan.digest, scan.how] as const] : [])),
  );
  const contents = { scanned: 0, rematched: 0, kept: 0, reported: 0 };
  for (const way of ways.values()) contents[way] += 1;
  return contents;
}

/** One result of several trees: an image that two of them name is told once. */
export function joinScans(results: readonly ScanResult[]): ScanResult | undefined {
  const [first] = results;
  if (first === undefined) return undefined;
  const rows = new Map(results.flatMap(({ images }) => images.map((row) => [`${row.image} ${row.platform}`, row])));
  const images = [...rows].sort(([one], [other]) => compareText(one, other)).map(([, row]) => row);
  return {
    ...first,
    images,
    contents: countContents(images),
    uncounted: results.flatMap(({ uncounted }) => uncounted),
    waivers: results.flatMap(({ waivers }) => waivers),
    notes: [...new Set(results.flatMap(({ notes }) => notes))],
  };
}
