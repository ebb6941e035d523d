import type { Candidate, ListedTag } from '../candidates/candidate.ts';
import { laneOf } from '../candidates/compare-forms.ts';
import { findCandidates } from '../candidates/find-candidates.ts';
import { findProfile } from '../candidates/profile.ts';
import type { Catalog, IsoDate } from '../catalog/catalog.ts';
import { describeImage } from '../catalog/describe-image.ts';
import { distrolessInstead } from '../catalog/distroless.ts';
import type { Digest } from '../image/manifest.ts';
import { canonicalReference, type Reference, repositoryName, withoutDigest } from '../image/reference.ts';
import type { Jump } from './rank.ts';

/** A base that could stand in place of the present one. */
export type PossibleBase = {
  readonly reference: Reference;
  readonly jump: Exclude<Jump, 'none'>;
  /** One clause each; the first says what it is. */
  readonly reasons: readonly string[];
};

export type BaseRequest = {
  /** After aliases. */
  readonly reference: Reference;
  /** All tags of its repository; empty where the registry lists none. */
  readonly tags: readonly ListedTag[];
  /** What its tag stands for now, where that was told. */
  readonly tagDigest: Digest | undefined;
  readonly catalog: Catalog;
  readonly today: IsoDate;
};

/**
 * What could be used instead: what the tag stands for now, the candidates of every lane, what the catalog recommends, smaller variants of
 * both, and the distroless image of the same product. Each once, the likeliest first.
 */
export function findBases(request: BaseRequest): readonly PossibleBase[] {
  const { reference, tags, catalog, today } = request;
  const { candidates } = findCandidates({ reference, tags, catalog, today });
  const [steps, leaps] = [
    candidates.filter(({ lane }) => lane !== 'os' && lane !== 'successor'),
    candidates.filter(({ lane }) => lane === 'os' || lane === 'successor'),
  ];
  const { recommended } = describeImage(reference, catalog, today);
  const recommendations =
    recommended === undefined ? [] : [basedOn(request, recommended.reference, recommended.reasons)];
  const all = [
    ...refreshed(request),
    ...steps.map((candidate) => ofCandidate(reference, candidate)),
    ...recommendations,
    ...smallerThan(reference, request),
    ...leaps.map((candidate) => ofCandidate(reference, candidate)),
    ...(recommended === undefined ? [] : smallerThan(recommended.reference, request)),
    ...distroless(request),
  ];
  const present = canonicalReference(reference);
  const unique = new Map<string, PossibleBase>();
  for (const base of all) {
    const name = canonicalReference(base.reference);
    if (name !== present && !unique.has(name)) unique.set(name, base);
  }
  return [...unique.values()];
}

/** Without a pin the present image is what the tag stands for now. */
function refreshed({ reference, tagDigest }: BaseRequest): readonly PossibleBase[] {
  const { tag, digest } = reference;
  if (tag === undefined || digest === undefined || tagDigest === undefined || tagDigest === digest) return [];
  const now = { ...withoutDigest(reference), digest: tagDigest };
  return [{ reference: now, jump: 'refresh', reasons: [`what the tag ${tag} stands for now`] }];
}

function ofCandidate(reference: Reference, { lane, tag, repository, reasons }: Candidate): PossibleBase {
  const { registry, repository: own } = reference;
  const jump = lane === 'os' || lane === 'successor' || lane === 'digest' ? 'other' : lane;
  if (repository === undefined) return { reference: { registry, repository: own, tag }, jump, reasons };
  const slash = repository.indexOf('/');
  const elsewhere = { registry: repository.slice(0, slash), repository: repository.slice(slash + 1), tag };
  return { reference: elsewhere, jump, reasons };
}

function smallerThan(reference: Reference, request: BaseRequest): readonly PossibleBase[] {
  const { smaller } = describeImage(reference, request.catalog, request.today);
  const isPresent = canonicalReference(reference) === canonicalReference(request.reference);
  const reason = isPresent ? 'a smaller variant of the same version' : `a smaller variant of ${reference.tag ?? 'it'}`;
  return smaller.map((one) => ({ reference: one.reference, jump: 'other', reasons: [reason] }));
}

function basedOn(request: BaseRequest, reference: Reference, reasons: readonly string[]): PossibleBase {
  return { reference, jump: jumpTo(request, reference), reasons };
}

/** Another repository, system or variant is another base; else the first number that differs tells. */
function jumpTo({ reference, catalog }: BaseRequest, other: Reference): PossibleBase['jump'] {
  const repository = repositoryName(reference);
  if (repositoryName(other) !== repository || reference.tag === undefined || other.tag === undefined) return 'other';
  const { read, isUbuntu } = findProfile(repository, reference.tag, catalog);
  const [from, to] = [read(reference.tag), read(other.tag)];
  if (from.layout !== to.layout) return 'other';
  const lane = laneOf(from, to, isUbuntu);
  return lane === 'os' ? 'other' : lane;
}

function distroless({ reference, catalog, today }: BaseRequest): readonly PossibleBase[] {
  const instead = distrolessInstead(repositoryName(reference), reference.tag, catalog, today);
  if (instead === undefined) return [];
  const slash = instead.indexOf('/');
  const image = { registry: instead.slice(0, slash), repository: instead.slice(slash + 1), tag: 'nonroot' };
  return [
    { reference: image, jump: 'other', reasons: ['distroless: made for the same, without shell and package manager'] },
  ];
}
