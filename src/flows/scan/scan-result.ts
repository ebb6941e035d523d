import type { ScanFacts, ScanWay } from '../../domain/policy/scan-facts.ts';

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
