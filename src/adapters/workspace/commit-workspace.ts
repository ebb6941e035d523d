import { type FetchedWorkspace, RepositoryError } from '../../ports/repositories.ts';
import {
  type CommittedTree,
  type ListFilter,
  type Listing,
  type Refused,
  WorkspaceError,
} from '../../ports/workspace.ts';
import type { BlobStore } from './blob-store.ts';
import { decodeText, tooLarge } from './decode-text.ts';
import type { Tree } from './read-tree.ts';
import { type ResolvedPath, resolvePath } from './resolve-path.ts';
import { type LinkTarget, settleLinks } from './settle-links.ts';

/** Git refuses longer targets too. */
const maxTargetBytes = 4096;
const maxLinks = 10_000;

/** One commit, listed from its tree and read from its objects. What a link leads to lies in the same commit, or is refused. */
export class CommitWorkspace implements FetchedWorkspace {
  readonly revision: string;
  readonly #tree: Tree;
  readonly #blobs: BlobStore;
  /** Of links, by the id of their content. */
  readonly #targets = new Map<string, string>();

  constructor(revision: string, tree: Tree, blobs: BlobStore) {
    this.revision = revision;
    this.#tree = tree;
    this.#blobs = blobs;
  }

  async list(filter: ListFilter = {}): Promise<Listing> {
    const files = new Set<string>();
    const links: string[] = [];
    const refusals: Refused[] = [...this.#tree.refused];
    for (const [path, { kind }] of this.#tree.entries) {
      if (kind === 'file') files.add(path);
      else if (links.length < maxLinks) links.push(path);
      else refusals.push({ path, reason: `there are more than ${maxLinks} links`, severity: 'error' });
    }
    const { isWanted } = filter;
    const wanted = isWanted === undefined ? [] : [...files].filter(isWanted);
    await this.#blobs.ensure([...wanted, ...links].map((path) => this.#idOf(path)));
    await this.#readTargets(links.map((path) => this.#idOf(path)));
    settleLinks({ follow: (path) => this.#follow(path), links: links.sort(), files, refusals, filter });
    const paths = [...files].sort();
    if (isWanted !== undefined) await this.#blobs.ensure(this.#targetsOf(paths.filter(isWanted)));
    return { paths, refused: refusals.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  }

  async read(path: string, maxBytes: number): Promise<string> {
    try {
      return await this.#read(path, maxBytes);
    } catch (error) {
      if (!(error instanceof RepositoryError)) throw error;
      throw new WorkspaceError('unreadable', `cannot read ${path}: ${error.message}`, { cause: error });
    }
  }

  async #read(path: string, maxBytes: number): Promise<string> {
    if (path.includes('\0')) throw new WorkspaceError('unreadable', 'cannot read a name that holds a NUL byte');
    const resolved = await this.#resolve(path);
    if (resolved.kind !== 'file') throw refusalOf(path, resolved.kind);
    const content = await this.#blobs.read({ id: resolved.id, maxBytes });
    if (content === 'too-large') throw tooLarge(path, maxBytes);
    if (content === 'missing')
      throw new WorkspaceError('unreadable', `cannot read ${path}: the server has its content no more; run again`);
    return decodeText(content, path);
  }

  async changedSince(): Promise<readonly string[]> {
    throw oneCommit('cannot tell what changed');
  }

  async at(): Promise<CommittedTree> {
    throw oneCommit('cannot read another commit');
  }

  #idOf(path: string): string {
    return this.#tree.entries.get(path)?.id ?? '';
  }

  /** Ids of what listed links lead to. */
  #targetsOf(paths: readonly string[]): readonly string[] {
    return paths.flatMap((path) => {
      const resolved = resolvePath(path, this.#tree, (id) => this.#targets.get(id));
      return resolved.kind === 'file' ? [resolved.id] : [];
    });
  }

  #follow(path: string): LinkTarget {
    const resolved = resolvePath(path, this.#tree, (id) => this.#targets.get(id));
    switch (resolved.kind) {
      case 'file':
        return { kind: 'file', path: resolved.path };
      case 'folder':
        return { kind: 'folder' };
      case 'missing':
        return { kind: 'refused', reason: 'the link leads nowhere' };
      case 'outside':
        return { kind: 'refused', reason: 'the link leads out of the tree' };
      case 'loop':
        return { kind: 'refused', reason: 'the link leads back to itself' };
      case 'into-git':
        return { kind: 'refused', reason: 'the link leads into .git' };
    }
  }

  /** Fetches the links on the way, one after the other where `list` did not. */
  async #resolve(path: string): Promise<ResolvedPath> {
    for (;;) {
      let lacking: string | undefined;
      const resolved = resolvePath(path, this.#tree, (id) => {
        const target = this.#targets.get(id);
        if (target === undefined) lacking = id;
        return target;
      });
      if (lacking === undefined) return resolved;
      await this.#readTargets([lacking]);
    }
  }

  async #readTargets(ids: readonly string[]): Promise<void> {
    const unread = ids.filter((id) => !this.#targets.has(id));
    await Promise.all(
      unread.map(async (id) => {
        const content = await this.#blobs.read({ id, maxBytes: maxTargetBytes });
        this.#targets.set(id, typeof content === 'string' || content.includes(0) ? '' : content.toString());
      }),
    );
  }
}

function refusalOf(path: string, kind: Exclude<ResolvedPath['kind'], 'file'>): WorkspaceError {
  switch (kind) {
    case 'folder':
      return new WorkspaceError('unreadable', `${path} is no file`);
    case 'missing':
      return new WorkspaceError('not-found', `there is no file ${path}`);
    case 'outside':
      return new WorkspaceError('outside', `${path} leads out of the tree`);
    case 'loop':
      return new WorkspaceError('unreadable', `cannot read ${path}: a link leads back to itself`);
    case 'into-git':
      return new WorkspaceError('outside', `${path} leads into .git`);
  }
}

function oneCommit(what: string): WorkspaceError {
  return new WorkspaceError(
    'no-repository',
    `${what}: of a fetched repository one commit is known; clone it and name the clone`,
  );
}
