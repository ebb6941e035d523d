import type { AuditHead, Sha256 } from './audit-chain.ts';

/** What is wrong with a line. `expected`: the event that should stand there. */
export type BrokenLine =
  /** No line of an export: something was written into it, or it was cut off. */
  | { readonly kind: 'unreadable'; readonly expected: number }
  /** Its hash is not that of its content. */
  | { readonly kind: 'changed'; readonly expected: number }
  /** A later event stands there. */
  | { readonly kind: 'missing'; readonly expected: number; readonly found: number }
  /** An event that had its turn before, or was moved. */
  | { readonly kind: 'out-of-order'; readonly expected: number; readonly found: number }
  /** Whole in itself, but made after other events than those before it. */
  | { readonly kind: 'untied'; readonly expected: number };

const hashed = /,"hash":"([0-9a-f]{64})"\}$/;
const tied = /,"previous":"([0-9a-f]{64})","sequence":([1-9]\d{0,14})\}$/;

/**
 * Holds one line of an export against the events before it.
 *
 * @param before what is proven so far.
 * @returns what is proven with it, or what is wrong.
 */
export function checkLine(before: AuditHead, line: string, sha256: Sha256): AuditHead | BrokenLine {
  const expected = before.sequence + 1;
  const hash = hashed.exec(line.slice(-hashLength))?.[1];
  if (hash === undefined || line.length < hashLength) return { kind: 'unreadable', expected };
  const link = `${line.slice(0, -hashLength)}}`;
  if (sha256(link) !== hash) return { kind: 'changed', expected };
  const [, previous, sequence] = tied.exec(link.slice(-tiedLength)) ?? [];
  if (previous === undefined || sequence === undefined) return { kind: 'unreadable', expected };
  const found = Number(sequence);
  if (found > expected) return { kind: 'missing', expected, found };
  if (found < expected) return { kind: 'out-of-order', expected, found };
  return previous === before.hash ? { sequence: found, hash } : { kind: 'untied', expected };
}

/** Which event a line says it is; nothing of it is proven. */
export function sequenceOf(line: string): number | undefined {
  const told = /,"sequence":([1-9]\d{0,14}),"hash":"[0-9a-f]{64}"\}$/.exec(line.slice(-hashLength - tiedLength))?.[1];
  return told === undefined ? undefined : Number(told);
}

/** `,"hash":"…"}` */
const hashLength = 75;
/** `,"previous":"…","sequence":…}` with the longest number there is. */
const tiedLength = 110;
