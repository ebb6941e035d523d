import { CatalogUpstreamError } from '../../ports/catalog-upstream.ts';

export type TarEntry = {
  /** As written in the archive: nothing is ever put on disk under it. */
  readonly path: string;
  readonly kind: 'file' | 'global-header' | 'other';
  readonly modifiedAtSeconds: number;
  readonly body: Uint8Array;
};

const block = 512;
const maxEntries = 20_000;

/**
 * The entries of a tar archive as `git archive` writes it (ustar with pax headers), in order.
 *
 * Longer names than ustar holds stand in extended headers, which are given as `other`: none of the files that we look for has one.
 *
 * @throws CatalogUpstreamError when it is cut short or no tar.
 */
export function* readTar(bytes: Uint8Array): Generator<TarEntry> {
  let at = 0;
  for (let count = 0; ; count += 1) {
    const header = bytes.subarray(at, at + block);
    if (header.length < block) throw malformed('the archive is cut short');
    if (header.every((byte) => byte === 0)) return;
    if (count === maxEntries) throw malformed(`the archive has more than ${maxEntries} entries`);
    if (octal(header, 148, 8) !== checksum(header)) throw malformed('the archive has a header that is none');
    const size = octal(header, 124, 12);
    const start = at + block;
    if (start + size > bytes.length) throw malformed('the archive is cut short');
    const prefix = text(header, 345, 155);
    const name = text(header, 0, 100);
    yield {
      path: prefix === '' ? name : `${prefix}/${name}`,
      kind: kinds.get(header[156] ?? 0) ?? 'other',
      modifiedAtSeconds: octal(header, 136, 12),
      body: bytes.subarray(start, start + size),
    };
    at = start + Math.ceil(size / block) * block;
  }
}

const kinds: ReadonlyMap<number, TarEntry['kind']> = new Map([
  [0, 'file'],
  ['0'.charCodeAt(0), 'file'],
  ['g'.charCodeAt(0), 'global-header'],
]);

function text(header: Uint8Array, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}

function octal(header: Uint8Array, at: number, length: number): number {
  const digits = text(header, at, length).trim();
  // Sizes beyond octal are written in binary: of no file of ours.
  if (!/^[0-7]{1,11}$/.test(digits)) throw malformed('the archive has a header that is none');
  return Number.parseInt(digits, 8);
}

/** The sum of all bytes of the header, its own eight counted as blanks. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}

function malformed(message: string): CatalogUpstreamError {
  return new CatalogUpstreamError('malformed', message);
}
