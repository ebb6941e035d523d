import type { Span } from '../source/span.ts';
import type { Reference } from './reference.ts';

/**
 * What a use of an image is for. `final`: the base of what ships (the target stage and the stages it is built FROM).
 * `build`: base of a stage that the target only copies from or mounts. `copy`, `mount`: an image named by `COPY --from`
 * or `RUN --mount=from=`. `frontend`: `# syntax=`. `unreachable`: named by a stage that no target needs.
 * `ci`: run by a pipeline. `deployed`: started, not built.
 */
export type Role = 'final' | 'build' | 'copy' | 'mount' | 'frontend' | 'unreachable' | 'ci' | 'deployed';

/** What the text of a use names, once its variables are expanded. Uses that name another stage are not uses. */
export type UsedImage =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'reference'; readonly reference: Reference }
  /** Build arguments (or variables) without a value keep it from being known; `missing` names them, in order, once each. */
  | { readonly kind: 'unresolved'; readonly missing: readonly string[] }
  /** Fully expanded, and still no reference; `text` is the expansion. A problem of severity `error` stands beside it. */
  | { readonly kind: 'invalid'; readonly text: string; readonly reason: string };

/**
 * A run of the expanded text that came from one place. The pieces of a use, joined, are its expanded text.
 *
 * `span` is where that run stands, character by character, in the *same* file (in the FROM word, or in the default of the
 * ARG it came from): `span.end - span.start === text.length`. `undefined` where no text of the file can be edited for it
 * (a platform argument, a build argument from outside, a character produced by `//a/b`).
 */
export type Piece = { readonly text: string; readonly span: Span | undefined };

/** One place that names an image. */
export type ImageUse = {
  readonly role: Role;
  readonly image: UsedImage;
  /** The word as it stands in the file, variables unexpanded, continuations glued. */
  readonly written: string;
  /** 1-based line on which the word begins. */
  readonly line: number;
  /** Covers the word in the file. */
  readonly span: Span;
  readonly pieces: readonly Piece[];
  /** The stage that the use stands in; absent for `frontend`, `ci`, `deployed`. */
  readonly stage?: StageLabel;
  /** From `FROM --platform=`, expanded; or the platform that the document asks for. */
  readonly platform?: string;
};

/** `name` as Docker compares it (lower case); absent for a stage without `AS`. */
export type StageLabel = { readonly index: number; readonly name?: string };
