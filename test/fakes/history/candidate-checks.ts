import type { Catalog, Cycle } from '../../../src/domain/catalog/catalog.ts';
import type { ImageResult } from '../../../src/flows/monitor/monitor-result.ts';
import { compareNumbers, looksPrerelease, numbersOf, skeletonOf } from './tag-text.ts';
import type { WorldTag } from './tag-world.ts';

/** One promise that was broken, with the example. */
export type Failure = { readonly property: string; readonly example: string };

/** What must hold for every candidate of every tag in use on every day. */
export function checkCandidates(
  image: ImageResult,
  tags: ReadonlyMap<string, WorldTag>,
  catalog: Catalog,
  today: string,
): readonly Failure[] {
  const { tag, reference, candidates, recommended } = image;
  const failures: Failure[] = [];
  const fail = (property: string, text: string) =>
    failures.push({ property, example: `${today} ${reference}: ${text}` });
  const lanes = candidates.map(({ lane }) => lane);
  if (new Set(lanes).size < lanes.length) fail('at most one candidate per lane', lanes.join(' '));
  for (const { lane, tag: to, repository, reasons } of candidates) {
    if (looksPrerelease(to) && !looksPrerelease(tag)) fail('a prerelease is never offered to a release', to);
    if (repository !== undefined || lane === 'digest') continue;
    if (!tags.has(to)) fail('what is offered was published', to);
    if (!looksPrerelease(tag) && skeletonOf(tag) !== skeletonOf(to)) fail('variant and style are kept', to);
    const line = cycleOf(image.image, to, catalog);
    const present = cycleOf(image.image, tag, catalog);
    if (line === undefined || line === present || !isEnded(line, today)) continue;
    const isTold = reasons.some((reason) => reason.includes('end of life'));
    const couldStay = present !== undefined && !isEnded(present, today);
    const hasBetter = candidates.some(({ tag: other, lane: otherLane, repository: elsewhere }) => {
      const cycle =
        otherLane === 'digest' || elsewhere !== undefined ? undefined : cycleOf(image.image, other, catalog);
      return cycle !== undefined && cycle !== present && !isEnded(cycle, today);
    });
    if (!isTold || couldStay || hasBetter) fail('no move to a line past its end', `${to}, ${line.name}`);
  }
  if (recommended === null) return failures;
  if (!candidates.some((one) => one.tag === recommended && one.lane !== 'os'))
    fail('what is recommended is a candidate', recommended);
  if (compareNumbers(numbersOf(recommended), numbersOf(tag)) < 0) fail('nothing older is recommended', recommended);
  // A floating name is pushed at each rebuild: its date says nothing. To the day: the tags of a release come in any order.
  const isExact = numbersOf(tag).length >= 3;
  const [before, after] = [tags.get(tag), tags.get(recommended)];
  if (isExact && before !== undefined && after !== undefined && day(after) < day(before))
    fail('nothing pushed before is recommended', `${recommended} (${day(after)} before ${day(before)})`);
  return failures;
}

/** The life-cycle line that leading numbers name, with as many of them as the product counts by. */
function cycleOf(image: string, tag: string, catalog: Catalog): Cycle | undefined {
  const named = catalog.productOf.get(image);
  const cycles = catalog.products.get(named?.product ?? '')?.cycles ?? [];
  const numbers = numbersOf(tag);
  const matches = cycles.filter(({ name }) => {
    const own = name.split('.').map(Number);
    return own.length <= numbers.length && own.every((number, at) => number === numbers[at]);
  });
  return matches.toSorted((a, b) => b.name.length - a.name.length)[0];
}

function isEnded({ ends, longTermEnds }: Cycle, today: string): boolean {
  const hasEnded = typeof ends === 'string' ? ends < today : ends;
  return hasEnded && (longTermEnds === undefined || longTermEnds < today);
}

function day({ pushedAt }: WorldTag): string {
  return new Date(pushedAt).toISOString().slice(0, 10);
}
