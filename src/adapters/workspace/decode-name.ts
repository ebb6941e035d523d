import type { Refused } from '../../ports/workspace.ts';

export type DecodedName =
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'refused'; readonly refused: Refused };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A file name as text. Names are bytes to the system; one that is no UTF-8 could not be opened by what is printed of it. */
export function decodeName(name: Uint8Array): DecodedName {
  try {
    return { kind: 'name', text: utf8.decode(name) };
  } catch {
    const path = Buffer.from(name).toString();
    return { kind: 'refused', refused: { path, reason: 'its name is not UTF-8, rename it', severity: 'error' } };
  }
}
