import type { ImagePattern } from './pattern.ts';

/** A dated exception with a reason, from the policy file. */
export type Waiver = {
  readonly id: string;
  readonly image: ImagePattern;
  /** Rule ids; of a waiver of findings also `deadlines`, and none where it holds for whatever judges them. */
  readonly rules: readonly string[];
  /** Only these findings; absent: the rules as a whole. */
  readonly findings?: NamedFindings;
  /** Path glob; absent means everywhere. */
  readonly path?: string;
  readonly reason: string;
  readonly owner: string;
  readonly approvedBy?: string;
  /** ISO date: the last day on which it holds. */
  readonly expires: string;
  /** The file it stands in and its line, for messages. */
  readonly file: string;
  readonly line: number;
};

/** `ids`: `CVE-2026-1234`, in capitals. `sourcePackage`: absent means in any. */
export type NamedFindings = { readonly ids: readonly string[]; readonly sourcePackage?: string };

/** Rules whose waivers need an approver other than the owner, and that no inline comment can waive (design: waivers). */
export const approvedOnly: ReadonlySet<string> = new Set(['prohibited', 'unpatched-critical', 'unfixed-critical']);
