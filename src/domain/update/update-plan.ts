import type { Lane } from '../candidates/candidate.ts';
import type { Edit } from '../dockerfile/edit.ts';
import type { Role } from '../image/image-use.ts';
import type { Reference } from '../image/reference.ts';

/**
 * `policy`: what `check` says to write instead, whatever number that changes. `interim`: packages of a base are upgraded until it is
 * patched itself; `interim-end`: that upgrade goes again. Both change no image: `from` is `to`.
 */
export type UpdateLane = Lane | 'policy' | 'interim' | 'interim-end';

/** One place that an update changes. */
export type UpdatedUse = {
  readonly path: string;
  readonly line: number;
  readonly role: Role;
  /** As it is written, variables expanded: a mirror stays a mirror. */
  readonly before: string;
  readonly after: string;
  readonly platform?: string;
};

/** What one tag becomes, in all the places of one tree that name it. */
export type UpdateStep = {
  readonly lane: UpdateLane;
  /** After aliases; with its digest where one is pinned. */
  readonly from: Reference;
  readonly to: Reference;
  /** One clause each; the first says what the step is. */
  readonly reasons: readonly string[];
  readonly uses: readonly UpdatedUse[];
};

/** A file as it is now and the edits to make in it. Edits do not overlap. */
export type FileUpdate = {
  readonly path: string;
  readonly before: string;
  readonly edits: readonly Edit[];
};

/**
 * What is proposed as one change: the steps of one lane of one image in one tree. Applied, the files name exactly what the
 * steps say, and every other use as before.
 */
export type UpdatePlan = {
  readonly lane: UpdateLane;
  /** `docker.io/library/node`: what the steps start from. */
  readonly image: string;
  readonly steps: readonly UpdateStep[];
  /** Sorted by path. */
  readonly files: readonly FileUpdate[];
};

/** A use for which something newer exists, and that is left as it is. */
export type RefusedUpdate = {
  readonly path: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
  readonly lane: UpdateLane;
  /** One clause. */
  readonly reason: string;
  /** Lines that would make the step possible, to be written by hand. */
  readonly rewrite?: readonly { readonly line: number; readonly text: string }[];
};

/** Whether a lane changes what is installed in an image, not which image is named. */
export function isInterim(lane: string): lane is 'interim' | 'interim-end' {
  return lane === 'interim' || lane === 'interim-end';
}
