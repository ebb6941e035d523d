import type { Severity } from '../vulnerability/severity.ts';

/** What a policy asks of an update before it counts as proven. */
export type VerifySettings = {
  readonly tests: readonly TestCommand[];
  /** Severities of which the new image may not have more findings than the old one. */
  readonly noWorse: readonly Severity[];
  /** By how much an image may grow; absent: growth is told and decides nothing. */
  readonly maxGrowthPercent?: number;
  /** Files whose content a build may ask for by the id of a secret; absolute paths of this machine. */
  readonly secrets: Readonly<Record<string, string>>;
};

export type TestCommand = {
  /** For `/bin/sh -c`. */
  readonly run: string;
  /** `host`: in the checked-out tree; `image`: in a container of each image that was built. */
  readonly in: 'host' | 'image';
  readonly timeoutMs: number;
};

export const defaultVerify: VerifySettings = { tests: [], noWorse: ['critical', 'high'], secrets: {} };
