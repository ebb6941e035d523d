import { compareText } from '../../domain/candidates/compare-digits.ts';
import { directoryOf, type Ecosystem, readsFile } from '../../domain/dependabot/coverage.ts';
import type { DependabotFinding } from '../../domain/dependabot/dependabot-finding.ts';
import { type DependabotSettings, judgeDependabot } from '../../domain/dependabot/judge-dependabot.ts';
import { isExcluded } from '../../domain/discovery/excluded.ts';
import type { Problem } from '../../domain/source/problem.ts';
import { type Workspace, WorkspaceError } from '../../ports/workspace.ts';
import type { CoveredUses } from './covered-uses.ts';

/** What is to be said of the `dependabot.yml` of a tree. */
export type JudgedDependabot = {
  /** Where it stands, or would stand. */
  readonly path: string;
  /** Absent where there is none, and where it could not be read. */
  readonly text?: string;
  readonly findings: readonly DependabotFinding[];
  /** What keeps the file from being read; nothing is found then. */
  readonly problems: readonly Pick<Problem, 'line' | 'message'>[];
};

/** Where GitHub looks for the file, in its order. */
const paths = ['.github/dependabot.yml', '.github/dependabot.yaml'] as const;
const maxBytes = 1024 * 1024;

/** Reads the file of a repository's root and holds it against what its files name. */
export async function judgeTree(
  workspace: Workspace,
  covered: readonly CoveredUses[],
  settings: DependabotSettings,
): Promise<JudgedDependabot> {
  const found = await findFile(workspace);
  if (found.problem !== undefined)
    return { path: found.path, findings: [], problems: [{ line: 0, message: found.problem }] };
  const { path, text } = found;
  const seen = covered.flatMap((file) => file.seen);
  const wanted = byEcosystem(seen);
  const present = text === undefined ? wanted : byEcosystem(await presentFiles(workspace));
  if (text === undefined)
    return { path, findings: judgeDependabot(undefined, { wanted, present }, settings), problems: [] };
  // The YAML library takes longer to load than a tree of Dockerfiles to read.
  const { readDependabotFile } = await import('../../domain/dependabot/read-dependabot-file.ts');
  const { value, problems } = readDependabotFile(text);
  if (value === undefined) return { path, text, findings: [], problems };
  return { path, text, findings: judgeDependabot(value, { wanted, present }, settings), problems: [] };
}

type FoundFile = { readonly path: string; readonly text?: string; readonly problem?: string };

async function findFile(workspace: Workspace): Promise<FoundFile> {
  for (const path of paths) {
    try {
      return { path, text: await workspace.read(path, maxBytes) };
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      if (error.code !== 'not-found') return { path, problem: error.message };
    }
  }
  return { path: paths[0] };
}

type Place = CoveredUses['seen'][number];

const ecosystems = ['docker', 'docker-compose'] as const satisfies readonly Ecosystem[];

async function presentFiles(workspace: Workspace): Promise<readonly Place[]> {
  const { paths: listed } = await workspace.list({
    isWanted: (path) => ecosystems.some((ecosystem) => readsFile(ecosystem, path)),
    isExcluded: (folder) => isExcluded(folder, []),
  });
  return listed.flatMap((path) =>
    ecosystems
      .filter((ecosystem) => readsFile(ecosystem, path))
      .map((ecosystem) => ({ ecosystem, directory: directoryOf(path) })),
  );
}

function byEcosystem(places: readonly Place[]): Readonly<Record<Ecosystem, readonly string[]>> {
  const of = (wanted: Ecosystem) =>
    [...new Set(places.filter(({ ecosystem }) => ecosystem === wanted).map(({ directory }) => directory))].toSorted(
      compareText,
    );
  return { docker: of('docker'), 'docker-compose': of('docker-compose') };
}
