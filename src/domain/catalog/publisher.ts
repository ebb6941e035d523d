import type { Reference } from '../image/reference.ts';
import { isPrerelease, operatingSystemOf, parseTag, wordsOf } from '../image/tag.ts';
import type { Catalog, CatalogSource, RetiredImage } from './catalog.ts';
import type { ImageFacts } from './image-facts.ts';
import { isWindows } from './operating-system.ts';
import { isDotnet } from './variant.ts';

type Publisher = Pick<ImageFacts, 'publisher' | 'publisherName' | 'evidence' | 'retired'>;

const library = 'docker.io/library/';
const distroless = 'gcr.io/distroless/';

/** Who publishes a repository, by which list. */
export function publisherOf(reference: Reference, repository: string, catalog: Catalog): Publisher {
  const { sources } = catalog;
  if (repository.startsWith(library)) {
    const retired = findRetired(reference, repository, catalog);
    if (retired !== undefined) {
      const { since, successors } = retired;
      const named = { publisher: 'retired', publisherName: 'Docker Official Images' } as const;
      return { ...named, evidence: sources.official, retired: { since, successors } };
    }
    const isListed = catalog.findTags(repository) !== undefined;
    return isListed
      ? { publisher: 'docker-official', publisherName: 'Docker Official Images', evidence: sources.official }
      : { publisher: 'unlisted', evidence: sources.official };
  }
  const vendor = catalog.vendors.find(({ prefix }) => repository === prefix || repository.startsWith(`${prefix}/`));
  if (vendor === undefined) return { publisher: 'unknown' };
  return { publisher: 'vendor', publisherName: vendor.name, evidence: vendorSource(repository, catalog) };
}

/** The entry of a retired image; an early-access tag of openjdk is none, for those are still made. */
export function findRetired(reference: Reference, repository: string, catalog: Catalog): RetiredImage | undefined {
  const retired = repository.startsWith(library) ? catalog.retired.get(repository.slice(library.length)) : undefined;
  if (retired?.keepsPrereleases !== true) return retired;
  const { tag } = reference;
  const isStillMade =
    tag === undefined
      ? reference.digest !== undefined
      : catalog.findTags(repository)?.has(tag) === true && (tag === 'latest' || isPrerelease(parseTag(tag)));
  return isStillMade ? undefined : retired;
}

/**
 * Whether a tag is still rebuilt. Complete lists exist for Docker Official Images, .NET's multi-platform tags and
 * distroless; of anything else nothing is said.
 */
export function tagStateOf(reference: Reference, repository: string, catalog: Catalog): ImageFacts['tagState'] {
  if (findRetired(reference, repository, catalog) !== undefined) return 'unmaintained';
  const tags = catalog.findTags(repository);
  if (tags === undefined) return isFrozen(repository, catalog) ? 'unmaintained' : 'unlisted';
  if (reference.tag === undefined && reference.digest !== undefined) return 'unlisted';
  const tag = reference.tag ?? 'latest';
  if (tags.has(tag)) return 'maintained';
  if (repository.startsWith(distroless)) {
    const platform = /-(?:amd64|arm64|arm|s390x|ppc64le|riscv64)$/.exec(tag);
    return platform !== null && tags.has(tag.slice(0, platform.index)) ? 'maintained' : 'unmaintained';
  }
  if (isDotnet(repository) && isOutsideHistory(tag)) return 'unlisted';
  return 'unmaintained';
}

function isFrozen(repository: string, catalog: Catalog): boolean {
  return repository.startsWith(distroless) && catalog.distroless.frozen.has(repository.slice(distroless.length));
}

/** The history of .NET holds tags that several platforms share; Windows releases and single architectures are not among them. */
function isOutsideHistory(text: string): boolean {
  const tag = parseTag(text);
  return isWindows(operatingSystemOf(tag)) || wordsOf(tag).some((word) => /^(?:amd64|arm64v8|arm32v7)$/.test(word));
}

function vendorSource(repository: string, { sources, findTags }: Catalog): CatalogSource {
  if (repository.startsWith(distroless)) return sources.distroless;
  return isDotnet(repository) && findTags(repository) !== undefined ? sources.dotnet : sources.own;
}
