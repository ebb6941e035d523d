import type { Category } from '../domain/policy/category.ts';

/** Terminal colours; the words say everything without them. */
export type Palette = {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly verdict: (verdict: string, text?: string) => string;
  readonly category: (category: Category | null) => string;
};

const verdictCodes: Readonly<Record<string, number>> = {
  fail: 31,
  unknown: 35,
  warn: 33,
  waived: 36,
  pass: 32,
  info: 34,
  error: 31,
  warning: 33,
};

export function palette(color: boolean): Palette {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    strong: (text) => paint(1, text),
    faint: (text) => paint(2, text),
    verdict: (verdict, text = verdict) => paint(verdictCodes[verdict] ?? 0, text),
    category: (category) => category ?? 'unknown',
  };
}
