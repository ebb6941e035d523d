import type { Reference } from '../../domain/image/reference.ts';
import type { Check } from '../../domain/merge/checks.ts';
import type { MergeDecision, MergeFacts } from '../../domain/merge/decide-merge.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { ImageEvidence } from '../../domain/update/image-evidence.ts';
import type { Proposal } from '../../domain/update/proposal.ts';
import type { ScanComparison } from '../../domain/vulnerability/compare-scans.ts';
import type { Branches } from '../../ports/branches.ts';
import type { Forge, PullRequest } from '../../ports/forge.ts';
import type { Registry } from '../../ports/registry.ts';
import type { ProposeRequest } from '../update/propose.ts';

/** One repository: where it lies, and all that there is to update in it now, out of its base branch. */
export type SettlePlace = {
  readonly name: string;
  readonly forge: Forge;
  readonly branches: Branches;
  readonly registry: Pick<Registry, 'resolve'>;
  readonly request: ProposeRequest;
  /** What was found of an image when the update was planned. */
  readonly evidenceOf: (reference: Reference) => ImageEvidence | undefined;
  /** Our own build, scan and tests of a head, once per run; absent where the forge's checks are all there is. Throws nothing. */
  readonly measure?: (proposal: Proposal, headRevision: string) => Promise<Measurement>;
};

/** `comparison`: of the images before and after. */
export type Measurement = Pick<MergeFacts, 'gate'> & { readonly comparison?: ScanComparison };

/** An open pull request that says what we would write now. */
export type Candidate = {
  readonly place: SettlePlace;
  readonly proposal: Proposal;
  readonly pullRequest: PullRequest;
  readonly measurement: Measurement;
};

export type SettleRun = {
  readonly clock: () => Instant;
  readonly pause: (ms: number) => Promise<void>;
  /** Until then checks are waited for. */
  readonly deadline: Instant;
  /** What in the environment forbids to merge. */
  readonly stoppedBy: string | undefined;
  readonly isDryRun: boolean;
  /** Every repository of the run could be read: what was merged today is known. */
  readonly isWhole: boolean;
  readonly textOf: (verification: Verification) => VerificationText;
};

/** What is said beneath a pull request and in it. */
export type Verification = {
  readonly decision: MergeDecision;
  readonly headRevision: string;
  /** Those that are not ours. */
  readonly checks: readonly Check[];
  readonly flaky: readonly string[];
  readonly measurement: Measurement;
};

/** Markdown. */
export type VerificationText = { readonly comment: string; readonly section: string };

/** Shared by all of a run. */
export type Tally = {
  /** Ours that were merged today; `undefined` where not all repositories could be asked. */
  mergedToday: number | undefined;
  /** Branches that one was merged into. */
  readonly mergedInto: Map<SettlePlace, Set<string>>;
};
