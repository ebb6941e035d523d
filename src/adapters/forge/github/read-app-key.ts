import { open } from 'node:fs/promises';
import { ForgeError } from '../../../ports/forge.ts';

// A key of 16384 bits has 13 kB.
const maxBytes = 65_536;

/** @returns the PEM text; nothing of it is ever told */
export async function readAppKey(
  place: { readonly text: string } | { readonly file: string } | undefined,
): Promise<string> {
  if (place === undefined)
    throw new ForgeError(
      'unauthorized',
      'cannot act as the GitHub App: it has no private key; set BASEKEEPER_APP_PRIVATE_KEY or BASEKEEPER_APP_PRIVATE_KEY_FILE',
    );
  if ('text' in place) return place.text;
  try {
    const file = await open(place.file, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ForgeError(
      'unauthorized',
      `cannot read the private key of the GitHub App at ${place.file} (${code}); check BASEKEEPER_APP_PRIVATE_KEY_FILE`,
    );
  }
}
