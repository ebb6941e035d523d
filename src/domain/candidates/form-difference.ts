import { isWindows } from '../catalog/operating-system.ts';
import { formatSlot, type OperatingSystemSlot, runtimeOf } from '../image/tag.ts';
import { compareVersions } from './compare-digits.ts';
import { compareSystems, systemText } from './compare-forms.ts';
import type { TagForm } from './tag-form.ts';

export type NumberMeaning = { readonly isKnownLine: boolean; readonly wholeNumbers: number };

/**
 * Why a tag cannot stand in for another whatever their versions: it is written in another form, or has something else in it.
 *
 * @param meaning.isKnownLine whether the catalog knows the line of `to`: then its numbers are a version however they look.
 * @param meaning.wholeNumbers from how many numbers on a version is whole, so that one more is no more exact.
 * @returns one clause; `undefined` when only version, system release, build date or revision may differ.
 */
export function formDifference(from: TagForm, to: TagForm, meaning: NumberMeaning): string | undefined {
  // To a prerelease only the next ones of its own version are offered: what it waits for is the release.
  if (to.prerelease !== '' && (from.prerelease === '' || compareVersions(from.numbers, to.numbers) !== 0))
    return `${to.prerelease} is a prerelease`;
  // `1.21-rc` goes along with its prereleases, `1.21rc3` is one of them.
  if (to.prerelease !== '' && /\d/.test(from.prerelease) !== /\d/.test(to.prerelease))
    return `it names the prerelease ${/\d/.test(to.prerelease) ? 'more' : 'less'} exactly`;
  return (
    formatDifference(from, to) ??
    versionDifference(from, to, meaning.wholeNumbers) ??
    (meaning.isKnownLine ? undefined : meaningDifference(from, to)) ??
    systemDifference(from, to) ??
    variantDifference(from, to)
  );
}

function formatDifference(from: TagForm, to: TagForm): string | undefined {
  const [has, had] = [to.numbers.length > 0, from.numbers.length > 0];
  if (had && !has) return to.date === '' ? 'it names no version' : 'a build date is not a version';
  if (!had && has) return 'it names a version, where the present tag names none';
  if (from.distribution !== to.distribution)
    return from.distribution === undefined || to.distribution === undefined
      ? 'a code name and a number are two ways of naming a release'
      : `${to.distribution} is another distribution`;
  if ((from.date === '') !== (to.date === '')) return to.date === '' ? 'it has no build date' : 'it has a build date';
  return undefined;
}

function versionDifference(from: TagForm, to: TagForm, wholeNumbers: number): string | undefined {
  if (from.prefix !== to.prefix)
    return to.prefix === '' ? 'its version has no v in front' : 'its version has a v in front';
  if (shapeOf(from.build) !== shapeOf(to.build)) return `its version is written otherwise (${to.text})`;
  // A version with its build is whole however many numbers it has: 21_35, 21.0.1_12, 21.0.12.1_1.
  const isWhole = from.build !== '' || Math.min(from.numbers.length, to.numbers.length) >= wholeNumbers;
  if (!isWhole && from.numbers.length !== to.numbers.length)
    return to.numbers.length > from.numbers.length
      ? 'it names the version more exactly'
      : 'it names the version less exactly';
  return undefined;
}

/** Numbers that are no version of the same kind: a year, a padded month, a build counter or a commit. */
function meaningDifference(from: TagForm, to: TagForm): string | undefined {
  const [first = '', firstBefore = ''] = [to.numbers[0], from.numbers[0]];
  if (first.length >= 7 && firstBefore.length < 7) return `${first} is a build number or a date, not a version`;
  if (/^(?:19|20)\d\d$/.test(first) && firstBefore.length < 4) return `${first} is a year, not a version`;
  const isPadded = (numbers: readonly string[]) => numbers.some((number) => /^0\d/.test(number));
  if (isPadded(to.numbers) && !isPadded(from.numbers)) return 'its numbers are a date, not a version';
  return undefined;
}

function systemDifference(from: TagForm, to: TagForm): string | undefined {
  const [one, other] = [from.os, to.os];
  if (one === undefined && other === undefined) return undefined;
  if (one === undefined) return `it names its operating system (${systemText(to)})`;
  if (other === undefined) return 'it does not name its operating system';
  if (one.name !== other.name) return `${systemText(to)} is another operating system`;
  if (styleOf(one) !== styleOf(other)) return `it names its operating system otherwise (${systemText(to)})`;
  if (isWindows(one) && compareSystems(one, other) !== 0)
    return 'a Windows image runs on its own release of Windows only';
  return undefined;
}

function variantDifference(from: TagForm, to: TagForm): string | undefined {
  if (from.layout !== to.layout) {
    const [one, other] = [runtimeOf(from.tag), runtimeOf(to.tag)];
    if (one !== undefined && other !== undefined && formatSlot(one) !== formatSlot(other))
      return `${formatSlot(other)} is another runtime`;
    return 'it is another variant';
  }
  const isSecurity = /^(?:security-\d+)?$/.test(from.revision) && /^(?:security-\d+)?$/.test(to.revision);
  if (!isSecurity && revisionShape(from.revision) !== revisionShape(to.revision))
    return 'its revision is written otherwise';
  return undefined;
}

/** `7.3` of PyPy is less exact than `7.3.19`; `1755.1` of Red Hat is a rebuild of the counter `1755`. */
function revisionShape(revision: string): string {
  return /^\d{3,}(?:\.\d+)?$/.test(revision) ? '#' : `${shapeOf(revision)} ${revision.split('.').length}`;
}

function shapeOf(text: string): string {
  return text.replace(/\d+(?:\.\d+)*/g, '#');
}

function styleOf({ release, separator, isCodename, isNamed }: OperatingSystemSlot): string {
  return [separator, isCodename, isNamed, isCodename ? '' : shapeOf(release), release.split('.').length].join(' ');
}
