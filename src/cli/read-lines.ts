import { createReadStream } from 'node:fs';
import { UsageError } from './failure.ts';

/** Longer ones are cut there, and have no end then. */
const maxLineBytes = 1 << 20;

/**
 * The lines of a file of any size, with their ends. Each character stands for one byte, so that bytes that are no text are told
 * apart as well.
 */
export async function* readLines(path: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
      const lines = (rest + String(chunk)).split(/(?<=\n)/);
      rest = lines.at(-1)?.endsWith('\n') === true ? '' : (lines.pop() ?? '');
      // The beginning of what is too long is enough: it is no line of ours.
      if (rest.length > maxLineBytes) rest = rest.slice(0, maxLineBytes);
      yield lines;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UsageError(`cannot read ${path}: ${code === 'ENOENT' ? 'there is no such file' : code}`, {
      cause: error,
    });
  }
  if (rest !== '') yield [rest];
}
