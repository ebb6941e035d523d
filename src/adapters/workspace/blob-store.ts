import type { RepositoryError } from '../../ports/repositories.ts';
import { refusesObjects } from '../git/git-failure.ts';
import { type ObjectCache, withOwnFolder } from '../git/object-cache.ts';
import { failureOf, type RemoteGit } from '../git/remote-git.ts';
import { cutBatch } from './cut-batch.ts';

/** `missing`: the server has it no more. `too-large`: than was asked, or than is fetched at most. */
export type Content = Buffer | 'missing' | 'too-large';

export type BlobRequest = { readonly id: string; readonly maxBytes: number };

/** How often a request that is too large as a whole is halved, all in all. */
const maxHalvings = 24;
const maxTableBytes = 64 * 1024 * 1024;

/** The content of files of one commit: what is not in the cache is fetched by id, all that is asked for in one request. */
export class BlobStore {
  readonly #git: RemoteGit;
  readonly #cache: ObjectCache;
  /** Fetches the whole commit, for a server that gives no single objects. */
  readonly #fetchWhole: (signal: AbortSignal) => Promise<void>;
  readonly #sizes = new Map<string, number>();
  readonly #oversized = new Set<string>();
  #underWay: Promise<void> = Promise.resolve();
  #waiting: Waiting[] = [];

  constructor(git: RemoteGit, cache: ObjectCache, fetchWhole: (signal: AbortSignal) => Promise<void>) {
    this.#git = git;
    this.#cache = cache;
    this.#fetchWhole = fetchWhole;
  }

  /**
   * Sees to it that content is at hand. One call waits for the other, so that nothing is fetched twice.
   *
   * @throws RepositoryError when the server gives none.
   */
  ensure(ids: readonly string[]): Promise<void> {
    const turn = this.#underWay.then(() => this.#ensureNow(ids));
    this.#underWay = turn.catch(() => undefined);
    return turn;
  }

  /** What is asked for in one turn of the program comes from one run of git. */
  read(request: BlobRequest): Promise<Content> {
    return new Promise((done, failed) => {
      this.#waiting.push({ request, done, failed });
      if (this.#waiting.length === 1) setImmediate(() => this.#readWaiting());
    });
  }

  async #ensureNow(ids: readonly string[]): Promise<void> {
    const unknown = [...new Set(ids)].filter((id) => !this.#sizes.has(id) && !this.#oversized.has(id));
    const missing = await this.#measure(unknown);
    if (missing.length === 0) return;
    const signal = AbortSignal.timeout(this.#git.timeoutMs);
    const failure = await this.#download(missing, signal);
    if (failure !== undefined) throw failure;
  }

  /**
   * A file's size is not told before it is fetched. One that is too large is found by halving the request: it is left
   * out, the others come.
   */
  async #download(ids: readonly string[], signal: AbortSignal): Promise<RepositoryError | undefined> {
    const batches: (readonly string[])[] = [ids];
    let halvings = 0;
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      const end = await withOwnFolder(this.#cache, { isPartial: true }, (own) =>
        this.#git.ask(own, askForObjects, { signal, input: `${batch.join('\n')}\n`, into: this.#cache }),
      );
      if (end.kind === 'ended' && end.code !== 0 && refusesObjects(end.stderr)) {
        await this.#fetchWhole(signal);
        await this.#measure(ids);
        return undefined;
      }
      const missing = await this.#measure(batch);
      if (end.kind === 'ended' && end.code === 0) continue;
      if (missing.length === 0) continue;
      halvings += 1;
      if (end.kind !== 'stopped' || end.cause !== 'too-large' || halvings > maxHalvings)
        return failureOf(this.#git, end);
      const middle = Math.ceil(missing.length / 2);
      if (missing.length === 1) for (const id of missing) this.#oversized.add(id);
      else batches.push(missing.slice(0, middle), missing.slice(middle));
    }
    return undefined;
  }

  /** Notes the sizes of what is at hand. @returns the others. */
  async #measure(ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    const args = ['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)'];
    const options = { input: `${ids.join('\n')}\n`, maxOutputBytes: maxTableBytes };
    const end = await this.#git.read(this.#cache, args, options);
    if (end.kind !== 'ended' || end.code !== 0) throw failureOf(this.#git, end);
    for (const line of end.stdout.toString('latin1').split('\n')) {
      const [id = '', type, size] = line.split(' ');
      if (type === 'blob') this.#sizes.set(id, Number(size));
    }
    return ids.filter((id) => !this.#sizes.has(id));
  }

  async #readWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      await this.ensure(waiting.map(({ request }) => request.id));
      const contents = await this.#contents(waiting.filter(({ request }) => this.#fits(request)));
      for (const { request, done } of waiting) {
        const isThere = this.#sizes.has(request.id);
        const otherwise = isThere || this.#oversized.has(request.id) ? 'too-large' : 'missing';
        done(this.#fits(request) ? (contents.get(request.id) ?? 'missing') : otherwise);
      }
    } catch (error) {
      for (const { failed } of waiting) failed(error);
    }
  }

  #fits({ id, maxBytes }: BlobRequest): boolean {
    return (this.#sizes.get(id) ?? Number.POSITIVE_INFINITY) <= maxBytes;
  }

  async #contents(waiting: readonly Waiting[]): Promise<ReadonlyMap<string, Buffer>> {
    const ids = [...new Set(waiting.map(({ request }) => request.id))];
    if (ids.length === 0) return new Map();
    const sizes = ids.map((id) => this.#sizes.get(id) ?? 0);
    const maxOutputBytes = sizes.reduce((sum, size) => sum + size + 200, 0);
    const end = await this.#git.read(this.#cache, ['cat-file', '--batch'], {
      input: `${ids.join('\n')}\n`,
      maxOutputBytes,
    });
    if (end.kind !== 'ended' || end.code !== 0) throw failureOf(this.#git, end);
    return cutBatch(end.stdout);
  }
}

type Waiting = {
  readonly request: BlobRequest;
  readonly done: (content: Content) => void;
  readonly failed: (error: unknown) => void;
};

/** As git itself asks for what a partial clone lacks. */
const askForObjects = [
  '-c',
  'fetch.negotiationAlgorithm=noop',
  'fetch',
  '--no-tags',
  '--no-write-fetch-head',
  '--recurse-submodules=no',
  '--no-auto-maintenance',
  '--filter=blob:none',
  '--stdin',
  '--',
  'basekeeper',
];
