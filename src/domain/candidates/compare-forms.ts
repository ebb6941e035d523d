import { formatSlot, type OperatingSystemSlot } from '../image/tag.ts';
import { debianCodenames, ubuntuCodenames } from '../image/tag-codenames.ts';
import { compareDigits, compareText, compareVersions, digitsIn, firstDifference } from './compare-digits.ts';
import { isBuildDate, type TagForm } from './tag-form.ts';

/** Orders versions without their system, build date and revision. Negative: `a` is older. */
export function compareRelease(a: TagForm, b: TagForm): number {
  return (
    compareVersions(a.numbers, b.numbers) ||
    compareVersions(digitsIn(a.build), digitsIn(b.build)) ||
    comparePrerelease(a.prerelease, b.prerelease) ||
    // Where nothing else says how new a tag is, its date does: `devel-20260817-alpine3.24`.
    (a.numbers.length === 0 && b.numbers.length === 0 ? compareVersions(digitsIn(a.date), digitsIn(b.date)) : 0)
  );
}

/** Orders builds of one version on one system: by date, then by revision; none comes before any. */
export function compareBuild(a: TagForm, b: TagForm): number {
  return (
    compareVersions(digitsIn(a.date), digitsIn(b.date)) ||
    Number(a.revision !== '') - Number(b.revision !== '') ||
    compareVersions(digitsIn(a.revision), digitsIn(b.revision))
  );
}

/** Orders two releases of one system; code names by their row, numbers by value. */
export function compareSystems(a: OperatingSystemSlot | undefined, b: OperatingSystemSlot | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.isCodename && b.isCodename) return rowOf(a) - rowOf(b);
  return compareVersions(digitsIn(a.release), digitsIn(b.release)) || compareText(a.release, b.release);
}

/**
 * The lane of a step to a newer tag, by what it changes first.
 *
 * @param isUbuntu its releases are named by two numbers, so a change of the second is one of the first.
 */
export function laneOf(from: TagForm, to: TagForm, isUbuntu: boolean): 'patch' | 'minor' | 'major' | 'os' {
  const at = firstDifference(from.numbers, to.numbers);
  if (at < 0) return compareRelease(from, to) === 0 && compareSystems(from.os, to.os) !== 0 ? 'os' : 'patch';
  if (isBuildDate(from.numbers[at]) || isBuildDate(to.numbers[at])) return 'patch';
  if (at === 0 || (isUbuntu && at === 1)) return 'major';
  return at === 1 ? 'minor' : 'patch';
}

/** `alpine3.20`, `bookworm`; empty for none. */
export function systemText(form: TagForm): string {
  return form.os === undefined ? '' : formatSlot(form.os);
}

const codenames = new Map([...debianCodenames, ...ubuntuCodenames].map((name, row) => [name, row] as const));

function rowOf({ release }: OperatingSystemSlot): number {
  return codenames.get(release) ?? -1;
}

const stages = [
  'dev',
  'nightly',
  'snapshot',
  'ea',
  'pre',
  'alpha',
  'a',
  'm',
  'milestone',
  'preview',
  'beta',
  'b',
  'rc',
];

/** A release comes behind its prereleases. */
function comparePrerelease(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const stage = (text: string) => stages.indexOf(/[a-z]+/i.exec(text)?.[0].toLowerCase() ?? '');
  const [one, other] = [digitsIn(a), digitsIn(b)];
  return stage(a) - stage(b) || compareVersions(one, other) || compareDigits(String(one.length), String(other.length));
}
