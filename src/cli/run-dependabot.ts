import type { DependabotSettings } from '../domain/dependabot/judge-dependabot.ts';
import { type DependabotResult, planDependabot } from '../flows/dependabot/plan-dependabot.ts';
import { checkLabels, createLabels } from '../flows/dependabot/repository-labels.ts';
import { WorkspaceError } from '../ports/workspace.ts';
import type { ForgeConnection } from '../wiring/forges.ts';
import { writeTree } from '../wiring/tree.ts';
import { UsageError, WorldError } from './failure.ts';
import { openForgeOf } from './open-forge-of.ts';
import { openTree } from './open-tree.ts';
import { refuseBelowRoot } from './repository-root.ts';
import { clockFrom, instantOf, type RunOptions } from './run-options.ts';
import { writeNewFiles } from './write-new-files.ts';

/** Holds `dependabot.yml` of a repository's root against its files. @param settings the policy's when absent. */
export async function judgeRepository(
  path: string,
  options: RunOptions,
  settings?: DependabotSettings,
): Promise<DependabotResult> {
  const { workspace, folder, survey } = await openTree(path, options, instantOf(options.now));
  if (survey.isSingleFile) throw new UsageError(`${path} is a file: Dependabot is set up for a whole repository`);
  refuseBelowRoot(folder);
  return planDependabot(workspace, survey, settings);
}

/** Asks the forge of the repository's origin which labels it lacks. */
export async function withLabelsChecked(
  path: string,
  result: DependabotResult,
  options: RunOptions,
): Promise<DependabotResult> {
  return onForge(path, options, async ({ forge, repository }) => ({
    ...result,
    labels: await checkLabels(forge, repository, result.labels.wanted),
  }));
}

/** Writes what was planned, and creates the labels that the repository lacks. Nothing is written where it has no forge. */
export async function writeWithLabels(
  path: string,
  result: DependabotResult,
  options: RunOptions,
): Promise<DependabotResult> {
  return onForge(path, options, async ({ forge, repository }) => {
    const written = await writePlanned(path, result);
    return { ...written, labels: await createLabels(forge, repository, result.labels.wanted) };
  });
}

async function onForge<T>(
  path: string,
  { now }: RunOptions,
  use: (connection: ForgeConnection) => Promise<T>,
): Promise<T> {
  const connection = await openForgeOf(path, clockFrom(now));
  try {
    if (connection.forge.kind === 'git')
      throw new UsageError(`the origin of ${path} lies on no forge that is known: labels are of GitHub and GitLab`);
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/** Writes what was planned, or throws and leaves the file as it was. */
export async function writePlanned(path: string, result: DependabotResult): Promise<DependabotResult> {
  const { change } = result;
  if (change === undefined) return result;
  if (change.before === null) {
    const { kept } = writeNewFiles(path, [{ path: result.path, text: change.after }]);
    if (kept.length > 0)
      throw new WorldError(`${result.path} was made meanwhile and is left as it is: run the command again`);
  } else await replace(path, result.path, change.before, change.after);
  return { ...result, isWritten: true };
}

async function replace(root: string, path: string, before: string, after: string): Promise<void> {
  const writer = await writeTree(root);
  try {
    await writer.replace(path, before, after);
  } catch (error) {
    if (error instanceof WorkspaceError) throw new WorldError(error.message, { cause: error });
    throw error;
  }
}
