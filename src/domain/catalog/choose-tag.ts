import { operatingSystemOf, type Tag, type VersionSlot, versionOf } from '../image/tag.ts';
import type { Catalog, IsoDate } from './catalog.ts';
import { compareNumbers } from './compare-numbers.ts';
import { latestCycle } from './life-cycle.ts';
import { isWindows } from './operating-system.ts';
import type { KnownTag } from './repository-tags.ts';
import { isAlive } from './smaller.ts';
import { contentOf, smallKindOf } from './variant.ts';

export type Wish = {
  /** Full name of the repository to choose in, and of the one that `like` is a tag of. */
  readonly repository: string;
  readonly likeRepository: string;
  /** The tags on the line that is wanted. */
  readonly tags: readonly KnownTag[];
  /** The present tag; the empty tag for none. */
  readonly like: Tag;
  /** How many numbers to write where the present tag has no version. */
  readonly precision: number;
};

/**
 * The tag on the wanted line that is most like the present one: same content, same size, same system or its newest
 * release that is supported, same number of version numbers. What cannot be kept is given up in that order, system
 * and size first; the content only when the repository changes.
 *
 * @returns `undefined` when no tag has the same content: then nothing is proposed.
 */
export function chooseTag(wish: Wish, catalog: Catalog, today: IsoDate): KnownTag | undefined {
  const { repository, like, tags } = wish;
  const system = operatingSystemOf(like);
  const style = versionOf(like);
  const byCodename = style === undefined && system?.isCodename === true && tags.some(isVersionless);
  const usable = tags.filter(
    (known) =>
      !known.tag.slots.some(({ kind }) => kind === 'date') &&
      (isVersionless(known) ? byCodename : !byCodename && versionOf(known.tag)?.prefix === (style?.prefix ?? '')) &&
      isWindows(operatingSystemOf(known.tag)) === isWindows(system) &&
      isAlive(known.tag, catalog, today),
  );
  const matches = contentSteps(wish, catalog, today).flatMap((content) => {
    const same = usable.filter(({ tag }) => contentOf(tag, repository) === content);
    return same.length === 0 ? [] : [bestOfSame(same, wish, byCodename)];
  });
  return matches.find((match) => match !== undefined);
}

/** What the tag has to contain: first the same, then the same on a JDK that is still made; elsewhere JDK or JRE is enough. */
function contentSteps(wish: Wish, catalog: Catalog, today: IsoDate): readonly string[] {
  const { repository, likeRepository, like } = wish;
  // Words without a version say how far it floats; with one on the wanted line they have no place.
  const words = contentOf(like, likeRepository)
    .split(' ')
    .filter((word) => versionOf(like) !== undefined || !floatWords.has(word));
  const java = catalog.products.get('eclipse-temurin');
  const newest = java === undefined ? undefined : latestCycle(java, today, () => true)?.name;
  const renamed = words.map((word) => word.replace(/^(?:adopt)?openjdk=/, 'eclipse-temurin='));
  const renewed = renamed.map((word) => word.replace(/^(eclipse-temurin|jdk|jre)=\d+$/, `$1=${newest}`));
  const same = [words, renamed, renewed].map((list) => list.toSorted().join(' '));
  if (repository === likeRepository) return same;
  return [...same, words.filter((word) => word === 'jdk' || word === 'jre').join(' ')];
}

const floatWords: ReadonlySet<string> = new Set(
  (
    'latest lts current stable mainline testing unstable oldstable oldoldstable innovation rolling devel edge ' +
    'argon boron carbon dubnium erbium fermium gallium hydrogen iron jod krypton'
  ).split(' '),
);

function bestOfSame(same: readonly KnownTag[], wish: Wish, byCodename: boolean): KnownTag | undefined {
  const { repository, likeRepository, like } = wish;
  const small = smallKindOf(like, likeRepository);
  const system = operatingSystemOf(like);
  const isSmall = ({ tag }: KnownTag) => smallKindOf(tag, repository) === small;
  const isFull = ({ tag }: KnownTag) => smallKindOf(tag, repository) === undefined;
  const isSystem = ({ tag }: KnownTag) => {
    const other = operatingSystemOf(tag);
    if (byCodename) return true;
    return other?.name === system?.name && (other?.release === '') === (system?.release === '');
  };
  const names = ({ tag }: KnownTag) => operatingSystemOf(tag) !== undefined;
  if (isWindows(system)) {
    const exact = same.filter(
      ({ tag }) => operatingSystemOf(tag)?.release === system?.release && isSystem({ tag, text: '' }),
    );
    return nearest(exact, wish);
  }
  const steps: readonly ((known: KnownTag) => boolean)[] = [
    (known) => isSmall(known) && isSystem(known),
    (known) => isSmall(known) && !names(known),
    (known) => isSmall(known),
    (known) => isFull(known) && isSystem(known),
    (known) => isFull(known) && !names(known),
    (known) => isFull(known),
  ];
  for (const step of steps) {
    const found = nearest(same.filter(step), wish);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As many version numbers as now, else fewer, else more; then the present system's release, the newest system, the newest version. */
function nearest(tags: readonly KnownTag[], { like, precision }: Wish): KnownTag | undefined {
  const wanted = precisionOf(versionOf(like)) ?? precision;
  const release = operatingSystemOf(like)?.release;
  return tags.toSorted(
    (a, b) =>
      distance(a, wanted) - distance(b, wanted) ||
      Number(operatingSystemOf(b.tag)?.release === release) - Number(operatingSystemOf(a.tag)?.release === release) ||
      compareNumbers(numbersOf(b), numbersOf(a)) ||
      compareNumbers(operatingSystemOf(b.tag)?.release ?? '', operatingSystemOf(a.tag)?.release ?? '') ||
      a.text.length - b.text.length ||
      (a.text < b.text ? -1 : 1),
  )[0];
}

function distance({ tag }: KnownTag, wanted: number): number {
  const difference = wanted - (precisionOf(versionOf(tag)) ?? wanted);
  return difference >= 0 ? difference : 100 - difference;
}

/** A build behind the numbers (`_9`, `u502`) counts as half a number. */
function precisionOf(version: VersionSlot | undefined): number | undefined {
  return version === undefined ? undefined : version.numbers.length + (version.rest === '' ? 0 : 0.5);
}

function numbersOf({ tag }: KnownTag): string {
  return versionOf(tag)?.numbers.join('.') ?? '';
}

function isVersionless({ tag }: KnownTag): boolean {
  return versionOf(tag) === undefined;
}
