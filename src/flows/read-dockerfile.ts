import type { Dockerfile, DockerfileContext } from '../domain/dockerfile/dockerfile.ts';
import { parseDockerfile } from '../domain/dockerfile/parse-dockerfile.ts';
import type { BuildDefinition } from '../domain/documents/document-reading.ts';
import type { ImageUse } from '../domain/image/image-use.ts';
import type { Problem } from '../domain/source/problem.ts';

export type ReadSettings = {
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Answers of the policy file for a path. */
  readonly buildArgsOf: (path: string) => Readonly<Record<string, string>>;
  readonly targetPlatform?: string;
};

/** A use with the reading of the Dockerfile that it belongs to. */
export type PlacedUse = { readonly use: ImageUse; readonly dockerfile?: Dockerfile };

/** What one file says about images. */
export type ReadFile = {
  readonly path: string;
  readonly kind: string;
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly uses: readonly PlacedUse[];
  /** The readings of a Dockerfile, one per distinct set of build arguments. */
  readonly dockerfiles: readonly Dockerfile[];
  /** The reading that a build definition builds. */
  readonly dockerfileOf: ReadonlyMap<BuildDefinition, Dockerfile>;
};

/**
 * Reads a Dockerfile once per distinct set of answers that the tree's build definitions give, and joins the readings.
 * Answers come from the policy file, over them the build definitions', over them the command line's.
 */
export function readDockerfile(
  path: string,
  text: string,
  builds: readonly BuildDefinition[],
  settings: ReadSettings,
): ReadFile {
  const contexts = contextsOf(path, builds, settings);
  const readings = contexts
    .slice(0, maxContexts)
    .map(({ context, builds: same }) => ({ dockerfile: parseDockerfile(text, context), builds: same }));
  const dockerfiles = readings.map(({ dockerfile }) => dockerfile);
  const dockerfileOf = new Map(
    readings.flatMap(({ dockerfile, builds: same }) => same.map((build) => [build, dockerfile] as const)),
  );
  const uses = joinUses(dockerfiles);
  const problems = joinProblems(dockerfiles);
  const left = contexts.length - maxContexts;
  const untold = `${left} more sets of build arguments are not read: build definitions give ${contexts.length}`;
  const tooMany: Problem = { code: 'too-many-builds', severity: 'warning', message: untold, line: 0 };
  const all = left > 0 ? [...problems, tooMany] : problems;
  return { path, kind: 'dockerfile', text, problems: all, uses, dockerfiles, dockerfileOf };
}

/** How many different sets of answers one Dockerfile is read with; build definitions beyond are told, not read. */
const maxContexts = 32;

/** One context per distinct answers, with the builds that give them; their targets are joined. */
export function contextsOf(
  path: string,
  builds: readonly BuildDefinition[],
  settings: ReadSettings,
): readonly { readonly context: DockerfileContext; readonly builds: readonly BuildDefinition[] }[] {
  const platform = settings.targetPlatform === undefined ? {} : { targetPlatform: settings.targetPlatform };
  const own = settings.buildArgsOf(path);
  if (builds.length === 0) return [{ context: { buildArgs: { ...own, ...settings.buildArgs }, ...platform }, builds }];
  const answersOf = (build: BuildDefinition) => ({ ...own, ...build.args, ...settings.buildArgs });
  const groups = Map.groupBy(builds, (build) => JSON.stringify([answersOf(build), build.contexts]));
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const targets = [...new Set(same.flatMap(({ target }) => target ?? []))];
    return [
      { context: { buildArgs: answersOf(first), namedContexts: first.contexts, targets, ...platform }, builds: same },
    ];
  });
}

function joinUses(dockerfiles: readonly Dockerfile[]): readonly PlacedUse[] {
  const [only] = dockerfiles;
  if (dockerfiles.length === 1 && only !== undefined) return only.uses.map((use) => ({ use, dockerfile: only }));
  const joined = new Map<string, PlacedUse>();
  for (const dockerfile of dockerfiles) {
    for (const use of dockerfile.uses) {
      const key = JSON.stringify([use.span.start, use.stage?.index, use.image, use.platform]);
      const before = joined.get(key);
      if (before === undefined || weight[use.role] > weight[before.use.role]) joined.set(key, { use, dockerfile });
    }
  }
  return [...joined.values()].sort((a, b) => a.use.span.start - b.use.span.start);
}

/** The same image in two readings is judged by the role that weighs more. */
const weight: Readonly<Record<ImageUse['role'], number>> = {
  final: 7,
  deployed: 6,
  build: 5,
  copy: 4,
  mount: 3,
  frontend: 2,
  ci: 1,
  unreachable: 0,
};

function joinProblems(dockerfiles: readonly Dockerfile[]): readonly Problem[] {
  return uniqueProblems(dockerfiles.flatMap(({ problems }) => problems));
}

export function uniqueProblems(problems: readonly Problem[]): readonly Problem[] {
  return [
    ...new Map(problems.map((problem) => [`${problem.line} ${problem.code} ${problem.message}`, problem])).values(),
  ];
}
