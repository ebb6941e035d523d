import type { Catalog } from '../domain/catalog/catalog.ts';
import type { WaiverApprovals } from '../domain/policy/approval/waiver-approval.ts';
import type { Baseline } from '../domain/policy/baseline.ts';
import type { Rule } from '../domain/policy/rule.ts';
import type { CommittedTree } from '../ports/workspace.ts';
import type { SurveyRequest } from './survey-tree.ts';

/** What `check` depends on besides the tree. */
export type CheckRequest = SurveyRequest & {
  readonly rules: readonly Rule[];
  readonly catalog: Catalog;
  /** ISO instant. */
  readonly now: string;
  readonly baseline?: { readonly content: Baseline; readonly path: string };
  /** The run sees a part of the tree that the policy stands over: it cannot tell which exceptions are unused. */
  readonly isPartial: boolean;
  /** The tree is all of a repository: `.github/dependabot.yml` is judged, too. */
  readonly isRepositoryRoot?: boolean;
  /**
   * Only these paths are reported (`--changed-since`), and Dockerfiles that a build definition in them builds; what the rest
   * of the tree says of them still counts.
   */
  readonly only?: ReadonlySet<string>;
  /**
   * The base branch, where the run is about what is proposed on top of it (`--changed-since`): VEX documents and ignore files are read
   * there, so that a proposal has no say in what is ignored of it. Absent: in the tree.
   */
  readonly base?: CommittedTree;
  /** Of waivers in force whose approvers were asked for; absent where nobody was. */
  readonly approvals?: WaiverApprovals;
  /** Also suggest a multi-stage version of single-stage files that compile. */
  readonly explain: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  /** How many of the images were answered for, where registries are asked. */
  readonly onAsked?: (done: number, total: number) => void;
  /** How many of their contents were scanned, where a scanner is asked. */
  readonly onScanned?: (done: number, total: number) => void;
};
