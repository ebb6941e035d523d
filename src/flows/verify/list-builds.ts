import type { Dockerfile } from '../../domain/dockerfile/dockerfile.ts';
import type { BuildDefinition } from '../../domain/documents/document-reading.ts';
import { folderOf, isRemoteContext, joinTreePath } from '../../domain/documents/tree-path.ts';
import { canonicalReference, parseReference, type Reference } from '../../domain/image/reference.ts';
import type { Buildable } from '../../domain/verify/buildable.ts';
import { baseOf } from '../internal-images.ts';
import { type ReadFile, type ReadSettings, readDockerfile } from '../read-dockerfile.ts';
import type { FoundBuild, Survey } from '../survey-tree.ts';

export type ListBuildsRequest = {
  readonly settings: ReadSettings;
  /** Which folder a Dockerfile is built from that no definition names; `undefined`: its own. */
  readonly contextOf: (path: string) => string | undefined;
};

/** Everything that a tree builds: by its build definitions, and each other Dockerfile by itself. */
export async function listBuilds(survey: Survey, request: ListBuildsRequest): Promise<readonly Buildable[]> {
  const defined = survey.builds;
  const paths = new Set(defined.flatMap(({ build }) => build.dockerfile ?? []));
  const files = new Map<string, ReadFile>();
  for (const path of survey.dockerfiles) files.set(path, await survey.read(path));
  const builds = [
    ...defined.flatMap((found) => ofDefinition(found, files, request) ?? []),
    ...survey.dockerfiles.filter((path) => !paths.has(path)).flatMap((path) => ofDockerfile(files.get(path), request)),
  ];
  const produced = new Set(builds.flatMap(({ produces }) => produces));
  return named(builds.map((build) => withObstacle(build, produced)));
}

function ofDefinition(
  { build, document, inline }: FoundBuild,
  files: ReadonlyMap<string, ReadFile>,
  { settings }: ListBuildsRequest,
): Buildable | undefined {
  const file = build.dockerfile === undefined ? undefined : files.get(build.dockerfile);
  // By itself: of a joined reading nobody could say what one target needs.
  const [own] = file === undefined ? [] : readDockerfile(file.path, file.text, [build], settings).dockerfiles;
  const dockerfile = inline ?? own;
  if (dockerfile === undefined) return undefined;
  const path = build.dockerfile ?? document;
  const args = { ...settings.buildArgsOf(path), ...build.args, ...settings.buildArgs };
  const { context } = build;
  return {
    name: nameOf(build, document),
    path,
    ...(build.inline === undefined ? {} : { inline: build.inline.text }),
    context: context ?? '',
    ...(build.target === undefined ? {} : { target: build.target }),
    args,
    contexts: placed(build.contexts, document),
    platforms: build.platforms ?? [],
    produces: canonical(build.produces),
    ...imagesOf(dockerfile, build.target),
    ...(context === undefined
      ? { obstacle: 'what it is built from is fetched, or depends on a variable that no file gives' }
      : {}),
  };
}

function ofDockerfile(file: ReadFile | undefined, { settings, contextOf }: ListBuildsRequest): readonly Buildable[] {
  // A template is read as it stands; nobody can build it so.
  if (file === undefined || file.kind !== 'dockerfile') return [];
  const [dockerfile] = file.dockerfiles;
  if (dockerfile === undefined) return [];
  const written = contextOf(file.path);
  const context = written === undefined ? folderOf(file.path) : joinTreePath('', written);
  return [
    {
      name: file.path,
      path: file.path,
      context: context ?? '',
      args: { ...settings.buildArgsOf(file.path), ...settings.buildArgs },
      contexts: {},
      platforms: [],
      produces: [],
      ...imagesOf(dockerfile, undefined),
      ...(context === undefined ? { obstacle: 'the policy builds it from a folder outside of the tree' } : {}),
    },
  ];
}

function imagesOf(dockerfile: Dockerfile, target: string | undefined): Pick<Buildable, 'images' | 'unnamed' | 'base'> {
  const needed = dockerfile.uses.filter(({ role }) => role !== 'unreachable');
  const references = needed.flatMap(({ image }): readonly Reference[] =>
    image.kind === 'reference' ? [image.reference] : [],
  );
  const unnamed = needed.flatMap(({ image, written, pieces }) =>
    image.kind === 'unresolved' || image.kind === 'invalid'
      ? [`${written} ${pieces.map(({ text }) => text).join('')}`]
      : [],
  );
  const base = baseOf({ dockerfile, ...(target === undefined ? {} : { target }) });
  return {
    images: [...new Set(references.map(canonicalReference))].sort(),
    unnamed: [...new Set(unnamed)].sort(),
    ...(base === undefined || base === 'scratch' ? {} : { base }),
  };
}

function nameOf({ produces, dockerfile, target, line }: BuildDefinition, document: string): string {
  const [tag] = produces;
  if (tag !== undefined) return tag;
  const place = dockerfile ?? `${document}:${line}`;
  return target === undefined ? place : `${place} (${target})`;
}

/** Paths of named contexts stand relative to the document. */
function placed(contexts: Readonly<Record<string, string>>, document: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(contexts).map(([name, value]) => {
      const isPath = !value.startsWith('target:') && !isRemoteContext(value);
      return [name, isPath ? `path:${joinTreePath(folderOf(document), value) ?? '..'}` : value];
    }),
  );
}

function canonical(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const parsed = parseReference(name);
    return parsed.kind === 'ok' ? [canonicalReference(parsed.reference)] : [];
  });
}

function withObstacle(build: Buildable, produced: ReadonlySet<string>): Buildable {
  if (build.obstacle !== undefined) return build;
  const internal = build.images.find((image) => produced.has(image));
  if (internal !== undefined)
    return { ...build, obstacle: `it is built on ${internal}, which this tree builds itself` };
  const odd = Object.values(build.contexts).find(
    (value) => value === 'path:..' || !(value.startsWith('path:') || value.startsWith('docker-image://')),
  );
  return odd === undefined ? build : { ...build, obstacle: `it takes files of ${odd.replace(/^path:/, '')}` };
}

/** Two builds of one name are told apart by where they stand in the tree, in its order. */
function named(builds: readonly Buildable[]): readonly Buildable[] {
  const counts = new Map<string, number>();
  return builds.map((build) => {
    const count = (counts.get(build.name) ?? 0) + 1;
    counts.set(build.name, count);
    return count === 1 ? build : { ...build, name: `${build.name} #${count}` };
  });
}
