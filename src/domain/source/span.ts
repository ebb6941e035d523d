/**
 * A half-open range of a file's text, in UTF-16 code units from its start (a leading byte-order mark counts as one).
 * `text.slice(span.start, span.end)` is what the span covers.
 */
export type Span = { readonly start: number; readonly end: number };
