import { relative } from 'node:path';
import type { Policy } from '../domain/policy/policy.ts';
import { type CollectedUses, collectUses } from '../flows/monitor/collect-uses.ts';
import type { TreeProblem } from '../flows/monitor/monitor-result.ts';
import { catalog } from '../wiring.ts';
import { distinctRoots, openTree, slashed } from './open-tree.ts';
import { startProgress } from './progress.ts';
import type { RunOptions } from './run-options.ts';

/** The images of all trees of a run. */
export type GatheredUses = Omit<CollectedUses, 'problems'> & {
  readonly trees: number;
  readonly problems: readonly TreeProblem[];
  /** How registries are asked: of the policy over the first tree. */
  readonly registries: Policy['registries'];
};

/** Reads the trees that the arguments name, with the policy of each. */
export async function gatherUses(paths: readonly string[], options: RunOptions, now: string): Promise<GatheredUses> {
  const gathered: { tree: string; collected: CollectedUses; registries: Policy['registries'] }[] = [];
  const roots = distinctRoots(paths);
  const progress = startProgress('reading', 'trees');
  for (const [at, path] of roots.entries()) {
    progress.report(at, roots.length);
    const { workspace, folder, survey, policy } = await openTree(path, options, now);
    const tree = slashed(relative(process.cwd(), folder)) || '.';
    const request = { ...survey, catalog: catalog(), today: now.slice(0, 10), tree };
    gathered.push({ tree, collected: await collectUses(workspace, request), registries: policy.registries });
  }
  progress.stop();
  return joined(gathered);
}

function joined(
  trees: readonly {
    readonly tree: string;
    readonly collected: CollectedUses;
    readonly registries: Policy['registries'];
  }[],
): GatheredUses {
  const sum = (of: (collected: CollectedUses) => number) =>
    trees.reduce((total, { collected }) => total + of(collected), 0);
  return {
    uses: trees.flatMap(({ collected }) => collected.uses),
    files: sum(({ files }) => files),
    trees: trees.length,
    problems: trees.flatMap(({ tree, collected }) =>
      collected.problems.map((problem) => ({ tree, ...problem, kind: 'file' as const })),
    ),
    leftOut: {
      unresolved: sum(({ leftOut }) => leftOut.unresolved),
      internal: sum(({ leftOut }) => leftOut.internal),
      notBuilt: sum(({ leftOut }) => leftOut.notBuilt),
    },
    registries: trees[0]?.registries ?? new Map(),
  };
}
