import type { Catalog } from '../../../src/domain/catalog/catalog.ts';
import { type RepositoryTags, repositoryTags } from '../../../src/domain/catalog/repository-tags.ts';
import { formatInstant } from '../../../src/domain/source/instant.ts';
import type { TagWorld } from './tag-world.ts';

const library = 'docker.io/library/';

/**
 * The catalog with the official tags and the retired images of the world's instant. Life cycles stay those of the catalog:
 * their days are known ahead, as far as publishers kept to them.
 */
export function catalogOn(catalog: Catalog, world: TagWorld): Catalog {
  const today = formatInstant(world.at).slice(0, 10);
  const made = new Map<string, RepositoryTags>();
  const findTags = (repository: string) => {
    const tags = repository.startsWith(library) ? world.tagsOf(repository.slice(library.length)) : undefined;
    if (tags === undefined) return catalog.findTags(repository);
    if (!made.has(repository)) {
      const live = [...tags].flatMap(([name, { isLive }]) => (isLive ? [name] : []));
      made.set(repository, live.length === 0 ? noTags : repositoryTags(live.join(' ')));
    }
    return made.get(repository);
  };
  return { ...catalog, findTags, retired: new Map([...catalog.retired].filter(([, { since }]) => since <= today)) };
}

const noTags: RepositoryTags = { has: () => false, all: () => [] };
