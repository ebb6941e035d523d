import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isBranchName } from '../../domain/fleet/branch-name.ts';
import { parseRepositoryUrl } from '../../domain/fleet/repository-url.ts';
import type { BranchChange, Branches, CommitFacts } from '../../ports/branches.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import { type Connection, type ConnectionRequest, connect } from '../git/connect.ts';
import { isKnown, withOwnFolder } from '../git/object-cache.ts';
import { isObjectId } from '../git/object-id.ts';
import { pushRef } from '../git/push-ref.ts';
import { failureOf } from '../git/remote-git.ts';
import { withToken } from '../git/token-environment.ts';
import { fetchCommit, fetchRepository } from './fetch-repository.ts';
import { makeCommit } from './make-commit.ts';
import { readCommit } from './read-commit.ts';

export type BranchesRequest = ConnectionRequest & {
  /** Shown to this repository's host alone, and only over HTTP. */
  readonly token?: string;
};

export function openBranches(settings: BranchesRequest): Branches {
  const request = withShownToken(settings);
  return {
    open: (branch) => fetchRepository({ ...request, ...(branch === undefined ? {} : { branch }) }),
    list: async (prefix) => listBranches(await connect(request), prefix),
    readCommits: async (revisions) =>
      revisions.length === 0 ? new Map() : readCommits(await connect(request), [...new Set(revisions)]),
    write: async (change) => ({ revision: await writeBranch(await connect(request), change) }),
    remove: async (branch, expected) => removeBranch(await connect(request), branch, expected),
  };
}

export function withShownToken({ token, ...settings }: BranchesRequest): ConnectionRequest {
  const reading = parseRepositoryUrl(settings.url, settings.protocols ?? ['https', 'ssh']);
  const isShown = token !== undefined && reading.kind !== 'refused' && reading.url.protocol !== 'ssh';
  return isShown ? { ...settings, environment: withToken(settings.environment, reading.url, token) } : settings;
}

async function listBranches({ git, cache, signal }: Connection, prefix: string): Promise<ReadonlyMap<string, string>> {
  // A prefix may end in the middle of a name, or be nothing.
  if (!isBranchName(`${prefix}x`)) throw noBranch(git.url.text, prefix);
  const start = 'refs/heads/';
  const end = await withOwnFolder(cache, { isPartial: false }, (own) =>
    git.ask(own, ['ls-remote', '--', 'basekeeper', `${start}${prefix}*`], { signal }),
  );
  if (end.kind !== 'ended' || end.code !== 0) throw failureOf(git, end);
  const found = end.stdout
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [id = '', name = ''] = line.split('\t');
      return isObjectId(id) && name.startsWith(`${start}${prefix}`) ? [[name.slice(start.length), id] as const] : [];
    });
  return new Map(found.filter(([name]) => isBranchName(name)));
}

/** Into a folder that goes at once: a commit without its tree is not to be taken for a whole one. */
function readCommits(
  { git, cache, signal }: Connection,
  revisions: readonly string[],
): Promise<ReadonlyMap<string, CommitFacts>> {
  for (const revision of revisions) requireId(git.url.text, revision);
  return withOwnFolder(cache, { isPartial: true }, async (own) => {
    const into = { folder: own, objects: join(own, 'objects') };
    mkdirSync(join(into.objects, 'pack'));
    const options = ['--depth=1', '--filter=tree:0', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
    const args = ['fetch', ...options, '--recurse-submodules=no', '--', 'basekeeper', ...revisions];
    const end = await git.ask(own, args, { signal, into });
    if (end.kind !== 'ended' || end.code !== 0) throw failureOf(git, end);
    const facts = new Map<string, CommitFacts>();
    for (const revision of revisions) {
      const shown = await git.read(into, ['cat-file', 'commit', revision], { maxOutputBytes: 1024 * 1024 });
      if (shown.kind !== 'ended' || shown.code !== 0) throw failureOf(git, shown);
      facts.set(revision, readCommit(revision, shown.stdout.toString()));
    }
    return facts;
  });
}

async function writeBranch({ git, cache, signal }: Connection, change: BranchChange): Promise<string> {
  const { branch, base, expected } = change;
  if (!isBranchName(branch)) throw noBranch(git.url.text, branch);
  for (const id of [base, ...(expected === undefined ? [] : [expected])]) requireId(git.url.text, id);
  if (!isKnown(cache, base)) await fetchCommit(git, cache, { ref: base, signal });
  return withOwnFolder(cache, { isPartial: true, base }, async (own) => {
    const revision = await makeCommit({ git, own, cache, signal }, change);
    await pushRef({ git, own, signal }, { ref: `refs/heads/${branch}`, expected, revision });
    return revision;
  });
}

async function removeBranch(connection: Connection, branch: string, expected: string): Promise<void> {
  const { git, cache, signal } = connection;
  if (!isBranchName(branch)) throw noBranch(git.url.text, branch);
  requireId(git.url.text, expected);
  if (!(await listBranches(connection, branch)).has(branch)) return;
  await withOwnFolder(cache, { isPartial: false }, (own) =>
    pushRef({ git, own, signal }, { ref: `refs/heads/${branch}`, expected, revision: undefined }),
  );
}

function requireId(url: string, id: string): void {
  if (!isObjectId(id))
    throw new RepositoryError('refused', `cannot use ${url}: ${JSON.stringify(id.slice(0, 100))} is no id of a commit`);
}

function noBranch(url: string, name: string): RepositoryError {
  return new RepositoryError('unknown-branch', `cannot use ${url}: ${JSON.stringify(name.slice(0, 100))} is no branch`);
}
