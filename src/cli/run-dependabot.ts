import { type DependabotResult, planDependabot } from '../flows/dependabot/plan-dependabot.ts';
import { WorkspaceError } from '../ports/workspace.ts';
import { writeTree } from '../wiring.ts';
import { UsageError, WorldError } from './failure.ts';
import { openTree } from './open-tree.ts';
import { refuseBelowRoot } from './repository-root.ts';
import { instantOf, type RunOptions } from './run-options.ts';
import { writeNewFiles } from './write-new-files.ts';

/** Holds `dependabot.yml` of a repository's root against its files. */
export async function judgeRepository(path: string, options: RunOptions): Promise<DependabotResult> {
  const { workspace, folder, survey } = await openTree(path, options, instantOf(options.now));
  if (survey.isSingleFile) throw new UsageError(`${path} is a file: Dependabot is set up for a whole repository`);
  refuseBelowRoot(folder);
  return planDependabot(workspace, survey);
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
