import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../../domain/source/instant.ts';
import type { Connection } from '../../git/connect.ts';
import { refusesObjects } from '../../git/git-failure.ts';
import { withOwnFolder } from '../../git/object-cache.ts';
import { isObjectId } from '../../git/object-id.ts';
import { pushRef } from '../../git/push-ref.ts';
import { failureOf } from '../../git/remote-git.ts';
import type { GitEnd } from '../../git/run-git.ts';

/** A git folder that goes when the work is done, and one repository elsewhere. @throws RepositoryError from every call. */
export type Scratch = {
  readonly address: string;
  listRefs(): Promise<Refs>;
  /** @param options.filter what the server is to leave out, where it can. */
  fetchObjects(ids: readonly string[], options: { readonly depth: number; readonly filter?: string }): Promise<void>;
  /** `missing`: the server has none. `refused`: one of an older protocol gives only what references lead to. */
  fetchCommit(id: string, depth: number): Promise<'fetched' | 'missing' | 'refused'>;
  /** What git says of what was fetched. */
  read(args: readonly string[]): Promise<string>;
  /** Its exit code, for questions that it answers so. */
  ask(args: readonly string[]): Promise<number | undefined>;
  /** Contents of blobs, or of `COMMIT:PATH`, that are there and not larger than this, by what they were asked as. */
  readBlobs(names: readonly string[], maxBytes: number): Promise<ReadonlyMap<string, string>>;
  /** Puts a reference on a commit of its own with this one file. */
  writeFile(ref: string, file: WrittenFile): Promise<void>;
};

export type Refs = {
  /** Full names and what they lead to. */
  readonly ids: ReadonlyMap<string, string>;
  /** The branch that the server shows first. */
  readonly defaultBranch: string | undefined;
};

export type WrittenFile = {
  readonly name: string;
  readonly text: string;
  readonly message: string;
  readonly at: Instant;
  /** What the reference leads to now. */
  readonly expected: string | undefined;
};

const maxTextBytes = 64 * 1024 * 1024;
const fetchOptions = ['--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--recurse-submodules=no'];
const nobody = 'Basekeeper <basekeeper@localhost>';

/** @param count is told of each request. */
export function withScratch<T>(
  { git, cache, signal }: Connection,
  count: () => void,
  use: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  return withOwnFolder(cache, { isPartial: true }, (own) => {
    const into = { folder: own, objects: join(own, 'objects') };
    mkdirSync(join(into.objects, 'pack'));

    const request = (args: readonly string[], input?: string) => {
      count();
      return git.ask(own, args, { signal, into, ...(input === undefined ? {} : { input }) });
    };
    const outputOf = (end: GitEnd) => {
      if (end.kind !== 'ended' || end.code !== 0) throw failureOf(git, end);
      return end.stdout;
    };
    const read = async (args: readonly string[], input = '') =>
      outputOf(await git.read(into, args, { maxOutputBytes: maxTextBytes, input }));
    const fetchIds = (
      ids: readonly string[],
      { depth, filter }: { readonly depth: number; readonly filter?: string },
    ) => {
      const partial = filter === undefined ? [] : [`--filter=${filter}`];
      // There can be more ids than a command line takes.
      const args = ['fetch', `--depth=${depth}`, ...partial, ...fetchOptions, '--stdin', '--', 'basekeeper'];
      return request(args, ids.map((id) => `${id}\n`).join(''));
    };
    const make = async (args: readonly string[], input: string) =>
      outputOf(await git.ask(own, args, { signal, input }))
        .toString()
        .trim();

    return use({
      address: git.url.text,
      listRefs: async () => readRefs(outputOf(await request(['ls-remote', '--symref', '--', 'basekeeper'])).toString()),
      fetchObjects: async (ids, options) => {
        if (ids.length > 0) outputOf(await fetchIds([...new Set(ids)], options));
      },
      async fetchCommit(id, depth) {
        const end = await fetchIds([id], { depth, filter: 'blob:none' });
        if (end.kind === 'ended' && end.code !== 0 && refusesObjects(end.stderr))
          return end.stderr.includes('not our ref') ? 'missing' : 'refused';
        outputOf(end);
        return 'fetched';
      },
      read: async (args) => (await read(args)).toString(),
      async ask(args) {
        const end = await git.read(into, args, { maxOutputBytes: maxTextBytes });
        return end.kind === 'ended' ? end.code : undefined;
      },
      readBlobs: (names, maxBytes) => readBlobs(read, names, maxBytes),
      async writeFile(ref, { name, text, message, at, expected }) {
        const blob = await make(['hash-object', '-w', '--no-filters', '--stdin'], text);
        const tree = await make(['mktree'], `100644 blob ${blob}\t${name}\n`);
        const identity = `${nobody} ${Math.floor(at / 1000)} +0000`;
        const commit = `tree ${tree}\nauthor ${identity}\ncommitter ${identity}\n\n${message}\n`;
        const revision = await make(['hash-object', '-t', 'commit', '-w', '--stdin'], commit);
        if (revision === expected) return;
        count();
        await pushRef({ git, own, signal }, { ref, expected, revision });
      },
    });
  });
}

function readRefs(output: string): Refs {
  const ids = new Map<string, string>();
  let defaultBranch: string | undefined;
  for (const line of output.split('\n')) {
    const [id = '', name = ''] = line.split('\t');
    if (isObjectId(id)) ids.set(name, id);
    else if (name === 'HEAD' && id.startsWith('ref: refs/heads/')) defaultBranch = id.slice('ref: refs/heads/'.length);
  }
  return { ids, defaultBranch };
}

/** Sizes first: a small pack can hold a text that fills the memory. */
async function readBlobs(
  run: (args: readonly string[], input: string) => Promise<Buffer>,
  names: readonly string[],
  maxBytes: number,
): Promise<ReadonlyMap<string, string>> {
  const input = (asked: readonly string[]) => asked.map((name) => `${name}\n`).join('');
  const answer = await run(['cat-file', '--batch-check=%(objecttype) %(objectsize)'], input(names));
  const found = answer
    .toString()
    .split('\n')
    .map((line) => line.split(' '));
  const wanted = names.flatMap((name, at) => {
    const [kind, size] = found[at] ?? [];
    return kind === 'blob' && Number(size) <= maxBytes ? [{ name, size: Number(size) }] : [];
  });
  const output = await run(['cat-file', '--batch'], input(wanted.map(({ name }) => name)));
  const contents = new Map<string, string>();
  let start = 0;
  for (const { name, size } of wanted) {
    start = output.indexOf(10, start) + 1;
    contents.set(name, output.toString('utf8', start, start + size));
    start += size + 1;
  }
  return contents;
}
