import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import {
  type CommittedTree,
  type ListFilter,
  type Listing,
  type Workspace,
  WorkspaceError,
} from '../../ports/workspace.ts';
import { type Git, openGit } from './git.ts';
import { listFolder } from './list-folder.ts';
import { type Found, listGit } from './list-git.ts';
import { openCommit } from './open-commit.ts';
import { readText } from './read-text.ts';
import { settleListing } from './settle-listing.ts';

export type WorkspaceSettings = {
  /** Of the process; git gets it without `GIT_…`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
};

/**
 * Opens a folder or a single file.
 *
 * @throws WorkspaceError `not-found`, `unreadable`.
 */
export async function openWorkspace(root: string, settings: WorkspaceSettings = {}): Promise<Workspace> {
  const real = resolveRoot(root);
  const kind = lstatSync(real);
  const environment = settings.environment ?? process.env;
  if (kind.isDirectory()) return new FolderWorkspace(real, openGit(real, environment));
  if (kind.isFile()) return new FileWorkspace(real, basename(root), openGit(dirname(real), environment));
  throw new WorkspaceError('unreadable', `${root} is neither a file nor a folder`);
}

function resolveRoot(root: string): string {
  try {
    return realpathSync(root);
  } catch (error) {
    throw new WorkspaceError('not-found', `cannot open ${root}: there is no such file or folder`, { cause: error });
  }
}

class FolderWorkspace implements Workspace {
  readonly #root: string;
  readonly #git: Git;

  constructor(root: string, git: Git) {
    this.#root = root;
    this.#git = git;
  }

  async list(filter: ListFilter = {}): Promise<Listing> {
    const found = await this.#find(filter);
    return settleListing(this.#root, found, filter);
  }

  async #find(filter: ListFilter): Promise<Found> {
    const tracked = await listGit(this.#git);
    // A folder that git ignores as a whole lists nothing there: whoever names it wants it read.
    return tracked === undefined || tracked.paths.length === 0 ? listFolder(this.#root, filter) : tracked;
  }

  async read(path: string, maxBytes: number): Promise<string> {
    return readText(this.#root, path, maxBytes);
  }

  async changedSince(ref: string): Promise<readonly string[]> {
    return this.#git.changedSince(ref);
  }

  async at(ref: string): Promise<CommittedTree> {
    return openCommit(this.#git, ref);
  }
}

class FileWorkspace implements Workspace {
  readonly #file: string;
  readonly #name: string;
  readonly #git: Git;

  /** @param name as the user wrote it; a link's own name. */
  constructor(file: string, name: string, git: Git) {
    this.#file = file;
    this.#name = name;
    this.#git = git;
  }

  async list(): Promise<Listing> {
    return { paths: [this.#name], refused: [] };
  }

  async read(path: string, maxBytes: number): Promise<string> {
    if (path !== this.#name) throw new WorkspaceError('not-found', `${path} is not the file that was named`);
    return readText(dirname(this.#file), basename(this.#file), maxBytes);
  }

  async changedSince(ref: string): Promise<readonly string[]> {
    const changed = await this.#git.changedSince(ref);
    return changed.includes(basename(this.#file)) ? [this.#name] : [];
  }

  async at(ref: string): Promise<CommittedTree> {
    const commit = await openCommit(this.#git, ref);
    const name = basename(this.#file);
    const isThere = (await commit.list()).paths.includes(name);
    return {
      list: async () => ({ paths: isThere ? [this.#name] : [], refused: [] }),
      read: async (path, maxBytes) => {
        if (path !== this.#name) throw new WorkspaceError('not-found', `${path} is not the file that was named`);
        return commit.read(name, maxBytes);
      },
    };
  }
}
