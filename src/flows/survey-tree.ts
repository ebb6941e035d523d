import { beginsAsDockerfile } from '../domain/discovery/dockerfile-name.ts';
import { isExcluded, isIgnored } from '../domain/discovery/excluded.ts';
import { type FileKind, fileKind } from '../domain/discovery/file-kind.ts';
import type { Dockerfile } from '../domain/dockerfile/dockerfile.ts';
import type { BuildDefinition } from '../domain/documents/document-reading.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Problem } from '../domain/source/problem.ts';
import type { Workspace } from '../ports/workspace.ts';
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
  /** How the tree's build definitions build a Dockerfile. */
  readonly buildsOf: (path: string) => readonly BuildDefinition[];
  /** The documents that those definitions stand in. */
  readonly documentsOf: (path: string) => readonly string[];
  readonly producers: Producers;
  /** One clause each. */
  readonly notChecked: readonly string[];
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
  const found = listing.paths.flatMap((path): readonly Found[] => {
    // A file that was asked for by name is read whatever its name: as a Dockerfile, if nothing else.
    const isAskedFor = isSingleFile && !isIgnored(policyPath(path), policy.ignore);
    const kind = isAskedFor ? (fileKind(path) ?? { kind: 'dockerfile' as const }) : kindOf(path);
    if (kind === undefined) return [];
    return [{ path, kind: isAskedFor && kind.kind === 'dockerfile-candidate' ? 'dockerfile' : kind.kind }];
  });
  const documents = await readDocuments(workspace, found, settings);
  const builds = groupByDockerfile(documents.builds);
  const listed = new Set(listing.paths);
  // A build definition may name a Dockerfile whose own name tells nothing.
  const named = [...builds.keys()].filter((path) => listed.has(path) && !isLeftOut(path));
  const dockerfiles = [
    ...found.filter(({ kind }) => kind === 'dockerfile').map(({ path }) => path),
    ...(await chooseCandidates(workspace, found)),
  ];
  const buildsOf = (path: string) => (builds.get(path) ?? []).map(({ build }) => build);
  return {
    documents: [
      ...listing.refused.map(({ path, reason, severity }) => unreadable(path, 'file', reason, severity)),
      ...documents.files,
    ],
    dockerfiles: [...new Set([...dockerfiles, ...named])].sort(),
    buildsOf,
    documentsOf: (path) => (builds.get(path) ?? []).map((found) => found.document),
    producers: await findProducers(workspace, documents.builds, listed, buildsOf, settings),
    notChecked: unreadBake(found),
  };
}

/** Reads one Dockerfile with the answers that the tree gives. */
export async function readDockerfileAt(
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
async function chooseCandidates(workspace: Workspace, found: readonly Found[]): Promise<readonly string[]> {
  const candidates = found.filter(({ kind }) => kind === 'dockerfile-candidate');
  const chosen = await mapLimited(candidates, async ({ path }) => {
    const text = await readText(workspace, path);
    return text.kind === 'text' && beginsAsDockerfile(text.text) ? [path] : [];
  });
  return chosen.flat();
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
type FoundBuild = {
  readonly build: BuildDefinition;
  readonly document: string;
  readonly inline: Dockerfile | undefined;
};

async function readDocuments(
  workspace: Workspace,
  found: readonly Found[],
  settings: ReadSettings,
): Promise<{ files: readonly ReadFile[]; builds: readonly FoundBuild[] }> {
  const documents = found.filter(({ kind }) => !kind.startsWith('dockerfile') && kind !== 'bake-hcl');
  if (documents.length === 0) return { files: [], builds: [] };
  // The YAML library takes longer to load than a tree of Dockerfiles to read.
  const { readDocument } = await import('./read-document.ts');
  const results = await mapLimited(documents, async ({ path, kind }) => {
    const text = await readText(workspace, path);
    if (text.kind === 'text') return readDocument(path, kind, text.text, settings);
    // Any YAML may be a manifest; one that cannot be read is no row unless its name says what it is.
    if (kind === 'kubernetes-candidate') return undefined;
    return { file: unreadable(path, kind, text.reason, 'error'), builds: [], dockerfileOf: new Map() };
  });
  const read = results.filter((result) => result !== undefined);
  return {
    files: read.map(({ file }) => file),
    builds: read.flatMap(({ file, builds, dockerfileOf }) =>
      builds.map((build) => ({ build, document: file.path, inline: dockerfileOf.get(build) })),
    ),
  };
}

/** Definitions that name a Dockerfile, by its path. */
function groupByDockerfile(builds: readonly FoundBuild[]): ReadonlyMap<string, readonly FoundBuild[]> {
  const named = builds.filter(({ build }) => build.dockerfile !== undefined);
  return Map.groupBy(named, ({ build }) => build.dockerfile ?? '');
}

async function findProducers(
  workspace: Workspace,
  builds: readonly FoundBuild[],
  listed: ReadonlySet<string>,
  buildsOf: Survey['buildsOf'],
  settings: ReadSettings,
): Promise<Producers> {
  const producing = builds.filter(({ build }) => build.produces.length > 0);
  const paths = [...new Set(producing.flatMap(({ build }) => build.dockerfile ?? []))].filter((path) =>
    listed.has(path),
  );
  const read = new Map(
    await mapLimited(
      paths,
      async (path) => [path, await readDockerfileAt(workspace, path, buildsOf(path), settings)] as const,
    ),
  );
  const producers = new Map<string, Producer>();
  for (const { build, inline } of producing) {
    const dockerfile = build.dockerfile === undefined ? inline : read.get(build.dockerfile)?.dockerfiles[0];
    if (dockerfile === undefined) continue;
    addProducers(producers, build.produces, {
      dockerfile,
      ...(build.target === undefined ? {} : { target: build.target }),
    });
  }
  return producers;
}

function unreadBake(found: readonly Found[]): readonly string[] {
  const unread = found.filter(({ kind }) => kind === 'bake-hcl').length;
  if (unread === 0) return [];
  return [
    `${unread} bake ${unread === 1 ? 'file' : 'files'} in HCL (docker buildx bake --print writes the JSON that is read)`,
  ];
}
