import type { Catalog, Cycle, IsoDate } from '../catalog/catalog.ts';
import { isLts, lineName, stateOf } from '../catalog/life-cycle.ts';
import { systemLifecycle } from '../catalog/operating-system.ts';
import { compareDigits, compareVersions } from './compare-digits.ts';
import { compareSystems, systemText } from './compare-forms.ts';
import type { Profile } from './profile.ts';
import type { TagForm } from './tag-form.ts';

/** `barred`: never to be offered; `ended`: only where nothing supported can be reached. `reason` is one clause. */
export type Standing =
  | { readonly kind: 'supported'; readonly reason?: string }
  | { readonly kind: 'ended'; readonly reason: string }
  | { readonly kind: 'barred'; readonly reason: string };

/** Whether another line of the product may be offered on a day. */
export function lineStanding(from: TagForm, to: TagForm, isMajor: boolean, profile: Profile, today: IsoDate): Standing {
  const { product, cycleOf } = profile;
  if (product === undefined) return { kind: 'supported' };
  const cycle = cycleOf(to);
  const name = `${product.title} ${cycle === undefined ? to.numbers.join('.') : lineName(cycle)}`;
  if (cycle !== undefined && stateOf(cycle, today) === 'unreleased')
    return { kind: 'barred', reason: `${name} is not released` };
  if (profile.hasEvenBranches && isOdd(to) && !isOdd(from))
    return { kind: 'barred', reason: `${name} is the branch that is developed on, not the stable one` };
  const present = cycleOf(from);
  const asksLts = isMajor || (present !== undefined && isLts(present, today));
  const hasLts = product.cycles.some((other) => isLts(other, today) && stateOf(other, today) === 'supported');
  if (hasLts && asksLts && !(cycle !== undefined && isLts(cycle, today)))
    return { kind: 'barred', reason: `${name} is no LTS${ltsDay(cycle)}` };
  if (cycle === undefined) {
    if (profile.namesUnreleased) return { kind: 'barred', reason: `${name} is not known to be released` };
    const newest = product.cycles[0];
    return newest === undefined || compareVersions(to.numbers, newest.name.split('.')) > 0
      ? { kind: 'supported', reason: `the life cycle of ${name} is not known` }
      : { kind: 'ended', reason: `${name} is a line that the catalog does not know` };
  }
  const state = stateOf(cycle, today);
  if (state === 'ended') return { kind: 'ended', reason: `${name} is past its end of life${endDay(cycle)}` };
  if (state === 'long-term-only') return { kind: 'supported', reason: `${name} has long-term support only` };
  return { kind: 'supported', ...(isLts(cycle, today) ? { reason: `${name} is an LTS` } : {}) };
}

/** Whether the release of the operating system may take the place of the present one. */
export function systemStanding(from: TagForm, to: TagForm, catalog: Catalog, today: IsoDate): Standing {
  const order = compareSystems(to.os, from.os);
  if (to.os === undefined || from.os === undefined || order === 0) return { kind: 'supported' };
  const name = systemText(to);
  if (order < 0) return { kind: 'barred', reason: `it stands on an older operating system (${name})` };
  const lifecycle = systemLifecycle(to.os, catalog, today);
  if (to.os.isCodename && (lifecycle === undefined || lifecycle.state === 'unreleased'))
    return { kind: 'barred', reason: `${name} is not released` };
  if (lifecycle === undefined) return { kind: 'supported' };
  const present = systemLifecycle(from.os, catalog, today);
  if (present?.isLts === true && !lifecycle.isLts) return { kind: 'barred', reason: `${name} is no LTS` };
  if (lifecycle.state !== 'ended') return { kind: 'supported' };
  const reason = `${name} is past its end of life`;
  return present === undefined || present.state === 'ended' ? { kind: 'ended', reason } : { kind: 'barred', reason };
}

/** Whether the present line may be stayed on. */
export function isPresentSupported(from: TagForm, { cycleOf }: Profile, today: IsoDate): boolean {
  const cycle = cycleOf(from);
  return cycle !== undefined && stateOf(cycle, today) !== 'ended';
}

function isOdd({ numbers }: TagForm): boolean {
  return compareDigits(numbers[1] ?? '0', '0') !== 0 && /[13579]$/.test(numbers[1] ?? '');
}

function ltsDay(cycle: Cycle | undefined): string {
  return typeof cycle?.lts === 'string' ? ` before ${cycle.lts}` : '';
}

function endDay({ ends, longTermEnds }: Cycle): string {
  const day = longTermEnds ?? ends;
  return typeof day === 'string' ? ` (${day})` : '';
}
