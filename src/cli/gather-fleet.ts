import { dirname, resolve } from 'node:path';
import { loadFleet } from '../config/fleet-load.ts';
import type { Fleet, FleetRepository } from '../domain/fleet/fleet.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { allRules } from '../domain/policy/rules/all-rules.ts';
import { mapLimited } from '../flows/limited.ts';
import type { TreeProblem } from '../flows/monitor/monitor-result.ts';
import type { SurveyRequest } from '../flows/survey-tree.ts';
import { RepositoryError } from '../ports/repositories.ts';
import { type Workspace, WorkspaceError } from '../ports/workspace.ts';
import { fetchTree } from '../wiring.ts';
import { UsageError } from './failure.ts';
import { type GatheredTree, type GatheredUses, gatherTree, joinTrees } from './gather-uses.ts';
import { openTree } from './open-tree.ts';
import { startProgress } from './progress.ts';
import { answersOf, buildArgsOf, displayPath, platformOf, policyFor, type RunOptions } from './run-options.ts';

/** Repositories that are read at a time: each may start a git of its own. */
const atOnce = 4;
const maxPolicyBytes = 1024 * 1024;

/**
 * Reads every repository of a fleet file. One that cannot be read is a problem of its own; the others go on.
 *
 * @throws UsageError when the fleet file or a policy file that people of the fleet wrote is not accepted.
 */
export async function gatherFleet(path: string, options: RunOptions, now: string): Promise<GatheredUses> {
  const loaded = await loadFleet(path);
  if (loaded.kind === 'problems') {
    const lines = loaded.problems.map(
      ({ file, line, message }) => `${displayPath(file)}${line > 0 ? `:${line}` : ''}: ${message}`,
    );
    throw new UsageError(`the fleet file was not accepted\n  ${lines.join('\n  ')}`);
  }
  const { fleet } = loaded;
  const { policy } = await policyFor(dirname(resolve(path)), options.policy, now);
  const progress = startProgress('reading', 'repositories');
  let done = 0;
  const trees = await mapLimited(
    fleet.repositories,
    async (repository) => {
      const tree = await gatherRepository(repository, fleet, options, now, policy);
      progress.report(++done, fleet.repositories.length);
      return tree;
    },
    atOnce,
  ).finally(progress.stop);
  return joinTrees(trees, policy.registries);
}

async function gatherRepository(
  repository: FleetRepository,
  fleet: Fleet,
  options: RunOptions,
  now: string,
  policy: Policy,
): Promise<GatheredTree> {
  const { name, source, owner, team } = repository;
  const tree = { tree: name, ...(owner === undefined ? {} : { owner }), ...(team === undefined ? {} : { team }) };
  const chosen = repository.policy ?? options.policy;
  try {
    if (source.kind === 'path') {
      const own = chosen === undefined ? options : { ...options, policy: chosen };
      const { workspace, survey } = await openTree(source.path, own, now);
      return await gatherTree(tree, workspace, survey, now);
    }
    const inForce = repository.policy === undefined ? policy : (await policyFor('.', repository.policy, now)).policy;
    const workspace = await fetchTree(source, fleet.privateHosts);
    const { survey, problems } = await surveyOf(workspace, inForce, options, now, name);
    const gathered = await gatherTree({ ...tree, revision: workspace.revision }, workspace, survey, now);
    return { ...gathered, problems: [...problems, ...gathered.problems] };
  } catch (error) {
    const isKnown = error instanceof RepositoryError || error instanceof WorkspaceError || error instanceof UsageError;
    if (!isKnown) throw error;
    // A folder or a policy that is not there is for somebody to mend; a server may answer another time.
    const kind = error instanceof RepositoryError ? 'world' : 'file';
    return { tree: { ...tree, files: 0 }, problems: [{ tree: name, message: error.message, kind }] };
  }
}

/** The fleet's policy, with what the repository's own file says of its paths and build arguments. */
async function surveyOf(
  workspace: Workspace,
  organisation: Policy,
  options: RunOptions,
  now: string,
  tree: string,
): Promise<{ readonly survey: SurveyRequest; readonly problems: readonly TreeProblem[] }> {
  const { policy, problems } = await withOwnFile(workspace, organisation, now);
  const answers = answersOf(policy);
  const settings = {
    buildArgs: buildArgsOf(options.buildArg),
    buildArgsOf: (path: string) => answers(path),
    ...platformOf(options.platform),
  };
  return {
    survey: { policy, settings, policyPath: (path) => path, isSingleFile: false },
    problems: problems.map(({ file, line, message }) => ({ tree, path: file, line, message, kind: 'file' as const })),
  };
}

async function withOwnFile(workspace: Workspace, organisation: Policy, now: string) {
  const { policyFileNames } = await import('../config/load-policy.ts');
  const { paths } = await workspace.list({ isWanted: (path) => policyFileNames.some((name) => name === path) });
  const name = policyFileNames.find((one) => paths.includes(one));
  if (name === undefined) return { policy: organisation, problems: [] };
  const { withRepositoryFile } = await import('../config/repository-policy.ts');
  const text = await workspace.read(name, maxPolicyBytes);
  return withRepositoryFile(organisation, text, name, { rules: allRules, today: now.slice(0, 10) });
}
