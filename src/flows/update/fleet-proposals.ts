import type { TokenGap } from '../../domain/forge/token-gaps.ts';
import type { ListingResult } from '../list-fleet.ts';
import type { ProposalRow } from './proposal-result.ts';
import type { TreePlan } from './tree-plan.ts';

/** What `update --propose` did in all repositories of a run: field for field its JSON. */
export type FleetProposals = {
  readonly schemaVersion: 1;
  /** ISO instant of the run. */
  readonly now: string;
  readonly isDryRun: boolean;
  readonly repositories: readonly ProposedRepository[];
  /** What forges listed for the fleet file. */
  readonly listings: readonly ListingResult[];
  /** What the token of the run lacks that its pull requests do not show; empty where nothing was to propose. */
  readonly tokenGaps: readonly TokenGap[];
  /** Why no update could be proven to mend a CRITICAL finding, in sentences; absent without `--scan`. */
  readonly unproven?: readonly string[];
};

export type ProposedRepository = {
  /** The address, as it was written. */
  readonly name: string;
  readonly owner?: string;
  readonly team?: string;
  readonly rows: readonly ProposalRow[];
  readonly refused: TreePlan['refused'];
  readonly unanswered: TreePlan['unanswered'];
  readonly problems: TreePlan['problems'];
  /** What is not proposed there, and why: one clause. */
  readonly left?: string;
  /** Why the repository or its forge could not be asked: nothing was changed there. */
  readonly failure?: string;
  /** To the forge, for this repository: the token that an App gets for all of an owner is in no count. */
  readonly requests: number;
};

/** 0; 1 when a file could not be read; 3 when something could not be asked or done. */
export function proposalExitCode({ repositories, listings, unproven = [] }: FleetProposals): 0 | 1 | 3 {
  const isLeft = repositories.some(
    ({ rows, unanswered, failure }) =>
      failure !== undefined || unanswered.length > 0 || rows.some((row) => row.failure !== undefined),
  );
  if (isLeft || unproven.length > 0 || listings.some(({ failure }) => failure !== undefined)) return 3;
  return repositories.some(({ problems }) => problems.length > 0) ? 1 : 0;
}
