/** Orders runs of digits of any length by value. */
export function compareDigits(a: string, b: string): number {
  if (a === b) return 0;
  const [one, other] = [withoutZeros(a), withoutZeros(b)];
  return one.length - other.length || compareText(one, other);
}

/** Number by number from the left; a missing one is 0, so that `21_35` comes before `21.0.1_12`. */
export function compareVersions(a: readonly string[], b: readonly string[]): number {
  const at = firstDifference(a, b);
  return at < 0 ? 0 : compareDigits(a[at] ?? '0', b[at] ?? '0');
}

/** Where two versions first differ by value; -1 when they do not. */
export function firstDifference(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1)
    if (compareDigits(a[at] ?? '0', b[at] ?? '0') !== 0) return at;
  return -1;
}

export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** `r12`, `20240513.1`, `_9`: the numbers in a text, for ordering. */
export function digitsIn(text: string): readonly string[] {
  // Most tags have no build, date or revision, and each is compared with all others.
  return text === '' ? none : (text.match(/\d+/g) ?? none);
}

const none: readonly string[] = [];

function withoutZeros(digits: string): string {
  return digits.length > 1 && digits.startsWith('0') ? digits.replace(/^0+(?=.)/, '') : digits;
}
