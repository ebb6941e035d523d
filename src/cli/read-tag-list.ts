import { closeSync, openSync, readSync } from 'node:fs';
import type { ListedTag } from '../domain/candidates/candidate.ts';
import { parseTagList } from '../domain/candidates/tag-list.ts';
import { visible } from '../render/visible.ts';
import { UsageError } from './failure.ts';

// The longest tag with an instant takes 160 bytes; the largest repositories have some hundred thousand tags.
const maxBytes = 32 * 1024 * 1024;
const shownProblems = 10;

/** @throws UsageError when the file cannot be read, is too large, or has lines that are no tag; each is told. */
export function readTagList(path: string): readonly ListedTag[] {
  const { tags, problems } = parseTagList(readBounded(path));
  if (problems.length === 0) return tags;
  const lines = problems.slice(0, shownProblems).map(({ line, message }) => `${path}:${line}: ${visible(message)}`);
  const more = problems.length > shownProblems ? [`and more lines like these`] : [];
  throw new UsageError(`the list of tags was not accepted\n  ${[...lines, ...more].join('\n  ')}`);
}

function readBounded(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const chunks: Buffer[] = [];
      for (let size = 0; ; ) {
        const chunk = Buffer.alloc(64 * 1024);
        const length = readSync(file, chunk);
        if (length === 0) return Buffer.concat(chunks).toString('utf8');
        size += length;
        if (size > maxBytes)
          throw new UsageError(`cannot read ${path}: it is larger than ${maxBytes / 1024 / 1024} MiB`);
        chunks.push(chunk.subarray(0, length));
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new UsageError(`cannot read ${path}: ${reason}`);
  }
}
