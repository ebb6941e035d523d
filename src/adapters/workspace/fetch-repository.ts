import { isBranchName } from '../../domain/fleet/branch-name.ts';
import { type FetchedWorkspace, RepositoryError } from '../../ports/repositories.ts';
import { type ConnectionRequest, connect } from '../git/connect.ts';
import { addKnown, beginAnew, isKnown, lastKnown, type ObjectCache, withOwnFolder } from '../git/object-cache.ts';
import { isObjectId } from '../git/object-id.ts';
import { failureOf, type RemoteGit } from '../git/remote-git.ts';
import { BlobStore } from './blob-store.ts';
import { CommitWorkspace } from './commit-workspace.ts';
import { readTree, type Tree } from './read-tree.ts';

export type FetchRequest = ConnectionRequest & {
  /** By default what the server's HEAD leads to. */
  readonly branch?: string;
};

/** Names of half a million files. */
const maxTreeBytes = 64 * 1024 * 1024;

/**
 * Fetches one commit of a repository, without the content of its files, and opens it.
 *
 * @throws RepositoryError
 */
export async function fetchRepository(request: FetchRequest): Promise<FetchedWorkspace> {
  const { branch } = request;
  const { git, signal, cache } = await connect(request);
  if (branch !== undefined && !isBranchName(branch))
    throw new RepositoryError(
      'unknown-branch',
      `cannot read ${git.url.text}: ${JSON.stringify(branch.slice(0, 100))} is no branch`,
    );
  const ref = branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
  const renew = () => beginAnew(request.cacheFolder, git.url.text);
  const found = await openCommit({ git, cache, ref, signal, renew });
  const fetchWhole = (deadline: AbortSignal) =>
    fetchInto(git, found.cache, { ref, signal: deadline, isPartial: false });
  const blobs = new BlobStore(git, found.cache, async (deadline) => void (await fetchWhole(deadline)));
  return new CommitWorkspace(found.commit, found.tree, blobs);
}

type Search = {
  readonly git: RemoteGit;
  readonly cache: ObjectCache;
  readonly ref: string;
  readonly signal: AbortSignal;
  readonly renew: () => ObjectCache;
};

type FoundCommit = { readonly commit: string; readonly tree: Tree; readonly cache: ObjectCache };

/** Asks for the commit, and fetches it unless it is there. */
async function openCommit({ git, cache, ref, signal, renew }: Search): Promise<FoundCommit> {
  const commit = await findCommit(git, cache, { ref, signal });
  if (isKnown(cache, commit)) {
    const tree = await listTree(git, cache, commit);
    if (tree !== undefined) return { commit, tree, cache };
  }
  try {
    return await fetchCommit(git, cache, { ref, signal });
  } catch (error) {
    // The server has just answered. What else fails may be the cache: a disk that was full, a file that was removed.
    if (!(error instanceof RepositoryError) || error.code !== 'unreachable' || lastKnown(cache) === undefined)
      throw error;
    return fetchCommit(git, renew(), { ref, signal });
  }
}

/** @param asked its `ref` may be the id of a commit. `isWhole`: with the content of all files. */
export async function fetchCommit(
  git: RemoteGit,
  cache: ObjectCache,
  { ref, signal, isWhole = false }: { readonly ref: string; readonly signal: AbortSignal; readonly isWhole?: boolean },
): Promise<FoundCommit> {
  const fetching = isWhole ? { isPartial: false } : { isPartial: true, base: lastKnown(cache) };
  const commit = await fetchInto(git, cache, { ref, signal, ...fetching });
  const tree = await listTree(git, cache, commit);
  if (tree === undefined)
    throw new RepositoryError('unreachable', `cannot read ${git.url.text}: the server sent no whole commit`);
  addKnown(cache, commit);
  return { commit, tree, cache };
}

type Asked = { readonly ref: string; readonly signal: AbortSignal };

/** The one question that an unchanged repository costs. */
async function findCommit(git: RemoteGit, cache: ObjectCache, { ref, signal }: Asked): Promise<string> {
  const end = await withOwnFolder(cache, { isPartial: false }, (own) =>
    git.ask(own, ['ls-remote', '--', 'basekeeper', ref], { signal }),
  );
  if (end.kind !== 'ended' || end.code !== 0) throw failureOf(git, end);
  for (const line of end.stdout.toString().split('\n')) {
    // A pattern matches the end of longer names too.
    const [id = '', name] = line.split('\t');
    if (name === ref && isObjectId(id)) return id;
  }
  const reason =
    ref === 'HEAD'
      ? 'its HEAD leads to no commit: it is empty, or has lost its first branch; name a branch'
      : `there is no branch ${ref.slice('refs/heads/'.length)}`;
  throw new RepositoryError('unknown-branch', `cannot read ${git.url.text}: ${reason}`);
}

type Fetching = Asked & {
  /** Without the content of files, where the server can leave it out. */
  readonly isPartial: boolean;
  readonly base?: string | undefined;
};

/** @returns the commit that the branch leads to by now. */
function fetchInto(git: RemoteGit, cache: ObjectCache, fetching: Fetching): Promise<string> {
  const { ref, signal, isPartial, base } = fetching;
  const target = 'refs/basekeeper/fetched';
  const filter = isPartial ? ['--filter=blob:none'] : [];
  const options = ['--depth=1', ...filter, '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
  return withOwnFolder(cache, { isPartial, base }, async (own) => {
    const args = ['fetch', ...options, '--recurse-submodules=no', '--', 'basekeeper', `+${ref}:${target}`];
    const end = await git.ask(own, args, { signal, into: cache });
    if (end.kind !== 'ended' || end.code !== 0) throw failureOf(git, end);
    const parsed = await git.ask(own, ['rev-parse', '--verify', `${target}^{commit}`], { signal, into: cache });
    const commit = parsed.kind === 'ended' && parsed.code === 0 ? parsed.stdout.toString().trim() : '';
    if (!isObjectId(commit)) throw failureOf(git, parsed);
    return commit;
  });
}

/** @returns `undefined` when not all of it is there. */
async function listTree(git: RemoteGit, cache: ObjectCache, commit: string): Promise<Tree | undefined> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit, '--'];
  const end = await git.read(cache, args, { maxOutputBytes: maxTreeBytes });
  if (end.kind === 'stopped') {
    const reason = 'its tree has more files than are looked at, or takes too long to list';
    throw new RepositoryError('too-large', `cannot read ${git.url.text}: ${reason}`);
  }
  return end.kind === 'ended' && end.code === 0 ? readTree(end.stdout) : undefined;
}
