import { isExcluded } from '../domain/discovery/excluded.ts';
import { type FileKind, fileKind } from '../domain/discovery/file-kind.ts';
import type { Dockerfile } from '../domain/dockerfile/dockerfile.ts';
import type { BuildDefinition } from '../domain/documents/documents.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Problem } from '../domain/source/problem.ts';
import { type Workspace, WorkspaceError } from '../ports/workspace.ts';
import { addProducers, type Producer, type Producers } from './internal-images.ts';
import { type ReadFile, type ReadSettings, readDockerfile } from './read-tree.ts';

export type GatherRequest = {
  readonly policy: Policy;
  readonly settings: ReadSettings;
  /** The argument is one file, not a folder. */
  readonly isSingleFile: boolean;
  /** Only these paths are reported (`--changed-since`); everything is still read for what it says of them. */
  readonly only?: ReadonlySet<string>;
  readonly onProgress?: (done: number, total: number) => void;
};

export type Tree = {
  readonly files: readonly ReadFile[];
  readonly producers: Producers;
  /** One clause each. */
  readonly notChecked: readonly string[];
};

type Found = { readonly path: string; readonly kind: FileKind['kind'] };

const maxDockerfileBytes = 4 * 1024 * 1024;
const maxDocumentBytes = 4 * 1024 * 1024;
const concurrency = 32;

/** Reads everything in the tree that names images: build definitions first, since they answer the Dockerfiles' arguments. */
export async function gatherTree(workspace: Workspace, request: GatherRequest): Promise<Tree> {
  const kindOf = (path: string) => (isExcluded(path, request.policy.ignore) ? undefined : fileKind(path));
  const listing = await workspace.list({
    isWanted: (path) => kindOf(path) !== undefined,
    isExcluded: (folder) => isExcluded(folder, request.policy.ignore),
  });
  const found = listing.paths.flatMap((path): readonly Found[] => {
    // A file that was asked for by name is read whatever its name: as a Dockerfile, if nothing else.
    const kind = request.isSingleFile ? (fileKind(path) ?? { kind: 'dockerfile' as const }) : kindOf(path);
    return kind === undefined ? [] : [{ path, kind: kind.kind }];
  });
  const notChecked: string[] = [];
  const unread = found.filter(({ kind }) => kind === 'bake-hcl').length;
  if (unread > 0)
    notChecked.push(
      `${unread} bake ${unread === 1 ? 'file' : 'files'} in HCL (JSON ones are read: docker buildx bake --print)`,
    );
  const dockerfiles = found.filter(({ kind }) => kind === 'dockerfile');
  const documents = found.filter(({ kind }) => kind !== 'dockerfile' && kind !== 'bake-hcl');
  let done = 0;
  const progress = () => request.onProgress?.(++done, dockerfiles.length + documents.length);

  const builds = new Map<string, BuildDefinition[]>();
  const producing: { build: BuildDefinition; path: string | undefined; inline: Dockerfile | undefined }[] = [];
  const files: ReadFile[] = listing.refused.map(({ path, reason, severity }) =>
    unreadable(path, 'file', reason, severity),
  );
  const { readDocument } = documents.length === 0 ? { readDocument: undefined } : await import('./read-document.ts');
  await forEachLimited(documents, async ({ path, kind }) => {
    const text = await readText(workspace, path, maxDocumentBytes);
    if (readDocument !== undefined && text.kind === 'text') {
      const document = readDocument(path, kind, text.text, request.settings);
      if (document !== undefined) {
        files.push(document.file);
        for (const build of document.builds) {
          if (build.dockerfile !== undefined)
            builds.set(build.dockerfile, [...(builds.get(build.dockerfile) ?? []), build]);
          producing.push({ build, path: build.dockerfile, inline: document.dockerfileOf.get(build) });
        }
      }
    } else if (text.kind === 'refused' && kind !== 'kubernetes-candidate')
      files.push(unreadable(path, kind, text.reason, 'error'));
    progress();
  });

  const read = new Map<string, ReadFile>();
  const named = [...builds.keys()].filter(
    (path) => !dockerfiles.some((file) => file.path === path) && listing.paths.includes(path),
  );
  await forEachLimited([...dockerfiles.map(({ path }) => path), ...named], async (path) => {
    const text = await readText(workspace, path, maxDockerfileBytes);
    const file =
      text.kind === 'text'
        ? readDockerfile(path, text.text, builds.get(path) ?? [], request.settings)
        : unreadable(path, 'dockerfile', text.reason, 'error');
    read.set(path, file);
    progress();
  });
  const producers = new Map<string, Producer>();
  for (const { build, path, inline } of producing) {
    const dockerfile = path === undefined ? inline : read.get(path)?.dockerfiles[0];
    if (dockerfile !== undefined)
      addProducers(producers, build.produces, {
        dockerfile,
        ...(build.target === undefined ? {} : { target: build.target }),
      });
  }
  const reported = [...files, ...read.values()].filter(
    ({ path }) => request.only === undefined || request.only.has(path),
  );
  return { files: reported.sort((a, b) => (a.path < b.path ? -1 : 1)), producers, notChecked };
}

type Text = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'refused'; readonly reason: string };

async function readText(workspace: Workspace, path: string, maxBytes: number): Promise<Text> {
  try {
    return { kind: 'text', text: await workspace.read(path, maxBytes) };
  } catch (error) {
    if (error instanceof WorkspaceError) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

function unreadable(path: string, kind: string, reason: string, severity: Problem['severity']): ReadFile {
  return {
    path,
    kind,
    text: '',
    problems: [{ code: 'unreadable', severity, message: reason, line: 0 }],
    uses: [],
    dockerfiles: [],
  };
}

/** Runs at most `concurrency` at a time; the first bug stops all. */
async function forEachLimited<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await action(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, lane));
}
