import type { ImageFacts } from '../catalog/image-facts.ts';
import type { Role } from '../image/image-use.ts';
import type { Reference } from '../image/reference.ts';
import { type Category, categories } from './category.ts';
import { compilePattern } from './pattern.ts';
import type { Alias, Matcher, Policy } from './policy.ts';
import { describeBadge, type RegistryFacts, trustedBadge } from './registry-facts.ts';

/** Which category an image falls in, by which pattern, and why. */
export type Classification = { readonly category: Category; readonly pattern: string; readonly why: string };

const frontend = compilePattern('docker.io/docker/dockerfile*');

/** An image with what is known of it. `registry`: what registries said in this run. */
export type DescribedImage = {
  readonly reference: Reference;
  readonly facts: ImageFacts;
  readonly registry?: RegistryFacts | undefined;
};

/**
 * The category of an image: first match in the order preferred, permitted, restricted, prohibited; no match is prohibited.
 *
 * @param image `'scratch'`, or a reference after `resolveAlias`.
 * @see policy 5.2.2, table "Permitted Base Images"
 */
export function classify(image: 'scratch' | DescribedImage, role: Role, policy: Policy): Classification {
  if (
    image !== 'scratch' &&
    role === 'frontend' &&
    frontend.kind === 'pattern' &&
    frontend.pattern.matches(image.reference)
  )
    return { category: 'permitted', pattern: frontend.pattern.text, why: "Docker's own Dockerfile frontend" };
  for (const category of categories) {
    const { matchers, why } = policy.categories[category];
    for (const matcher of matchers) {
      if (!matches(matcher, image, policy)) continue;
      return { category, pattern: describe(matcher), why: `${why}${evidenceOf(matcher, image, policy)}` };
    }
  }
  return { category: 'prohibited', pattern: '(no pattern matches)', why: policy.categories.prohibited.why };
}

/** Reads a mirror as what it mirrors: the longest alias whose prefix ends at a path boundary. */
export function resolveAlias(reference: Reference, aliases: readonly Alias[]): Reference {
  const name = `${reference.registry}/${reference.repository}`;
  const alias = aliases.find(({ from }) => name === from || name.startsWith(`${from}/`));
  if (alias === undefined) return reference;
  const target = alias.to + name.slice(alias.from.length);
  const slash = target.indexOf('/');
  return { ...reference, registry: target.slice(0, slash), repository: target.slice(slash + 1) };
}

function matches(matcher: Matcher, image: 'scratch' | DescribedImage, policy: Policy): boolean {
  if (image === 'scratch') return matcher.kind === 'pattern' && matcher.pattern.matchesScratch;
  const { reference, facts } = image;
  switch (matcher.kind) {
    case 'pattern':
      return matcher.pattern.matches(reference);
    case 'lts':
      return matcher.pattern.matches(reference) && isLts(facts);
    case 'official':
      return isOfficial(reference, facts, policy) || isVerified(image, policy);
  }
}

/** Untagged and `latest` mean the newest LTS wherever the policy asks for one (Docker Hub's ubuntu does so). */
function isLts(facts: ImageFacts): boolean {
  return facts.lifecycle?.isLts ?? (facts.floating === 'none' || facts.floating === 'latest');
}

/**
 * Official: in the official namespace *and* in the list of Docker Official Images (a retired one was), or in the
 * registry of a vendor that the policy trusts.
 *
 * @see policy 5.2.2, "Official Source"
 */
function isOfficial(reference: Reference, facts: ImageFacts, policy: Policy): boolean {
  if (policy.sources.official.some((pattern) => pattern.matches(reference))) return facts.publisher !== 'unlisted';
  return policy.sources.vendors.some((pattern) => pattern.matches(reference));
}

/**
 * By the badge of its namespace on Docker Hub. What a pattern other than `**` prohibits stays so: nobody who named a publisher
 * there wants a look-up to lift that.
 */
function isVerified({ reference, registry }: DescribedImage, { sources, categories: { prohibited } }: Policy): boolean {
  if (sources.publishers !== 'dockerhub' || reference.registry !== 'docker.io') return false;
  if (trustedBadge(registry) === undefined) return false;
  return !prohibited.matchers.some(
    (matcher) => matcher.kind === 'pattern' && matcher.pattern.text !== '**' && matcher.pattern.matches(reference),
  );
}

/** Who says that an image is official, where only a look-up tells. */
function evidenceOf(matcher: Matcher, image: 'scratch' | DescribedImage, policy: Policy): string {
  if (image === 'scratch' || matcher.kind !== 'official') return '';
  const badge = trustedBadge(image.registry);
  if (badge === undefined || isOfficial(image.reference, image.facts, policy)) return '';
  return `; ${badge.name ?? namespaceOf(image.reference)} is ${describeBadge(badge)}`;
}

function namespaceOf({ repository }: Reference): string {
  return repository.split('/')[0] ?? repository;
}

function describe(matcher: Matcher): string {
  switch (matcher.kind) {
    case 'pattern':
      return matcher.pattern.text;
    case 'lts':
      return `${matcher.pattern.text} (LTS)`;
    case 'official':
      return 'official';
  }
}
