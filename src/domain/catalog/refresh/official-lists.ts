/** What each tag of a repository is built from; tags of one origin are one image. */
export type Origins = ReadonlyMap<string, string>;

/** The lists of tags as the catalog keeps them. @param repositories by short name. */
export function officialLists(repositories: ReadonlyMap<string, Origins>): {
  readonly repositories: Readonly<Record<string, string>>;
  readonly smallAlready: Readonly<Record<string, string>>;
} {
  const tags: Record<string, string> = {};
  const smallAlready: Record<string, string> = {};
  for (const [name, origins] of repositories) {
    tags[name] = [...origins.keys()].sort().join(' ');
    const small = tagsOfSmallImages(origins);
    if (small.length > 0) smallAlready[name] = small.join(' ');
  }
  return { repositories: tags, smallAlready };
}

/** Tags without a word of size that are built from the same as one that has it. */
function tagsOfSmallImages(origins: Origins): readonly string[] {
  const isSmall = (tag: string) => /(?:^|-)(?:alpine|slim)/.test(tag);
  const small = new Set([...origins].flatMap(([tag, origin]) => (isSmall(tag) ? [origin] : [])));
  return [...origins].flatMap(([tag, origin]) => (!isSmall(tag) && small.has(origin) ? [tag] : [])).sort();
}
