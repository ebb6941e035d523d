import type { CatalogSource, Cycle, IsoDate, Product } from './catalog.ts';
import { compareNumbers } from './compare-numbers.ts';
import type { Lifecycle } from './image-facts.ts';

/** Whether a cycle of this name has a maintained tag. */
export type HasTag = (cycle: string) => boolean;

/**
 * Where a cycle of a product stands on a day.
 *
 * @param hasTag narrows the latest line to those that can be written; ignored when no line at all has a tag.
 * @param endsAt an earlier end than the product's own (distroless stops before Debian does).
 */
export function lifecycleOf(
  product: Product,
  cycle: Cycle,
  today: IsoDate,
  source: CatalogSource,
  hasTag: HasTag,
  endsAt?: IsoDate,
): Lifecycle {
  const current = latestCycle(product, today, hasTag);
  // Of a product that has ended as a whole the newest line is named, and nothing is behind it.
  const latest = current ?? product.cycles[0] ?? cycle;
  const end = earlier(supportEnd(cycle), endsAt);
  const latestEnd = supportEnd(latest);
  return {
    product: product.title,
    line: lineName(cycle),
    ...(cycle.releasedOn === undefined ? {} : { releasedOn: cycle.releasedOn }),
    ...(end === undefined ? {} : { supportEndsOn: end }),
    state: end !== undefined && end < today ? 'ended' : stateOf(cycle, today),
    isLts: isLts(cycle, today),
    latest: {
      line: lineName(latest),
      isLts: isLts(latest, today),
      ...(latestEnd === undefined ? {} : { supportEndsOn: latestEnd }),
    },
    isBehind: current !== undefined && compareNumbers(cycle.name, latest.name) < 0,
    source,
  };
}

/** `12 (bookworm)`, `3.12`. */
export function lineName({ name, codename }: Cycle): string {
  return codename === undefined ? name : `${name} (${codename.split(' ')[0]?.toLowerCase()})`;
}

/** The line that the policy asks for: the newest supported LTS, or the newest supported line where the product has no LTS. */
export function latestCycle({ title, cycles }: Product, today: IsoDate, hasTag: HasTag): Cycle | undefined {
  const supported = cycles.filter((cycle) => stateOf(cycle, today) === 'supported');
  const hasLts = cycles.some(({ lts }) => lts !== undefined && lts !== false);
  const longTerm = hasLts ? supported.filter((cycle) => isLts(cycle, today)) : [];
  // nginx calls its even minor releases stable; the odd ones are where it is developed.
  const stable = title === 'nginx' ? supported.filter(({ name }) => Number(name.split('.')[1]) % 2 === 0) : [];
  const choices = [longTerm, stable, supported].find((list) => list.length > 0) ?? [];
  return choices.find(({ name }) => hasTag(name)) ?? choices[0];
}

export function stateOf(cycle: Cycle, today: IsoDate): Lifecycle['state'] {
  if (!isReleased(cycle, today)) return 'unreleased';
  if (!hasEnded(cycle.ends, today)) return 'supported';
  return cycle.longTermEnds !== undefined && cycle.longTermEnds >= today ? 'long-term-only' : 'ended';
}

export function isLts({ lts }: Cycle, today: IsoDate): boolean {
  return typeof lts === 'string' ? lts <= today : lts === true;
}

function supportEnd({ ends, longTermEnds }: Cycle): IsoDate | undefined {
  return longTermEnds ?? (typeof ends === 'string' ? ends : undefined);
}

function isReleased({ releasedOn }: Cycle, today: IsoDate): boolean {
  return releasedOn !== undefined && releasedOn <= today;
}

/** The last day still counts as supported. */
function hasEnded(ends: IsoDate | boolean, today: IsoDate): boolean {
  return typeof ends === 'string' ? ends < today : ends;
}

function earlier(a: IsoDate | undefined, b: IsoDate | undefined): IsoDate | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}
