import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isBranchName } from '../../domain/fleet/branch-name.ts';
import type { CommitTrace, TracedCommit, TraceRequest } from '../../ports/releases.ts';
import type { Connection } from '../git/connect.ts';
import { type ObjectCache, withOwnFolder } from '../git/object-cache.ts';
import { isObjectId } from '../git/object-id.ts';
import { failureOf } from '../git/remote-git.ts';

/** Each that is on no branch costs a request. */
const maxAskedApart = 20;
const maxOutputBytes = 64 * 1024;

/** Fetches commits alone, into a folder that goes at once: those without their trees are not to be taken for whole ones. @throws RepositoryError */
export function traceCommits(connection: Connection, request: TraceRequest): Promise<CommitTrace> {
  const { cache } = connection;
  return withOwnFolder(cache, { isPartial: true }, async (own) => {
    const into = { folder: own, objects: join(own, 'objects') };
    mkdirSync(join(into.objects, 'pack'), { recursive: true });
    const history = new History(connection, own, into);
    const tags = request.tags.filter(isBranchName);
    await history.fetchRefs(request.head, tags);
    const commits = [...new Set(request.commits.filter(isObjectId))];
    const since = [...new Set(request.since.filter(isObjectId))];
    let apart = 0;
    for (const id of [...commits, ...since])
      if (!(await history.has(id)) && apart++ < maxAskedApart) await history.fetchCommit(id);
    const traced = async (name: string) => history.trace(name, since);
    return {
      commits: await answered(commits, traced),
      tags: await answered(tags, (tag) => traced(`${tagRef}${tag}`)),
      isWhole: history.isWhole(),
    };
  });
}

const headRef = 'refs/basekeeper/head';
const tagRef = 'refs/basekeeper/tags/';
const options = [
  ...['--filter=tree:0', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'],
  ...['--update-shallow', '--recurse-submodules=no'],
];

class History {
  readonly #connection: Connection;
  readonly #own: string;
  readonly #into: ObjectCache;

  constructor(connection: Connection, own: string, into: ObjectCache) {
    this.#connection = connection;
    this.#own = own;
    this.#into = into;
  }

  async fetchRefs(head: string | undefined, tags: readonly string[]): Promise<void> {
    const end = await this.#askFor([
      `+${head !== undefined && isObjectId(head) ? head : 'HEAD'}:${headRef}`,
      ...tags.map((tag) => `+refs/tags/${tag}:${tagRef}${tag}`),
    ]);
    if (end.kind !== 'ended' || end.code !== 0) throw failureOf(this.#connection.git, end);
  }

  /** One that the server does not have is not there afterwards. */
  async fetchCommit(id: string): Promise<void> {
    const end = await this.#askFor([id]);
    if (end.kind !== 'ended') throw failureOf(this.#connection.git, end);
  }

  async has(id: string): Promise<boolean> {
    return (await this.#read(['cat-file', '-e', `${id}^{commit}`])) !== undefined;
  }

  async trace(name: string, since: readonly string[]): Promise<TracedCommit | undefined> {
    const found = await this.#read(['rev-list', '-1', '--no-commit-header', '--format=%H %ct', `${name}^{commit}`]);
    const [, revision, seconds] = /^([0-9a-f]{40,64}) (\d{1,12})$/.exec(found?.trim() ?? '') ?? [];
    if (revision === undefined) return undefined;
    const follows: string[] = [];
    for (const one of since) if (await this.#isBefore(one, revision)) follows.push(one);
    const isOnBranch = await this.#isBefore(revision, headRef);
    return { revision, committedAt: Number(seconds) * 1000, isOnBranch, follows };
  }

  isWhole(): boolean {
    const shallow = join(this.#own, 'shallow');
    return !existsSync(shallow) || statSync(shallow).size === 0;
  }

  async #isBefore(one: string, other: string): Promise<boolean> {
    return (await this.#read(['merge-base', '--is-ancestor', one, other])) !== undefined;
  }

  #askFor(wanted: readonly string[]) {
    const { git, signal } = this.#connection;
    return git.ask(this.#own, ['fetch', ...options, '--', 'basekeeper', ...wanted], { signal, into: this.#into });
  }

  /** @returns `undefined` where git says no */
  async #read(args: readonly string[]): Promise<string | undefined> {
    const end = await this.#connection.git.read(this.#into, args, { maxOutputBytes });
    if (end.kind !== 'ended') throw failureOf(this.#connection.git, end);
    return end.code === 0 ? end.stdout.toString() : undefined;
  }
}

async function answered(
  names: readonly string[],
  ask: (name: string) => Promise<TracedCommit | undefined>,
): Promise<ReadonlyMap<string, TracedCommit>> {
  const found = new Map<string, TracedCommit>();
  for (const name of names) {
    const traced = await ask(name);
    if (traced !== undefined) found.set(name, traced);
  }
  return found;
}
