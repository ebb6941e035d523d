import type { Digest } from '../image/manifest.ts';
import type { TagSlot } from '../image/tag.ts';

/**
 * What a step changes: the first number of the version (`major`), the second (`minor`), a later one, a revision or a build
 * date (`patch`), only the operating system (`os`), what the same tag stands for (`digest`), the repository (`successor`).
 */
export type Lane = 'digest' | 'patch' | 'minor' | 'major' | 'os' | 'successor';

/**
 * A tag as a registry lists it. `pushedAt`: ISO 8601 in UTC, a day or an instant. `digest`, `platforms`: what it stands for,
 * where that was read.
 */
export type ListedTag = {
  readonly tag: string;
  readonly pushedAt?: string;
  readonly digest?: Digest;
  readonly platforms?: readonly string[];
};

export type Candidate = {
  readonly lane: Lane;
  readonly tag: string;
  /** In full; only for a successor, whose tag stands in another repository. */
  readonly repository?: string;
  /** One clause each; the first says what the step is. */
  readonly reasons: readonly string[];
};

export type Rejection = { readonly tag: string; readonly reason: string };

/** Every listed tag other than the present one is a candidate or rejected, never both. */
export type Candidates = {
  /** The present tag, taken apart; empty for none. */
  readonly slots: readonly TagSlot[];
  /** At most one per lane: patch, minor, major, os, successor. */
  readonly candidates: readonly Candidate[];
  /** The newest tag within the present line; null when there is none, and always for a tag that names only a line. */
  readonly recommended: string | null;
  /** Sorted by tag. */
  readonly rejected: readonly Rejection[];
};
