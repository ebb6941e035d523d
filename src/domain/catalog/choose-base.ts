import type { Reference } from '../image/reference.ts';
import { parseTag, type Tag, versionOf } from '../image/tag.ts';
import type { Catalog, Cycle, IsoDate } from './catalog.ts';
import { chooseTag } from './choose-tag.ts';
import { compareNumbers } from './compare-numbers.ts';
import type { ImageFacts } from './image-facts.ts';
import { type HasTag, latestCycle, stateOf } from './life-cycle.ts';
import { findLines, type Lines } from './lines.ts';
import type { KnownTag } from './repository-tags.ts';

/** What is known of a reference before anything is recommended. */
export type KnownFacts = Omit<ImageFacts, 'recommended'>;

/**
 * The tag to start from, before a smaller variant is looked for: the present one where its line may stay, else the one
 * most like it on the wanted line. For a floating tag this is the release that it stands for.
 */
export function chooseBase(
  reference: Reference,
  repository: string,
  target: string,
  facts: KnownFacts,
  catalog: Catalog,
  today: IsoDate,
): KnownTag | undefined {
  const tags = catalog.findTags(target);
  const like: Tag = reference.tag === undefined ? { slots: [] } : parseTag(reference.tag);
  const lines = findLines(catalog, target);
  const choose = (list: readonly KnownTag[], precision: number) =>
    chooseTag({ repository: target, likeRepository: repository, tags: list, like, precision }, catalog, today);
  if (tags === undefined) return undefined;
  if (lines === undefined || lines.cycleParts === 0)
    return facts.tagState === 'maintained' ? sameTag(reference, tags.all()) : undefined;
  const present = lines.cycleOf(like);
  // A copy of an official image whose version is none of the product's may be anything.
  if (facts.publisher === 'unknown' && present === undefined && facts.floating === undefined) return undefined;
  const hasTag = (name: string) => lines.tagsOn(name).length > 0;
  const latest = latestCycle(lines.product, today, hasTag);
  if (latest === undefined) return undefined;
  const isUnknownVersion = target === repository && present === undefined && facts.floating === undefined;
  if (isUnknownVersion && facts.tagState === 'maintained') return sameTag(reference, tags.all());
  if (isUnknownVersion && !isOlder(like, latest)) return undefined;
  const keepsLine =
    target === repository &&
    facts.lifecycle?.state === 'supported' &&
    !facts.lifecycle.isBehind &&
    present !== undefined;
  const isOwnLineFine = keepsLine && facts.tagState === 'maintained' && isAliveSystem(facts);
  if (isOwnLineFine) return sameTag(reference, tags.all());
  const line = keepsLine ? present : notOlderThan(present, latest, lines, today, hasTag);
  return choose(lines.tagsOn(line.name), line.name.split('.').length);
}

/** A version that names no known line, from before the latest one. */
function isOlder(tag: Tag, latest: Cycle): boolean {
  const version = versionOf(tag);
  return version !== undefined && compareNumbers(version.numbers.join('.'), latest.name) < 0;
}

/** The latest LTS, unless that would be a step back: then the newest supported line, should it be newer. */
function notOlderThan(
  present: Cycle | undefined,
  latest: Cycle,
  { product }: Lines,
  today: IsoDate,
  hasTag: HasTag,
): Cycle {
  if (present === undefined || compareNumbers(present.name, latest.name) <= 0) return latest;
  const newest = product.cycles.find((cycle) => stateOf(cycle, today) === 'supported' && hasTag(cycle.name));
  return newest !== undefined && compareNumbers(newest.name, present.name) > 0 ? newest : latest;
}

function isAliveSystem({ os }: KnownFacts): boolean {
  return os === undefined || os.state === 'supported' || os.state === 'unreleased';
}

function sameTag(reference: Reference, tags: readonly KnownTag[]): KnownTag | undefined {
  return tags.find(({ text }) => text === reference.tag);
}
