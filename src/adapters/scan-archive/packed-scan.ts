import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { KeptScan } from '../../ports/scan-archive.ts';

/** Raised when what is kept gets another form: files of another one were not kept. */
const format = 1;
/** Reports of images with thousands of findings have some MB packed. */
export const maxPackedBytes = 32 * 1024 * 1024;
const maxTextBytes = 256 * 1024 * 1024;

export async function packScan(scan: KeptScan): Promise<Buffer> {
  return promisify(gzip)(JSON.stringify({ format, ...scan }), { level: 6 });
}

/** `undefined` for what is not there, is too large, or was not written whole: gzip carries length and checksum. */
export async function readPackedScan(path: string): Promise<KeptScan | undefined> {
  const packed = await readFileOfOurs(path);
  if (packed === undefined) return undefined;
  try {
    const text = await promisify(gunzip)(packed, { maxOutputLength: maxTextBytes });
    // Written by `packScan` of this format, as its checksum tells.
    const { format: written, ...scan } = JSON.parse(text.toString('utf8')) as KeptScan & { readonly format: number };
    return written === format ? scan : undefined;
  } catch {
    return undefined;
  }
}

/** A link or a pipe in its place may lead to what has no end. */
async function readFileOfOurs(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      return found.isFile() && found.size <= maxPackedBytes ? await file.readFile() : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
