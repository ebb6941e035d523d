import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The objects of one repository that were fetched, and which commits are whole.
 *
 * No lock is needed: what processes share is `objects/`, to which git adds packs by renaming them into place, and empty
 * files named after the commits that are there. Everything that git changes in place (references, `shallow`, its lock
 * files) lies in a git folder of each run's own. A run that is killed leaves that folder and half a pack under a temporary
 * name: both are never read, and go with their generation.
 */
export type ObjectCache = {
  /** A bare git folder without a remote: git reads in it and can fetch nothing. */
  readonly folder: string;
  readonly objects: string;
};

/** Packs only add up. With so many, or so much, a new generation begins. */
const maxPacks = 128;

export type CacheBounds = { readonly maxBytes: number };

/** The newest generation, or a new one where that is full. */
export function openCache(cacheFolder: string, url: string, { maxBytes }: CacheBounds): ObjectCache {
  const home = join(cacheFolder, folderName(url));
  const newest = Math.max(1, ...generationsOf(home));
  const cache = prepare(home, newest);
  const isFull = readdirSync(join(cache.objects, 'pack')).length > 3 * maxPacks || packBytes(cache) > maxBytes;
  return isFull ? beginAnew(cacheFolder, url) : cache;
}

/** A generation of nothing. The one before stays for whoever reads it; those before that are removed. */
export function beginAnew(cacheFolder: string, url: string): ObjectCache {
  const home = join(cacheFolder, folderName(url));
  const generations = generationsOf(home);
  const next = Math.max(0, ...generations) + 1;
  for (const old of generations)
    if (old < next - 1) rmSync(join(home, String(old)), { recursive: true, force: true, maxRetries: 3 });
  return prepare(home, next);
}

/** Room that packs take, half ones too. */
export function packBytes({ objects }: ObjectCache): number {
  const folder = join(objects, 'pack');
  return readdirSync(folder).reduce((sum, name) => {
    const size = statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
    return sum + size;
  }, 0);
}

export function isKnown({ folder }: ObjectCache, commit: string): boolean {
  return existsSync(join(folder, 'known', commit));
}

export function addKnown({ folder }: ObjectCache, commit: string): void {
  writeFileSync(join(folder, 'known', commit), '');
}

/** The commit that was fetched last: the server need not send again what is in it. */
export function lastKnown({ folder }: ObjectCache): string | undefined {
  const known = readdirSync(join(folder, 'known')).map((commit) => ({
    commit,
    at: statSync(join(folder, 'known', commit), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }));
  return known.sort((a, b) => b.at - a.at)[0]?.commit;
}

/**
 * Lends a git folder of one's own that adds to the cache's objects.
 *
 * @param base a known commit, told to the server as had.
 * @param isPartial content may be missing, as the server was asked to leave it out.
 */
export async function withOwnFolder<T>(
  { folder }: ObjectCache,
  { base, isPartial }: { readonly base?: string | undefined; readonly isPartial: boolean },
  use: (own: string) => Promise<T>,
): Promise<T> {
  const own = join(folder, `own-${randomBytes(8).toString('hex')}`);
  try {
    writeGitFolder(own, isPartial ? partial : plain);
    if (base !== undefined) {
      mkdirSync(join(own, 'refs', 'basekeeper'));
      writeFileSync(join(own, 'refs', 'basekeeper', 'base'), `${base}\n`);
      writeFileSync(join(own, 'shallow'), `${base}\n`);
    }
    return await use(own);
  } finally {
    rmSync(own, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The hash keeps repositories apart, the rest is for people who look into the folder. */
function folderName(url: string): string {
  const tail = url.replace(/[^A-Za-z0-9._-]+/g, '-').slice(-60);
  return `${createHash('sha256').update(url).digest('hex').slice(0, 32)}${tail.startsWith('-') ? '' : '-'}${tail}`;
}

function generationsOf(home: string): readonly number[] {
  if (!existsSync(home)) return [];
  return readdirSync(home)
    .filter((name) => /^[1-9]\d{0,8}$/.test(name))
    .map(Number);
}

const plain = '[core]\n\trepositoryformatversion = 0\n\tbare = true\n';
const partial = `[core]
	repositoryformatversion = 1
	bare = true
[extensions]
	partialClone = basekeeper
[remote "basekeeper"]
	promisor = true
	partialclonefilter = blob:none
`;

/** Nobody else may read: a repository may be private. */
function prepare(home: string, generation: number): ObjectCache {
  const folder = join(home, String(generation));
  const cache = { folder, objects: join(folder, 'objects') };
  writeGitFolder(folder, plain);
  mkdirSync(join(folder, 'known'), { recursive: true, mode: 0o700 });
  mkdirSync(join(cache.objects, 'pack'), { recursive: true, mode: 0o700 });
  return cache;
}

/** What `git init` would write, without its templates and hooks. */
function writeGitFolder(folder: string, config: string): void {
  mkdirSync(join(folder, 'refs'), { recursive: true, mode: 0o700 });
  mkdirSync(join(folder, 'objects'), { recursive: true, mode: 0o700 });
  if (existsSync(join(folder, 'HEAD'))) return;
  writeFileSync(join(folder, 'config'), config);
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
}
