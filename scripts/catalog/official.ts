import { dayOf, readSource } from './read-source.ts';

type Library = {
  readonly commit: string;
  readonly date: string;
  readonly repos: Readonly<Record<string, { readonly tags: Readonly<Record<string, unknown>> }>>;
  readonly retired: Readonly<Record<string, { readonly fileRemoved?: string; readonly noTagsSince?: string }>>;
};

/** Every Docker Official Image with every maintained tag, and those that were official once. */
export function officialImages(folder: string) {
  const library = readSource<Library>(folder, 'official-images.json');
  const repositories: Record<string, string> = {};
  for (const [name, { tags }] of Object.entries(library.repos)) repositories[name] = Object.keys(tags).sort().join(' ');
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
    repositories,
    retired,
  };
}
