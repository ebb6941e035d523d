import type { Severity } from '../vulnerability/severity.ts';

/** What a policy asks of an update before it counts as proven. */
export type VerifySettings = {
  readonly tests: readonly TestCommand[];
  /** Severities of which the new image may not have more findings than the old one. */
  readonly noWorse: readonly Severity[];
  /** By how much an image may grow; absent: growth is told and decides nothing. */
  readonly maxGrowthPercent?: number;
  /** Which folder a Dockerfile is built from that no build definition names; the first glob that matches counts. */
  readonly contexts: readonly { readonly glob: string; readonly context: string }[];
};

export type TestCommand = {
  /** For `/bin/sh -c`. */
  readonly run: string;
  /** `host`: in the checked-out tree; `image`: in a container of each image that was built. */
  readonly in: 'host' | 'image';
  readonly timeoutMs: number;
};

export const defaultVerify: VerifySettings = { tests: [], noWorse: ['critical', 'high'], contexts: [] };
