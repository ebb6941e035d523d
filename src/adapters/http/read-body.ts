import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { HttpError } from './http-error.ts';

const unpackers: ReadonlyMap<string, (packed: Uint8Array, maxBytes: number) => Promise<Uint8Array>> = new Map(
  Object.entries({ gzip: gunzip, 'x-gzip': gunzip, deflate: inflate, br: brotliDecompress }).map(([name, unpack]) => {
    const unpackAll = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(unpack);
    return [name, (packed, maxBytes) => unpackAll(packed, { maxOutputLength: maxBytes })];
  }),
);

/** Reads at most `maxBytes`, and unpacks to at most as many. */
export async function readBody(
  stream: AsyncIterable<Uint8Array>,
  headers: ReadonlyMap<string, readonly string[]>,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    // Leaving the loop cuts the connection: the rest is not waited for.
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const packed = Buffer.concat(chunks, length);
  const encoding = headers.get('content-encoding')?.join(',').trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity' || length === 0) return packed;
  const unpack = unpackers.get(encoding);
  if (unpack === undefined) throw new HttpError('malformed', 'the answer is packed in a way that was not asked for');
  try {
    return await unpack(packed, maxBytes);
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBytes);
    throw new HttpError('malformed', 'the answer cannot be unpacked', { cause: error });
  }
}

export function tooLarge(maxBytes: number): HttpError {
  return new HttpError('too-large', `the answer is larger than ${maxBytes} bytes`);
}
