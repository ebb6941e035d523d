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
  const repositories: Record<string, string> = {};
  for (const [name, { tags }] of Object.entries(library.repos)) repositories[name] = Object.keys(tags).sort().join(' ');
  const smallAlready: Record<string, string> = {};
  for (const [name, { tags }] of Object.entries(library.repos)) {
    const names = tagsOfSmallImages(tags);
    if (names.length > 0) smallAlready[name] = names.join(' ');
  }
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
    smallAlready,
    retired,
  };
}

/** Tags without a word of size that are built from the same directory at the same commit as one that has it. */
function tagsOfSmallImages(tags: Readonly<Record<string, Entry>>): readonly string[] {
  const isSmall = (tag: string) => /(?:^|-)(?:alpine|slim)/.test(tag);
  const origin = ({ commit, directory }: Entry) => `${commit} ${directory}`;
  const small = new Set(Object.entries(tags).flatMap(([tag, entry]) => (isSmall(tag) ? [origin(entry)] : [])));
  return Object.entries(tags)
    .flatMap(([tag, entry]) => (!isSmall(tag) && small.has(origin(entry)) ? [tag] : []))
    .sort();
}
