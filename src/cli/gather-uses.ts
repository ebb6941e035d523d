import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { BaselineFile } from '../config/baseline-file.ts';
import type { Baseline } from '../domain/policy/baseline.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { defaultScanSettings } from '../domain/policy/scan-settings.ts';
import { judgeTree } from '../flows/compliance/judge-tree.ts';
import type { JudgedRepository } from '../flows/compliance/keep-compliance.ts';
import type { ListingResult } from '../flows/list-fleet.ts';
import { type CollectedUses, readFiles, usesIn } from '../flows/monitor/collect-uses.ts';
import type { TreeProblem, TreeResult } from '../flows/monitor/monitor-result.ts';
import { readSuppressions } from '../flows/scan/read-suppressions.ts';
import type { SurveyRequest } from '../flows/survey-tree.ts';
import type { ReadTree } from '../flows/track/track-request.ts';
import type { Releases } from '../ports/releases.ts';
import type { Workspace } from '../ports/workspace.ts';
import { catalog } from '../wiring/catalog.ts';
import { openFolderReleases } from '../wiring/repositories.ts';
import { distinctRoots, openTree, slashed } from './open-tree.ts';
import { startProgress } from './progress.ts';
import type { RepositoryAddress } from './repository-address.ts';
import type { RunOptions } from './run-options.ts';

/** The images of all trees of a run. */
export type GatheredUses = Omit<CollectedUses, 'problems'> & {
  readonly trees: readonly TreeResult[];
  readonly problems: readonly TreeProblem[];
  /** Of the fleet file. */
  readonly listings: readonly ListingResult[];
  /** How registries and scanners are asked. */
  readonly policy: AskingPolicy;
  /** Of repositories that are no folders, by what they are called. */
  readonly addresses: ReadonlyMap<string, RepositoryAddress>;
  /** Each tree that could be read, with the policy that holds for it. */
  readonly read: readonly ReadTree[];
  /** The same, judged by their files. */
  readonly judged: readonly JudgedRepository[];
};

/** The one policy of a run over many trees that says whom and how to ask. */
export type AskingPolicy = Pick<Policy, 'registries' | 'scanner' | 'vexAuthor'> & {
  readonly deadlines: Pick<Policy['deadlines'], 'exploitedList'>;
};

/** What one tree gave; a tree that could not be read gives problems alone. */
export type GatheredTree = {
  readonly tree: TreeResult;
  readonly collected?: CollectedUses;
  readonly read?: ReadTree;
  readonly judged?: JudgedRepository;
  /** Absent for a folder. */
  readonly address?: RepositoryAddress;
  readonly problems: readonly TreeProblem[];
};

/** Reads the trees that the arguments name, with the policy of each. Registries and scanners are asked as that of the first tree says. */
export async function gatherUses(paths: readonly string[], options: RunOptions, now: string): Promise<GatheredUses> {
  const gathered: GatheredTree[] = [];
  const roots = distinctRoots(paths);
  const progress = startProgress('reading', 'trees');
  let first: AskingPolicy | undefined;
  try {
    for (const [at, path] of roots.entries()) {
      progress.report(at, roots.length);
      const { workspace, folder, survey, policy, baseline } = await openTree(path, options, now);
      const name = slashed(relative(process.cwd(), folder)) || '.';
      const opened = { workspace, survey, ...releasesOf(folder), ...baselineOf(baseline) };
      gathered.push(await gatherTree({ tree: name }, folder, opened, now));
      first ??= policy;
    }
  } finally {
    progress.stop();
  }
  return joinTrees(gathered, first ?? { registries: new Map(), scanner: defaultScanSettings, deadlines: {} });
}

export type OpenedTree = {
  readonly workspace: Workspace;
  readonly survey: SurveyRequest;
  /** Absent where it lies in no repository. */
  readonly releases?: Releases;
  /** Debt that was there when the policy came. */
  readonly baseline?: Baseline;
};

/** @param repository its address, or the absolute path of its folder. */
export async function gatherTree(
  tree: Omit<TreeResult, 'files'>,
  repository: string,
  { workspace, survey, releases, baseline }: OpenedTree,
  now: string,
): Promise<GatheredTree> {
  const request = { ...survey, catalog: catalog(), today: now.slice(0, 10), tree: tree.tree };
  const files = await readFiles(workspace, request);
  const collected = usesIn(files, request);
  const problems = collected.problems.map((problem) => ({ tree: tree.tree, ...problem, kind: 'file' as const }));
  const { revision } = tree;
  const read = { repository, policy: survey.policy, isWhole: problems.length === 0, uses: collected.uses };
  const suppressions = await readSuppressions(workspace, survey.policy);
  return {
    tree: { ...tree, files: collected.files },
    collected,
    read: {
      ...{ ...read, survey, suppressions },
      ...(revision === undefined ? {} : { revision }),
      ...(releases === undefined ? {} : { releases }),
    },
    judged: {
      repository,
      suppressions,
      judged: judgeTree(files, { ...request, ...(baseline === undefined ? {} : { baseline }) }),
    },
    problems,
  };
}

export function baselineOf(file: BaselineFile | undefined): Pick<OpenedTree, 'baseline'> {
  return file === undefined ? {} : { baseline: file.content };
}

/** Of a folder that git works in: its own tags. */
export function releasesOf(folder: string): Pick<OpenedTree, 'releases'> {
  return existsSync(join(folder, '.git')) ? { releases: openFolderReleases(folder) } : {};
}

export function joinTrees(
  trees: readonly GatheredTree[],
  { registries, scanner, vexAuthor, deadlines }: AskingPolicy,
): GatheredUses {
  const collected = trees.flatMap((one) => one.collected ?? []);
  const sum = (of: (one: CollectedUses) => number) => collected.reduce((total, one) => total + of(one), 0);
  return {
    uses: collected.flatMap(({ uses }) => uses),
    files: sum(({ files }) => files),
    trees: trees.map(({ tree }) => tree),
    problems: trees.flatMap(({ problems }) => problems),
    leftOut: {
      unresolved: sum(({ leftOut }) => leftOut.unresolved),
      internal: sum(({ leftOut }) => leftOut.internal),
      notBuilt: sum(({ leftOut }) => leftOut.notBuilt),
    },
    listings: [],
    policy: { registries, scanner, deadlines, ...(vexAuthor === undefined ? {} : { vexAuthor }) },
    read: trees.flatMap(({ read }) => read ?? []),
    judged: trees.flatMap(({ judged }) => judged ?? []),
    addresses: new Map(
      trees.flatMap(({ read, address }) =>
        read === undefined || address === undefined ? [] : [[read.repository, address] as const],
      ),
    ),
  };
}
