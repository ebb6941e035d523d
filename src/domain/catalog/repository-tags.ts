import { parseTag, type Tag } from '../image/tag.ts';

/** The maintained tags of one repository. Sets and parsed tags are made when first asked for, and kept. */
export type RepositoryTags = {
  readonly has: (tag: string) => boolean;
  readonly all: () => readonly KnownTag[];
};

export type KnownTag = { readonly text: string; readonly tag: Tag };

/** @param text tags separated by spaces. */
export function repositoryTags(text: string): RepositoryTags {
  let set: ReadonlySet<string> | undefined;
  let parsed: readonly KnownTag[] | undefined;
  const names = () => {
    set ??= new Set(text.split(' '));
    return set;
  };
  return {
    has: (tag) => names().has(tag),
    all: () => {
      parsed ??= [...names()].map((name) => ({ text: name, tag: parseTag(name) }));
      return parsed;
    },
  };
}
