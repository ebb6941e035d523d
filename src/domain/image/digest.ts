import type { Digest } from './manifest.ts';

/** `sha256:` and 64 lower-case hexadecimal digits: the only kind that registries use. */
export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
}
