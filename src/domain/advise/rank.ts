import { compareText } from '../candidates/compare-digits.ts';

/** How far a base is from the present one; smallest first. `none`: the present one. `refresh`: what its tag stands for now. */
export const jumps = ['none', 'refresh', 'patch', 'minor', 'major', 'other'] as const;
export type Jump = (typeof jumps)[number];

/** What counts when bases are ranked. Findings at or above the threshold that was asked for are the weighty ones. */
export type Weighed = {
  readonly reference: string;
  readonly jump: Jump;
  /** Why it is not to be used however few findings it has: the policy prohibits it, or it is past its end. One clause. */
  readonly ruledOut?: string;
  /** Weighty findings with a fixed version, which a better base would not have. */
  readonly patchable: number;
  /** Weighty findings that the present base has not. */
  readonly added: number;
  /** All findings, of any severity. */
  readonly remaining: number;
  readonly sizeBytes: number | undefined;
};

/**
 * Best first, and total: not ruled out, fewest weighty findings that could be patched (none clears it), nothing weighty added, the smallest
 * jump, fewest findings, size, the text.
 */
export function rank<Base extends Weighed>(bases: readonly Base[]): readonly Base[] {
  return bases.toSorted(compareBases);
}

function compareBases(a: Weighed, b: Weighed): number {
  return (
    Number(a.ruledOut !== undefined) - Number(b.ruledOut !== undefined) ||
    a.patchable - b.patchable ||
    Number(a.added > 0) - Number(b.added > 0) ||
    jumps.indexOf(a.jump) - jumps.indexOf(b.jump) ||
    a.remaining - b.remaining ||
    (a.sizeBytes ?? Number.MAX_SAFE_INTEGER) - (b.sizeBytes ?? Number.MAX_SAFE_INTEGER) ||
    compareText(a.reference, b.reference)
  );
}
