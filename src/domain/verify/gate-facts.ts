import type { Scan } from '../vulnerability/scan.ts';
import type { TestCommand } from './verify-settings.ts';

/** Everything that an update is judged by. */
export type GateFacts = {
  readonly images: readonly ImageFacts[];
  readonly tests: readonly TestFacts[];
  /** Changed images that nothing could be built of, with the reason in one clause. */
  readonly unproven: readonly { readonly name: string; readonly reason: string }[];
};

/** One image of the tree, as it is before and after the update. */
export type ImageFacts = {
  /** What people call it: a reference, or the Dockerfile with its target. */
  readonly name: string;
  readonly before: SideFacts;
  readonly after: SideFacts;
  /** Those that the build is defined for; empty where nothing names them. */
  readonly platforms: readonly string[];
};

export type SideFacts = {
  readonly build: BuildOutcome;
  readonly scan: ScanOutcome;
  /** What the base is there for; absent where nobody could say. */
  readonly basePlatforms?: readonly string[];
  /** What the multi-stage rules find in the Dockerfile. */
  readonly multiStage: readonly RuleBreach[];
};

export type RuleBreach = { readonly rule: string; readonly reason: string };

/** `failed`: the build itself; `unknown`: it could not be tried to its end. `sizeBytes`: as it is transferred, its layers packed. */
export type BuildOutcome =
  | { readonly kind: 'built'; readonly sizeBytes: number }
  | { readonly kind: 'failed' | 'unknown'; readonly message: string };

/** `none`: there was nothing to scan, or nobody to ask; `message` is one clause. */
export type ScanOutcome =
  | { readonly kind: 'scanned'; readonly scan: Scan; readonly databaseAt: string }
  | { readonly kind: 'stale' | 'failed' | 'none'; readonly message: string };

/** One test command. It is run before the update only where it is red after it. */
export type TestFacts = {
  readonly command: TestCommand;
  /** Of which image; absent on the host. */
  readonly image?: string;
  readonly after: TestOutcome;
  readonly before?: TestOutcome;
};

/**
 * `flaky`: red, and green when run once more. `red`: twice. `late`: ended by its time limit, twice. `unknown`: could not be run; one
 * clause says why.
 */
export type TestOutcome =
  | { readonly kind: 'green' | 'flaky' | 'red' | 'late' }
  | { readonly kind: 'unknown'; readonly message: string };
