import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BranchChange } from '../../ports/branches.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import type { ObjectCache } from '../git/object-cache.ts';
import { isObjectId } from '../git/object-id.ts';
import { failureOf, type RemoteGit } from '../git/remote-git.ts';

export type CommitPlace = {
  readonly git: RemoteGit;
  /** A git folder of one's own: its index is there, and all that is made. */
  readonly own: string;
  readonly cache: ObjectCache;
  readonly signal: AbortSignal;
};

/**
 * Makes one commit without a checkout. It has the date of the commit that it is made upon, so that the same change is the
 * same commit however often it is made.
 *
 * @throws RepositoryError `refused` for a path that is no regular file there.
 */
export async function makeCommit(place: CommitPlace, change: BranchChange): Promise<string> {
  const { git, own, cache } = place;
  const { base, files, message, author } = change;
  if (/[<>\0\r\n]/.test(`${author.name}${author.email}`) || message.includes('\0'))
    throw refusal(git, 'the author or the message has characters that git does not take');
  mkdirSync(join(own, 'objects', 'info'), { recursive: true });
  writeFileSync(join(own, 'objects', 'info', 'alternates'), `${resolve(cache.objects)}\n`);
  const entries: string[] = [];
  for (const { path, text } of files) {
    const mode = await modeOf(place, base, path);
    const id = await ask(place, ['hash-object', '-w', '--no-filters', '--stdin'], text);
    entries.push(`${mode} ${id}\t${path}\0`);
  }
  await ask(place, ['read-tree', base]);
  await ask(place, ['update-index', '-z', '--index-info'], entries.join(''));
  // The content of other files is not here.
  const tree = await ask(place, ['write-tree', '--missing-ok']);
  const date = await ask(place, ['show', '-s', '--format=%ct', base, '--']);
  const identity = `${author.name} <${author.email}> ${date} +0000`;
  const header = `tree ${tree}\nparent ${base}\nauthor ${identity}\ncommitter ${identity}\n\n`;
  const text = `${header}${message.endsWith('\n') ? message : `${message}\n`}`;
  return ask(place, ['hash-object', '-t', 'commit', '-w', '--stdin'], text);
}

async function modeOf(place: CommitPlace, base: string, path: string): Promise<string> {
  const shown = JSON.stringify(path.slice(0, 200));
  if (isOdd(path)) throw refusal(place.git, `${shown} is no path of a file in it`);
  const line = await ask(place, ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', base, '--', path]);
  const [, mode, kind, id = '', name] = /^(\d+) (\w+) (\w+)\t([^\0]*)\0$/.exec(line) ?? [];
  if (name !== path || kind !== 'blob' || !isObjectId(id) || (mode !== '100644' && mode !== '100755'))
    throw refusal(place.git, `${shown} is no regular file there (missing, a folder, a link or a submodule)`);
  return mode;
}

/** What no tree could have. Odder names than one would give are taken where they are there: one of them may not keep the others. */
function isOdd(path: string): boolean {
  if (path.length > 4096 || path.includes('\0')) return true;
  return path.split('/').some((part) => ['', '.', '..'].includes(part) || /^\.git[. ]*$|^git~\d+$/i.test(part));
}

async function ask({ git, own, signal }: CommitPlace, args: readonly string[], input?: string): Promise<string> {
  const end = await git.ask(own, args, { signal, ...(input === undefined ? {} : { input }) });
  if (end.kind !== 'ended' || end.code !== 0) throw failureOf(git, end);
  return end.stdout.toString().replace(/\n$/, '');
}

function refusal(git: RemoteGit, reason: string): RepositoryError {
  return new RepositoryError('refused', `cannot write to ${git.url.text}: ${reason}`);
}
