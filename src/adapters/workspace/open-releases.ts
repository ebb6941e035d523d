import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isBranchName } from '../../domain/fleet/branch-name.ts';
import type { PublishedRelease, Releases } from '../../ports/releases.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import { type Connection, connect, connectFolder, type FolderRequest } from '../git/connect.ts';
import { withOwnFolder } from '../git/object-cache.ts';
import { isObjectId } from '../git/object-id.ts';
import { failureOf } from '../git/remote-git.ts';
import { BlobStore } from './blob-store.ts';
import { CommitWorkspace } from './commit-workspace.ts';
import { fetchCommit } from './fetch-repository.ts';
import { type BranchesRequest, withShownToken } from './open-branches.ts';
import { traceCommits } from './trace-commits.ts';

const start = 'refs/tags/';
const maxObjectBytes = 1024 * 1024;

export function openReleases(settings: BranchesRequest): Releases {
  return releasesOf(() => connect(withShownToken(settings)));
}

/** Of a repository on this machine, that somebody who works on it named. */
export function openReleasesOfFolder(folder: string, request: FolderRequest): Releases {
  return releasesOf(async () => connectFolder(folder, request));
}

/** @param connected anew for each call, which has its own time. */
function releasesOf(connected: () => Promise<Connection>): Releases {
  return {
    async list(choose) {
      const connection = await connected();
      const tags = await listTags(connection);
      const chosen = choose([...tags.keys()]).flatMap((name) => {
        const id = tags.get(name);
        return id === undefined ? [] : [{ name, id }];
      });
      return chosen.length === 0 ? [] : readDates(connection, chosen);
    },
    async open(name) {
      const { git, cache, signal } = await connected();
      if (!isBranchName(name))
        throw new RepositoryError('unknown-branch', `cannot read ${git.url.text}: ${JSON.stringify(name)} is no tag`);
      const ref = `${start}${name}`;
      const { commit, tree, cache: filled } = await fetchCommit(git, cache, { ref, signal });
      const fetchAgain = async (deadline: AbortSignal) =>
        void (await fetchCommit(git, filled, { ref, signal: deadline, isWhole: true }));
      return new CommitWorkspace(commit, tree, new BlobStore(git, filled, fetchAgain));
    },
    trace: async (request) => traceCommits(await connected(), request),
  };
}

/** By name, what each leads to: a tag object, or a commit. */
async function listTags({ git, cache, signal }: Connection): Promise<ReadonlyMap<string, string>> {
  const end = await withOwnFolder(cache, { isPartial: false }, (own) =>
    git.ask(own, ['ls-remote', '--refs', '--tags', '--', 'basekeeper'], { signal }),
  );
  if (end.kind !== 'ended' || end.code !== 0) throw failureOf(git, end);
  const lines = end.stdout.toString().split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [id = '', ref = ''] = line.split('\t');
      const name = ref.slice(start.length);
      return isObjectId(id) && ref.startsWith(start) && isBranchName(name) ? [[name, id] as const] : [];
    }),
  );
}

/** Into a folder that goes at once: commits without their trees are not to be taken for whole ones. */
function readDates(
  { git, cache, signal }: Connection,
  tags: readonly { readonly name: string; readonly id: string }[],
): Promise<readonly PublishedRelease[]> {
  return withOwnFolder(cache, { isPartial: true }, async (own) => {
    const into = { folder: own, objects: join(own, 'objects') };
    mkdirSync(join(into.objects, 'pack'), { recursive: true });
    const options = ['--depth=1', '--filter=tree:0', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
    const refs = tags.map(({ name }) => `${start}${name}`);
    const args = ['fetch', ...options, '--recurse-submodules=no', '--', 'basekeeper', ...refs];
    const end = await git.ask(own, args, { signal, into });
    if (end.kind !== 'ended' || end.code !== 0) throw failureOf(git, end);
    const dated: PublishedRelease[] = [];
    for (const { name, id } of tags) {
      const shown = await git.read(into, ['cat-file', '-p', id], { maxOutputBytes: maxObjectBytes });
      if (shown.kind !== 'ended' || shown.code !== 0) throw failureOf(git, shown);
      const text = shown.stdout.toString();
      // A tag of its own says who made it when; a light one is its commit.
      const publishedAt = dateIn(text, 'tagger') ?? dateIn(text, 'committer');
      if (publishedAt !== undefined) dated.push({ name, publishedAt });
    }
    return dated;
  });
}

/** `tagger A Name <a@example.org> 1764000000 +0100` */
function dateIn(text: string, key: 'tagger' | 'committer'): number | undefined {
  const header = text.slice(0, Math.max(0, text.indexOf('\n\n')) || text.length);
  const line = header.split('\n').find((one) => one.startsWith(`${key} `));
  const seconds = /> (\d{1,12}) [+-]\d{4}$/.exec(line ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
