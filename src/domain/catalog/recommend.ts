import { familiarReference, type Reference } from '../image/reference.ts';
import { parseTag, type Tag } from '../image/tag.ts';
import type { Catalog, IsoDate } from './catalog.ts';
import { chooseBase, type KnownFacts } from './choose-base.ts';
import { bestDistroless, parseDistroless } from './distroless.ts';
import type { Recommendation } from './image-facts.ts';
import { findRetired } from './publisher.ts';
import type { KnownTag } from './repository-tags.ts';
import { smallerTags } from './smaller.ts';
import { smallKindOf } from './variant.ts';

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
  const slim = slimOf(target, base.tag, catalog, today);
  if (reasons.length === 0 && slim === undefined && target === repository) return undefined;
  const moved =
    target === repository
      ? []
      : [`${familiarName(target)} is the ${facts.publisher === 'retired' ? 'successor' : 'official image'}`];
  const chosen = slim ?? base;
  const isSmallAlready = smallKindOf(parseTag(reference.tag ?? ''), repository) !== undefined;
  const smaller = slim === undefined || isSmallAlready ? [] : ['slim is smaller'];
  return recommendation(reference, target, chosen.text, [...moved, ...reasons, ...smaller]);
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

/** Everything but size that keeps a reference from being fine, one clause each. */
function reasonsFor({ lifecycle, os, retired, tagState, floating }: KnownFacts): readonly string[] {
  const reasons: string[] = [];
  if (retired !== undefined) reasons.push(`the image was retired on ${retired.since}`);
  for (const line of [lifecycle, os]) {
    if (line?.state === 'ended')
      reasons.push(
        `${line.product} ${line.line} ${line.supportEndsOn === undefined ? 'is no longer supported' : `reached its end of life on ${line.supportEndsOn}`}`,
      );
    if (line?.state === 'long-term-only') reasons.push(`${line.product} ${line.line} has long-term support only`);
  }
  if (lifecycle?.isBehind === true && retired === undefined)
    reasons.push(
      `${lifecycle.product} ${lifecycle.latest.line} is the latest ${lifecycle.latest.isLts ? 'LTS' : 'stable release'}`,
    );
  if (tagState === 'unmaintained' && retired === undefined) reasons.push('the tag is no longer rebuilt');
  if (floating !== undefined)
    reasons.push(floating === 'none' ? 'no tag means whatever latest is' : `the tag ${floating} names no release`);
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

/**
 * The slim variant on the same system. Never alpine, chiseled or distroless: another C library, or none of a shell and a
 * package manager, is not for a program to decide; `smaller` names them.
 */
function slimOf(repository: string, tag: Tag, catalog: Catalog, today: IsoDate): KnownTag | undefined {
  return smallerTags(repository, tag, catalog, today).find(({ kind }) => kind === 'slim')?.known;
}

function familiarName(repository: string): string {
  const slash = repository.indexOf('/');
  return familiarReference({ registry: repository.slice(0, slash), repository: repository.slice(slash + 1) });
}
