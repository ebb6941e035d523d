import type { Catalog } from '../domain/catalog/catalog.ts';
import type { Baseline } from '../domain/policy/baseline.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Rule } from '../domain/policy/rule.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { CheckResult } from './check-result.ts';
import { type GatherRequest, gatherTree } from './gather-tree.ts';
import { judgeTree } from './judge-tree.ts';

export type CheckRequest = GatherRequest & {
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  readonly catalog: Catalog;
  /** ISO instant. */
  readonly now: string;
  readonly baseline?: { readonly content: Baseline; readonly path: string };
  /** Also suggest a multi-stage version of single-stage files that compile. */
  readonly explain: boolean;
};

/** Every base image of a source tree, judged by the policy. Never throws for what stands in the tree. */
export async function check(ports: { readonly workspace: Workspace }, request: CheckRequest): Promise<CheckResult> {
  const tree = await gatherTree(ports.workspace, request);
  return judgeTree(tree, request);
}
