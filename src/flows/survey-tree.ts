import { beginsAsDockerfile } from '../domain/discovery/dockerfile-name.ts';
import { isExcluded, isIgnored } from '../domain/discovery/excluded.ts';
import { type FileKind, fileKind, kindInTree } from '../domain/discovery/file-kind.ts';
import type { Dockerfile } from '../domain/dockerfile/dockerfile.ts';
import type { BuildDefinition } from '../domain/documents/document-reading.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Problem } from '../domain/source/problem.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { Unread } from './checked-tree.ts';
import { addProducers, type Producer, type Producers } from './internal-images.ts';
import { mapLimited } from './limited.ts';
import { type ReadFile, type ReadSettings, readDockerfile } from './read-dockerfile.ts';
import { readText, unreadable } from './read-file.ts';

export type SurveyRequest = {
  readonly policy: Policy;
  readonly settings: ReadSettings;
  /** A path of the tree as the policy file writes it: relative to that file's folder. */
  readonly policyPath: (path: string) => string;
  /** The argument is one file, not a folder. */
  readonly isSingleFile: boolean;
};

/** What has to be known of a whole tree before any of its Dockerfiles can be read and judged. */
export type Survey = {
  /** Documents that name images, already read, and what could not be listed or read. */
  readonly documents: readonly ReadFile[];
  readonly dockerfiles: readonly string[];
  /** Reads one of them with the answers that the tree gives; what the survey had to read is not read again. */
  readonly read: (path: string) => Promise<ReadFile>;
  /** Reads another text as the file that was read: an edited one. `undefined` when nothing in it concerns images any more. */
  readonly readAs: (file: ReadFile, text: string) => Promise<ReadFile | undefined>;
  /** The documents whose build definitions build a Dockerfile. */
  readonly documentsOf: (path: string) => readonly string[];
  readonly producers: Producers;
  /** Every build definition of the tree, in the order of its documents. */
  readonly builds: readonly FoundBuild[];
  readonly unread: Omit<Unread, 'unchanged'>;
};

/** Lists the tree and reads its build definitions, which answer the Dockerfiles' arguments and name what they produce. */
export async function surveyTree(workspace: Workspace, request: SurveyRequest): Promise<Survey> {
  const { policy, settings, isSingleFile, policyPath } = request;
  const isLeftOut = (path: string) => isExcluded(path, []) || isIgnored(policyPath(path), policy.ignore);
  const kindOf = (path: string) => (isLeftOut(path) ? undefined : fileKind(path));
  const listing = await workspace.list({
    isWanted: (path) => kindOf(path) !== undefined,
    isExcluded: isLeftOut,
  });
  const listed = new Set(listing.paths);
  const found = listing.paths.flatMap((path): readonly Found[] => {
    // A file that was asked for by name is read whatever its name: as a Dockerfile, if nothing else.
    const isAskedFor = isSingleFile && !isIgnored(policyPath(path), policy.ignore);
    const kind = isAskedFor ? (fileKind(path) ?? { kind: 'dockerfile' as const }) : kindOf(path);
    if (kind === undefined) return [];
    if (isAskedFor) return [{ path, kind: kind.kind === 'dockerfile-candidate' ? 'dockerfile' : kind.kind }];
    return [{ path, kind: kindInTree(path, kind.kind, (other) => listed.has(other)) }];
  });
  const documents = await readDocuments(workspace, found, settings);
  const builds = groupByDockerfile(documents.builds);
  // A build definition may name a Dockerfile whose own name tells nothing.
  const named = [...builds.keys()].filter((path) => listed.has(path) && !isLeftOut(path));
  const candidates = await chooseCandidates(workspace, found);
  const dockerfiles = [
    ...found.filter(({ kind }) => kind === 'dockerfile').map(({ path }) => path),
    ...candidates.paths,
  ];
  const buildsOf = (path: string) => (builds.get(path) ?? []).map(({ build }) => build);
  const producing = documents.builds.filter(({ build }) => build.produces.length > 0);
  const produced = new Set(producing.flatMap(({ build }) => build.dockerfile ?? []).filter((path) => listed.has(path)));
  const early = new Map(
    await mapLimited(
      [...produced],
      async (path) => [path, await readAt(workspace, path, buildsOf(path), settings)] as const,
    ),
  );
  return {
    documents: [
      ...listing.refused.map(({ path, reason, severity }) => unreadable(path, 'file', reason, severity)),
      ...documents.files,
    ],
    dockerfiles: [...new Set([...dockerfiles, ...named])].sort(),
    read: async (path) => early.get(path) ?? readAt(workspace, path, buildsOf(path), settings),
    readAs: async (file, text) => {
      if (isDockerfile(file)) return readDockerfile(file.path, text, buildsOf(file.path), settings);
      const { readDocument } = await import('./read-document.ts');
      return readDocument(file.path, file.kind, text, settings)?.file;
    },
    documentsOf: (path) => (builds.get(path) ?? []).map((found) => found.document),
    producers: findProducers(producing, early),
    builds: documents.builds,
    unread: {
      bakeHcl: found.filter(({ kind }) => kind === 'bake-hcl').length,
      refused: documents.refused + candidates.refused,
    },
  };
}

function isDockerfile({ kind }: ReadFile): boolean {
  return kind === 'dockerfile' || kind === 'dockerfile-template';
}

async function readAt(
  workspace: Workspace,
  path: string,
  builds: readonly BuildDefinition[],
  settings: ReadSettings,
): Promise<ReadFile> {
  const text = await readText(workspace, path);
  if (text.kind === 'refused') return unreadable(path, 'dockerfile', text.reason, 'error');
  const file = readDockerfile(path, text.text, builds, settings);
  return fileKind(path)?.isTemplate === true ? asTemplate(file) : file;
}

/** Of the files named after a language, those that begin as a Dockerfile does. */
async function chooseCandidates(
  workspace: Workspace,
  found: readonly Found[],
): Promise<{ readonly paths: readonly string[]; readonly refused: number }> {
  const candidates = found.filter(({ kind }) => kind === 'dockerfile-candidate');
  const texts = await mapLimited(candidates, async ({ path }) => ({ path, text: await readText(workspace, path) }));
  return {
    paths: texts.filter(({ text }) => text.kind === 'text' && beginsAsDockerfile(text.text)).map(({ path }) => path),
    refused: texts.filter(({ text }) => text.kind === 'refused').length,
  };
}

/** A template is read as it stands. What its generator will mend is no error, and what it will fill in is not known. */
function asTemplate(file: ReadFile): ReadFile {
  const message = 'this is a template: it is read as it stands, without what its generator fills in';
  const problems = file.problems.map(
    (problem): Problem => (problem.severity === 'error' ? { ...problem, severity: 'warning' } : problem),
  );
  return {
    ...file,
    kind: 'dockerfile-template',
    problems: [{ code: 'template', severity: 'info', message, line: 0 }, ...problems],
  };
}

type Found = { readonly path: string; readonly kind: FileKind['kind'] };

/** A build definition, and the reading of the Dockerfile that it carries in itself. */
export type FoundBuild = {
  readonly build: BuildDefinition;
  readonly document: string;
  readonly inline: Dockerfile | undefined;
};

async function readDocuments(
  workspace: Workspace,
  found: readonly Found[],
  settings: ReadSettings,
): Promise<{ files: readonly ReadFile[]; builds: readonly FoundBuild[]; refused: number }> {
  const documents = found.filter(({ kind }) => !kind.startsWith('dockerfile') && kind !== 'bake-hcl');
  let refused = 0;
  if (documents.length === 0) return { files: [], builds: [], refused };
  // The YAML library takes longer to load than a tree of Dockerfiles to read.
  const { readDocument } = await import('./read-document.ts');
  const results = await mapLimited(documents, async ({ path, kind }) => {
    const text = await readText(workspace, path);
    if (text.kind === 'text') return readDocument(path, kind, text.text, settings);
    if (kind !== 'kubernetes-candidate') return { file: unreadable(path, kind, text.reason, 'error'), builds: [] };
    // Any YAML may be a manifest: one that cannot be read is counted, but is no row of its own.
    refused += 1;
    return undefined;
  });
  const read = results.filter((result) => result !== undefined);
  return {
    files: read.map(({ file }) => file),
    builds: read.flatMap(({ file, builds }) =>
      builds.map((build) => ({ build, document: file.path, inline: file.dockerfileOf.get(build) })),
    ),
    refused,
  };
}

/** Definitions that name a Dockerfile, by its path. */
function groupByDockerfile(builds: readonly FoundBuild[]): ReadonlyMap<string, readonly FoundBuild[]> {
  const named = builds.filter(({ build }) => build.dockerfile !== undefined);
  return Map.groupBy(named, ({ build }) => build.dockerfile ?? '');
}

function findProducers(producing: readonly FoundBuild[], read: ReadonlyMap<string, ReadFile>): Producers {
  const producers = new Map<string, Producer>();
  for (const { build, inline } of producing) {
    const dockerfile = build.dockerfile === undefined ? inline : read.get(build.dockerfile)?.dockerfileOf.get(build);
    if (dockerfile === undefined) continue;
    addProducers(producers, build.produces, {
      dockerfile,
      ...(build.target === undefined ? {} : { target: build.target }),
    });
  }
  return producers;
}
