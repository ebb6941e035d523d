import type { Instant } from '../source/instant.ts';
import type { CriticalFix } from './critical-fix.ts';
import type { Proposal } from './proposal.ts';
import type { PullRequestText } from './proposal-marker.ts';
import type { UpdateLane } from './update-plan.ts';
import type { UpdateSettings } from './update-settings.ts';

/** What is known of one repository when it is decided what becomes of its pull requests. */
export type ProposalFacts = {
  readonly now: Instant;
  readonly isArchived: boolean;
  readonly baseBranch: string;
  /** All that there is to propose in this repository. */
  readonly wanted: readonly WantedProposal[];
  /** `docker.io/library/node`: images of which nothing is known now. Their pull requests stay as they are. */
  readonly unanswered: readonly string[];
  /** Files of which nobody knows now what they name. Their pull requests stay, unless something follows them. */
  readonly unread: readonly string[];
  /** Lanes that this run did not look for: their pull requests stay as they are. */
  readonly unaskedLanes?: readonly UpdateLane[];
  /** With a branch of ours: open, and closed within a year. */
  readonly pullRequests: readonly ListedPullRequest[];
  /** By branch; one that is not in it does not exist. */
  readonly heads: ReadonlyMap<string, BranchHead>;
  /** Whose commits are ours. */
  readonly authorEmail: string;
  readonly settings: Pick<UpdateSettings, 'limits' | 'window' | 'minimumAgeDays' | 'snoozeDays'>;
  /** In this run, over the whole fleet. */
  readonly openedInRun: number;
  readonly criticalFixes: readonly CriticalFix[];
};

/** `publishedAt`: of the newest content in it; absent when that is not known of all. */
export type WantedProposal = {
  readonly proposal: Proposal;
  readonly text: PullRequestText;
  readonly publishedAt?: Instant;
};

/** As a forge tells it; titles and bodies are as people left them. */
export type ListedPullRequest = {
  readonly id: string;
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly body: string;
  readonly branch: string;
  readonly baseBranch: string;
  readonly createdAt: Instant;
  readonly closedAt?: Instant;
  /** We have asked the forge to merge it later. */
  readonly isAutoMerging: boolean;
};

export type BranchHead = {
  readonly revision: string;
  readonly parents: readonly string[];
  readonly committerEmail: string;
  readonly message: string;
};

/** Texts are whole, with the marker. `reason`: one clause. */
export type ProposalAction =
  /** `expected`: where its branch leads now. `isWritten`: it holds this very change already. */
  | {
      readonly kind: 'open';
      readonly proposal: Proposal;
      readonly text: PullRequestText;
      readonly expected: string | undefined;
      readonly isWritten: boolean;
    }
  /** The branch is written anew, upon the base as it is now; then the text. */
  | {
      readonly kind: 'refresh';
      readonly proposal: Proposal;
      readonly pullRequest: ListedPullRequest;
      readonly text: PullRequestText;
      readonly expected: string | undefined;
    }
  | {
      readonly kind: 'retext';
      readonly proposal: Proposal;
      readonly pullRequest: ListedPullRequest;
      readonly text: PullRequestText;
    }
  | { readonly kind: 'keep'; readonly proposal: Proposal; readonly pullRequest: ListedPullRequest }
  /** Nothing is done now. One of the two is there, or both. */
  | {
      readonly kind: 'hold';
      readonly proposal?: Proposal;
      readonly pullRequest?: ListedPullRequest;
      readonly reason: string;
    }
  /**
   * Closed with a link to the pull request of `successor`, a proposal. `body`: says that we did it. `branchHead`: where its
   * branch leads, which goes with it; absent when there is none, or when something else needs it.
   */
  | {
      readonly kind: 'supersede';
      readonly pullRequest: ListedPullRequest;
      readonly successor: Proposal;
      readonly body: string;
      readonly branchHead?: string;
    }
  /** Nothing of it is left to do. */
  | {
      readonly kind: 'close';
      readonly pullRequest: ListedPullRequest;
      readonly body: string;
      readonly branchHead?: string;
    }
  /** On a closed one, once: what is left alone, and until when. `body`: says that it is written. */
  | {
      readonly kind: 'explain-snooze';
      readonly proposal: Proposal;
      readonly pullRequest: ListedPullRequest;
      readonly until: Instant;
      readonly body: string;
    };
