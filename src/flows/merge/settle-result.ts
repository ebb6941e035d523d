import type { TokenGap } from '../../domain/forge/token-gaps.ts';
import type { ListingResult } from '../list-fleet.ts';

/** What `settle` did in all repositories of a run: field for field its JSON. */
export type SettleResult = {
  readonly schemaVersion: 1;
  /** ISO instant of the run. */
  readonly now: string;
  readonly isDryRun: boolean;
  readonly repositories: readonly SettledRepository[];
  /** What forges listed for the fleet file. */
  readonly listings: readonly ListingResult[];
  readonly tokenGaps: readonly TokenGap[];
};

export type SettledRepository = {
  /** The address, as it was written. */
  readonly name: string;
  readonly rows: readonly SettleRow[];
  /** What is not looked at there, and why: one clause. */
  readonly left?: string;
  /** Why the repository or its forge could not be asked: nothing was changed there. */
  readonly failure?: string;
  readonly requests: number;
};

/** One open pull request of ours. */
export type SettleRow = {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  /** What was done; in a dry run, what would be. */
  readonly action: 'merge' | 'auto-merge' | 'wait' | 'review' | 'hold';
  readonly headRevision: string;
  /** One clause. */
  readonly reason?: string;
  /** Checks that it waits for. */
  readonly waitsFor?: readonly string[];
  /** Checks that passed after they had failed on the same commit. */
  readonly flaky?: readonly string[];
  readonly notes?: readonly string[];
  /** Why it could not be done. */
  readonly failure?: string;
};

/** 0; 3 when something could not be asked or done. */
export function settleExitCode({ repositories, listings }: SettleResult): 0 | 3 {
  const isLeft = repositories.some(
    ({ rows, failure }) => failure !== undefined || rows.some((row) => row.failure !== undefined),
  );
  return isLeft || listings.some(({ failure }) => failure !== undefined) ? 3 : 0;
}
