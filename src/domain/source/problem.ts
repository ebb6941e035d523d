import type { Span } from './span.ts';

/**
 * Something wrong or noteworthy in text that people wrote. Problems are data: they are collected beside whatever could
 * still be read.
 *
 * `error`: the tool that owns the format would refuse the file (or the part that names an image), or we could not read it.
 * `warning`: accepted, but surely not what was meant. `info`: worth knowing.
 */
export type Problem = {
  /** Stable, kebab-case, e.g. `invalid-reference`. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** One sentence without a final full stop: what is wrong and what to write instead. */
  readonly message: string;
  /** 1-based; 0 when the whole file is meant. */
  readonly line: number;
  readonly span?: Span;
};

/** A value together with what was wrong in the text it was read from. Parsing never throws on bad text. */
export type Parsed<T> = { readonly value: T; readonly problems: readonly Problem[] };
