import { type TracedText, TracedTextBuilder } from '../dockerfile/traced-text.ts';
import { type Expansion, PieceSource } from './expansion.ts';

export type Placeholders = {
  /** `${{`, `{{` or `${`. */
  readonly open: string;
  readonly close: string;
  /** The value of what stands between, trimmed; `undefined` when only a run of the tool can tell. */
  resolve(expression: string): TracedText | undefined;
};

/** Replaces placeholders by values that are taken as they are: what a value contains is not expanded again. */
export function expandPlaceholders(traced: TracedText, { open, close, resolve }: Placeholders): Expansion {
  const { text } = traced;
  if (!text.includes(open)) return { traced, missing: [] };
  const source = new PieceSource(traced);
  const output = new TracedTextBuilder();
  const missing = new Set<string>();
  let at = 0;
  for (let start = text.indexOf(open); start >= 0; start = text.indexOf(open, at)) {
    const end = text.indexOf(close, start + open.length);
    if (end < 0) break;
    source.copy(at, start, output);
    const expression = text.slice(start + open.length, end).trim();
    const value = resolve(expression);
    if (value === undefined) missing.add(expression);
    else output.addText(value);
    at = end + close.length;
  }
  source.copy(at, text.length, output);
  return { traced: output.build(), missing: [...missing] };
}
