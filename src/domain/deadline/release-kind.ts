/** What a release changes by its number. `unknown`: its name is no semantic version, or nothing precedes it. */
export type ReleaseKind = 'patch' | 'minor' | 'major' | 'unknown';

const order: readonly ReleaseKind[] = ['patch', 'minor', 'major'];

/**
 * The kind of a release by its name and that of the one before: `v1.4.2` after `v1.4.1` is a patch. A prerelease is none.
 *
 * @see policy 5.2.5: "next patch release", "next minor release"
 */
export function releaseKind(name: string, previous: string | undefined): ReleaseKind {
  const [now, before] = [numbersOf(name), previous === undefined ? undefined : numbersOf(previous)];
  if (now === undefined || before === undefined) return 'unknown';
  if (now[0] !== before[0]) return 'major';
  return now[1] === before[1] ? 'patch' : 'minor';
}

/** Whether a release of one kind is one of the other as well: a larger one counts. */
export function countsAs(kind: ReleaseKind, wanted: 'patch' | 'minor' | 'any'): boolean {
  if (wanted === 'any') return true;
  return kind !== 'unknown' && order.indexOf(kind) >= order.indexOf(wanted);
}

/** Which thing a release is of, and its numbers: `shop-v` and 1, 2, 3. `undefined` for a name that is no semantic version. */
export function releaseSeries(
  name: string,
): { readonly series: string; readonly numbers: readonly [number, number, number] } | undefined {
  const match = versionForm.exec(name);
  const tail = match?.[1] ?? '';
  return match === null ? undefined : { series: name.slice(0, name.length - tail.length), numbers: numbersIn(match) };
}

/** Major, minor, patch of a semantic version, a leading `v` or a name before it (`shop-v1.2.3`, `shop@1.2.3`) left out. */
function numbersOf(name: string): readonly [number, number, number] | undefined {
  const match = versionForm.exec(name);
  return match === null ? undefined : numbersIn(match);
}

const versionForm = /^(?:[a-z][a-z0-9_/.-]*[-@/])?v?((\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:\+[\w.-]{1,100})?)$/i;

function numbersIn(match: RegExpExecArray): readonly [number, number, number] {
  return [Number(match[2]), Number(match[3]), Number(match[4])];
}
