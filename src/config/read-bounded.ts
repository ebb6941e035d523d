import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

export type BoundedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  /** `reason`: half a sentence behind the file's name. */
  | { readonly kind: 'refused'; readonly reason: string };

/** The text of a file of at most `maxBytes`. Pipes and devices are refused without waiting for them. */
export async function readBounded(path: string, maxBytes: number): Promise<BoundedText> {
  try {
    // A link may lead to a pipe: without O_NONBLOCK opening it would wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) return { kind: 'refused', reason: 'is no file' };
      if (found.size > maxBytes) return { kind: 'refused', reason: `is larger than ${maxBytes / 1024 / 1024} MiB` };
      const buffer = Buffer.alloc(found.size);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return { kind: 'text', text: buffer.toString('utf8', 0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return code === 'ENOENT' ? { kind: 'missing' } : { kind: 'refused', reason: `cannot be read (${code})` };
  }
}
