import { compareText } from '../candidates/compare-digits.ts';
import type { Role } from '../image/image-use.ts';
import type { Digest } from '../image/manifest.ts';
import { type Reference, repositoryName } from '../image/reference.ts';

/** A place that names an image, in one of the trees of a run. */
export type WatchedUse = {
  /** The folder or URL it was read from. */
  readonly tree: string;
  readonly path: string;
  readonly line: number;
  readonly role: Role;
  /** Canonical, before aliases: a mirror as it is written. */
  readonly written: string;
  /** Absent where the default platform is built. */
  readonly platform?: string;
  readonly digest?: Digest;
};

/** One tag with all its uses, whatever repository or mirror they stand in. */
export type WatchedTag = {
  readonly tag: string;
  /** Sorted; what is compared when it moves. */
  readonly platforms: readonly string[];
  readonly uses: readonly WatchedUse[];
};

/** One repository of a registry: asked for its list of tags once. */
export type WatchedImage = {
  readonly address: Pick<Reference, 'registry' | 'repository'>;
  /** `docker.io/library/node`. */
  readonly image: string;
  readonly tags: readonly WatchedTag[];
};

export type Watch = {
  readonly images: readonly WatchedImage[];
  /** Named by a digest alone: it cannot move, and nothing tells what came after it. */
  readonly byDigestAlone: readonly WatchedUse[];
};

/**
 * Groups uses by what has to be asked.
 *
 * @param uses each with its reference after aliases.
 * @param defaultPlatform where a use names none.
 */
export function groupUses(
  uses: readonly { readonly use: WatchedUse; readonly reference: Reference }[],
  defaultPlatform: string,
): Watch {
  const byDigestAlone: WatchedUse[] = [];
  const tagged: { readonly use: WatchedUse; readonly reference: Reference; readonly tag: string }[] = [];
  for (const { use, reference } of uses) {
    if (reference.tag === undefined && reference.digest !== undefined) byDigestAlone.push(use);
    else tagged.push({ use, reference, tag: reference.tag ?? 'latest' });
  }
  const byImage = Map.groupBy(tagged, ({ reference }) => repositoryName(reference));
  const images = [...byImage].map(([image, group]): WatchedImage => {
    const tags = [...Map.groupBy(group, ({ tag }) => tag)].map(([tag, same]): WatchedTag => {
      const platforms = new Set(same.map(({ use }) => use.platform ?? defaultPlatform));
      return { tag, platforms: [...platforms].sort(compareText), uses: same.map(({ use }) => use) };
    });
    const { registry, repository } = group[0]?.reference ?? { registry: '', repository: '' };
    return { address: { registry, repository }, image, tags: tags.sort((a, b) => compareText(a.tag, b.tag)) };
  });
  return { images: images.sort((a, b) => compareText(a.image, b.image)), byDigestAlone };
}
