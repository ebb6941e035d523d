import { officialLists } from '../../src/domain/catalog/refresh/official-lists.ts';
import { dayOf, readSource } from './read-source.ts';

type Entry = { readonly commit: string; readonly directory: string };

type Library = {
  readonly commit: string;
  readonly date: string;
  readonly repos: Readonly<Record<string, { readonly tags: Readonly<Record<string, Entry>> }>>;
  readonly retired: Readonly<Record<string, { readonly fileRemoved?: string; readonly noTagsSince?: string }>>;
};

/** Every Docker Official Image with every maintained tag, and those that were official once. */
export function officialImages(folder: string) {
  const library = readSource<Library>(folder, 'official-images.json');
  const origins = Object.entries(library.repos).map(([name, { tags }]) => {
    const originOf = ([tag, { commit, directory }]: [string, Entry]) => [tag, `${commit} ${directory}`] as const;
    return [name, new Map(Object.entries(tags).map(originOf))] as const;
  });
  const retired: Record<string, string> = {};
  for (const [name, { fileRemoved, noTagsSince }] of Object.entries(library.retired))
    retired[name] = fileRemoved ?? noTagsSince ?? '';
  return {
    source: {
      name: 'Docker Official Images library',
      url: `https://github.com/docker-library/official-images/tree/${library.commit}`,
      date: dayOf(library.date),
      license: 'Apache-2.0',
    },
    ...officialLists(new Map(origins)),
    retired,
  };
}
