import type { Span } from '../source/span.ts';

/** Helm keeps numbers as 64-bit floating point, and Go prints those from a million on with an exponent. */
const exponentFrom = 1_000_000;

/**
 * What Helm makes of a tag that stands in YAML without quotes and is a number there: `1.20` becomes `1.2`, `20260101`
 * becomes `2.0260101e+07`.
 *
 * @param span of the scalar, without quotes.
 * @returns `undefined` where the tag comes out as it is written.
 */
export function numberToHelm(text: string, span: Span): string | undefined {
  const written = text.slice(span.start, span.end);
  const isQuoted = /["']/.test(text.charAt(span.start - 1));
  if (isQuoted || written.length > 64 || !/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(written)) return undefined;
  const value = Number(written);
  const printed = Math.abs(value) < exponentFrom ? String(value) : exponential(value);
  return printed === written ? undefined : printed;
}

/** As Go writes it: an exponent of at least two digits. */
function exponential(value: number): string {
  return value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2');
}
