import type { JudgedUse, RuleResult } from '../flows/check-result.ts';
import { short } from './visible.ts';

/** A canonical reference as people write it, for the screen: digests cut to 12 characters. */
export function familiar(reference: string): string {
  const cut = reference.replace(/@(sha\d+):([0-9a-f]{12})[0-9a-f]+/, '@$1:$2…');
  return short(cut.replace(/^docker\.io\/(library\/)?/, ''));
}

/** What a use names, or what is written where that cannot be told. */
export function imageOf(use: JudgedUse): string {
  if (use.reference === null) return short(use.written);
  // An untagged image is shown as it is written; the finding says what that means.
  const isUntagged = use.reference.endsWith(':latest') && !use.written.includes('latest') && !use.written.includes('$');
  return familiar(isUntagged ? use.reference.slice(0, -':latest'.length) : use.reference);
}

/** `final`, `build stage builder`, `copied into stage 2`. */
export function placeOf(use: JudgedUse): string {
  const stage = use.stage === null ? '' : ` ${/^\d+$/.test(use.stage) ? 'stage ' : ''}${short(use.stage, 60)}`;
  switch (use.role) {
    case 'final':
      return 'final';
    case 'build':
      return `build${stage}`;
    case 'copy':
      return `copied into${stage}`;
    case 'mount':
      return `mounted in${stage}`;
    case 'frontend':
      return 'frontend';
    case 'unreachable':
      return `unreachable${stage}`;
    case 'ci':
      return 'CI';
    case 'deployed':
      return 'deployed';
  }
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A rule's advice, unless it only repeats the reference that the line to write instead spells out. */
export function adviceOf(use: JudgedUse, rule: RuleResult): string | undefined {
  const isRepeated = use.instead !== undefined && rule.fix !== undefined && /^use \S+$/.test(rule.fix);
  return isRepeated ? undefined : rule.fix;
}
