import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Digest } from '../../domain/image/manifest.ts';
import type { Instant } from '../../domain/source/instant.ts';

const defaultMaxBytes = 512 * 1024 * 1024;
// No manifest and no config is larger.
const maxEntryBytes = 8 * 1024 * 1024;
const dayMs = 86_400_000;
/** Of the bound: how much is written between two looks at the whole folder. */
const trimShare = 0.1;

/**
 * Content by digest on disk, for ever, up to a size; what was not used for longest goes first. Notes that were made on a
 * day (an answer of "not there", a publisher's badge) lie beside it. A folder that cannot be written is no cache, not an error.
 */
export class ContentCache {
  readonly #folder: string | undefined;
  readonly #clock: () => Instant;
  readonly #maxBytes: number;
  #writtenBytes = 0;

  constructor(folder: string | undefined, clock: () => Instant, maxBytes = defaultMaxBytes) {
    this.#folder = folder;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  /** Verified against its digest; what is damaged is dropped. */
  async read(digest: Digest): Promise<Uint8Array | undefined> {
    const path = this.#pathOf(digest);
    const bytes = await readEntry(path);
    if (path === undefined || bytes === undefined) return undefined;
    if (sha256(bytes) !== digest) {
      await remove(path);
      return undefined;
    }
    const seconds = this.#clock() / 1000;
    await utimes(path, seconds, seconds).catch(() => undefined);
    return bytes;
  }

  async write(digest: Digest, bytes: Uint8Array): Promise<void> {
    await this.#put(this.#pathOf(digest), bytes);
    // A process that runs for weeks must not fill the disk before it ends.
    if (this.#writtenBytes > this.#maxBytes * trimShare) await this.trim();
  }

  /** A note of at most an age. */
  async readNote(name: string, maxAgeMs = dayMs): Promise<unknown> {
    const bytes = await readEntry(this.#notePath(name));
    if (bytes === undefined) return undefined;
    try {
      const note = JSON.parse(bytes.toString('utf8')) as { at?: unknown; value?: unknown };
      const now = this.#clock();
      const isFresh = typeof note.at === 'number' && note.at <= now && now - note.at < maxAgeMs;
      return isFresh ? note.value : undefined;
    } catch {
      return undefined;
    }
  }

  async writeNote(name: string, value: unknown): Promise<void> {
    await this.#put(this.#notePath(name), Buffer.from(JSON.stringify({ at: this.#clock(), value })));
  }

  /** Keeps the folder within its size: the least lately used files go. */
  async trim(): Promise<void> {
    const folder = this.#folder;
    if (folder === undefined || this.#writtenBytes === 0) return;
    this.#writtenBytes = 0;
    const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = await Promise.all(
      names
        .filter((entry) => entry.isFile())
        .map(async (entry) => {
          const path = join(entry.parentPath, entry.name);
          const { size = 0, mtimeMs = 0 } = (await stat(path).catch(() => undefined)) ?? {};
          return { path, size, mtimeMs };
        }),
    );
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (total <= this.#maxBytes) return;
      await remove(path);
      total -= size;
    }
  }

  #pathOf(digest: Digest): string | undefined {
    const hex = digest.slice('sha256:'.length);
    return this.#folder === undefined ? undefined : join(this.#folder, 'sha256', hex.slice(0, 2), hex);
  }

  #notePath(name: string): string | undefined {
    const hex = createHash('sha256').update(name).digest('hex');
    return this.#folder === undefined ? undefined : join(this.#folder, 'notes', hex.slice(0, 2), hex);
  }

  async #put(path: string | undefined, bytes: Uint8Array): Promise<void> {
    if (path === undefined) return;
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(temporary, bytes, { flag: 'wx', mode: 0o600 });
      await rename(temporary, path);
      this.#writtenBytes += bytes.length;
    } catch {
      await remove(temporary);
    }
  }
}

/** A file of ours, or nothing: a link or a pipe in its place may lead to what has no end. */
async function readEntry(path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      return found.isFile() && found.size <= maxEntryBytes ? await file.readFile() : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** What cannot be removed stays: it is checked whenever it is read. */
async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

export function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
