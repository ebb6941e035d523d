import type { ImagePattern } from './pattern.ts';

/** A dated exception with a reason, from the policy file. */
export type Waiver = {
  readonly id: string;
  readonly image: ImagePattern;
  /** Rule ids. */
  readonly rules: readonly string[];
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

/** Rules whose waivers need an approver other than the owner, and that no inline comment can waive (design: waivers). */
export const approvedOnly: ReadonlySet<string> = new Set(['prohibited', 'unpatched-critical', 'unfixed-critical']);
