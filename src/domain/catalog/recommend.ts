import { familiarReference, type Reference } from '../image/reference.ts';
import { parseTag, type Tag } from '../image/tag.ts';
import type { Catalog, IsoDate } from './catalog.ts';
import { chooseTag } from './choose-tag.ts';
import { bestDistroless, parseDistroless } from './distroless.ts';
import type { ImageFacts, Recommendation } from './image-facts.ts';
import { latestCycle } from './life-cycle.ts';
import { findLines } from './lines.ts';
import { findRetired } from './publisher.ts';
import type { KnownTag } from './repository-tags.ts';
import { smallerTags } from './smaller.ts';
import { type SmallKind, smallKindOf, smallKinds } from './variant.ts';

/** What is known of a reference before anything is recommended. */
export type KnownFacts = Omit<ImageFacts, 'recommended'>;

const library = 'docker.io/library/';
/** Names of official images under which others publish them. */
const otherNames: Readonly<Record<string, string>> = {
  go: 'golang',
  nodejs: 'node',
  postgresql: 'postgres',
  mongodb: 'mongo',
  openjdk: 'eclipse-temurin',
};

/**
 * The one reference to write instead, all of it maintained: on the present line where that is supported and current,
 * else on the latest LTS or stable one; the variant kept, smaller where that can be had; without a digest, which
 * belonged to the old tag.
 *
 * @returns `undefined` when the reference is fine, or when nothing is known that surely has the same content.
 */
export function recommend(
  reference: Reference,
  repository: string,
  facts: KnownFacts,
  catalog: Catalog,
  today: IsoDate,
): Recommendation | undefined {
  // A digest alone says nothing of the version in it.
  if (reference.tag === undefined && reference.digest !== undefined) return undefined;
  const reasons = reasonsFor(facts);
  const distroless = parseDistroless(repository);
  if (distroless !== undefined) {
    const best = bestDistroless(distroless, catalog, today);
    const tag = facts.floating === undefined && reference.tag !== undefined ? reference.tag : 'nonroot';
    if (reasons.length === 0 || best === undefined) return undefined;
    const kept = catalog.findTags(best)?.has(tag) === true ? tag : 'nonroot';
    return recommendation(reference, best, kept, reasons);
  }
  const target = targetOf(reference, repository, facts, catalog);
  if (target === undefined) return undefined;
  const base = chooseBase(reference, repository, target, facts, catalog, today);
  if (base === undefined) return undefined;
  const small = smallest(target, base.tag, catalog, today);
  if (reasons.length === 0 && target === repository) return undefined;
  const moved =
    target === repository
      ? []
      : [`${familiarName(target)} is the ${facts.publisher === 'retired' ? 'successor' : 'official image'}`];
  const chosen = small?.known ?? base;
  const smaller = small === undefined || facts.smaller.length > 0 ? [] : [`${small.kind} is smaller`];
  const present = smallKindOf(parseTag(reference.tag ?? ''), repository);
  return recommendation(reference, target, chosen.text, [
    ...moved,
    ...reasons,
    ...(present === undefined ? smaller : []),
  ]);
}

function recommendation(
  reference: Reference,
  repository: string,
  tag: string,
  reasons: readonly string[],
): Recommendation | undefined {
  const slash = repository.indexOf('/');
  const better = { registry: repository.slice(0, slash), repository: repository.slice(slash + 1), tag };
  const isSame =
    better.registry === reference.registry && better.repository === reference.repository && tag === reference.tag;
  return isSame ? undefined : { reference: better, reasons };
}

/** Everything that keeps a reference from being fine, one clause each. */
function reasonsFor({ lifecycle, os, retired, tagState, floating, smaller }: KnownFacts): readonly string[] {
  const reasons: string[] = [];
  if (retired !== undefined) reasons.push(`the image was retired on ${retired.since}`);
  for (const line of [lifecycle, os]) {
    if (line?.state === 'ended')
      reasons.push(
        `${line.product} ${line.line} ${line.supportEndsOn === undefined ? 'is no longer supported' : `reached its end of life on ${line.supportEndsOn}`}`,
      );
    if (line?.state === 'long-term-only') reasons.push(`${line.product} ${line.line} has long-term support only`);
  }
  if (lifecycle?.isBehind === true)
    reasons.push(
      `${lifecycle.product} ${lifecycle.latest.line} is the latest ${lifecycle.latest.isLts ? 'LTS' : 'stable release'}`,
    );
  if (tagState === 'unmaintained' && retired === undefined) reasons.push('the tag is no longer rebuilt');
  if (floating !== undefined) reasons.push('a tag with a version names a release');
  if (smaller.length > 0) {
    const kind = smallKinds.find((candidate) =>
      smaller.some(
        ({ reference: { tag = '', ...rest } }) =>
          smallKindOf(parseTag(tag), `${rest.registry}/${rest.repository}`) === candidate,
      ),
    );
    reasons.push(`${kind ?? 'another variant'} is smaller`);
  }
  return reasons;
}

/** The repository to choose in: the same, the successor of a retired one, or the official image that others imitate. */
function targetOf(reference: Reference, repository: string, facts: KnownFacts, catalog: Catalog): string | undefined {
  const retired = findRetired(reference, repository, catalog);
  if (retired !== undefined) {
    const [successor = ''] = retired.successors;
    return retired.isDropIn ? `${library}${successor}` : undefined;
  }
  if (repository.startsWith('mcr.microsoft.com/dotnet/core/')) return repository.replace('/dotnet/core/', '/dotnet/');
  if (facts.publisher !== 'unknown') return repository;
  const last = repository.split('/').at(-1) ?? '';
  const official = `${library}${otherNames[last] ?? last}`;
  return catalog.findTags(official) === undefined ? undefined : official;
}

function chooseBase(
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
  if (facts.publisher === 'docker-official' && present === undefined && facts.floating === undefined)
    return facts.tagState === 'maintained' ? sameTag(reference, tags.all()) : undefined;
  const keepsLine =
    target === repository &&
    facts.lifecycle?.state === 'supported' &&
    !facts.lifecycle.isBehind &&
    present !== undefined;
  const isOwnLineFine = keepsLine && facts.tagState === 'maintained' && isAliveSystem(facts);
  if (isOwnLineFine) return sameTag(reference, tags.all());
  const hasTag = (name: string) => lines.tagsOn(name).length > 0;
  const line = keepsLine ? present.name : latestCycle(lines.product, today, hasTag)?.name;
  if (line === undefined) return undefined;
  return choose(lines.tagsOn(line), line.split('.').length);
}

function isAliveSystem({ os }: KnownFacts): boolean {
  return os === undefined || os.state === 'supported' || os.state === 'unreleased';
}

function sameTag(reference: Reference, tags: readonly KnownTag[]): KnownTag | undefined {
  return tags.find(({ text }) => text === reference.tag);
}

/** Slim before alpine, whatever their sizes: another C library is not for a program to decide. */
function smallest(
  repository: string,
  tag: Tag,
  catalog: Catalog,
  today: IsoDate,
): { readonly known: KnownTag; readonly kind: SmallKind } | undefined {
  const found = smallerTags(repository, tag, catalog, today);
  return smallKinds.map((kind) => found.find((candidate) => candidate.kind === kind)).find((hit) => hit !== undefined);
}

function familiarName(repository: string): string {
  const slash = repository.indexOf('/');
  return familiarReference({ registry: repository.slice(0, slash), repository: repository.slice(slash + 1) });
}
