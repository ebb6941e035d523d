import { parseTag, wordsOf } from '../image/tag.ts';
import type { Catalog } from './catalog.ts';
import { contentOf, smallKindOf } from './variant.ts';

/** Typical compressed size for linux/amd64: of the tag itself, or of another version of the same variant. */
export function typicalSize(repository: string, tag: string, catalog: Catalog): number | undefined {
  const known = catalog.sizes.get(repository);
  const exact = known?.get(tag);
  if (known === undefined || exact !== undefined) return exact;
  const variant = variantKey(repository, tag);
  for (const [other, bytes] of known) if (variantKey(repository, other) === variant) return bytes;
  return undefined;
}

function variantKey(repository: string, text: string): string {
  const tag = parseTag(text === 'latest' || text === 'stable' ? '' : text.replace(/^stable-/, ''));
  const isSlim = wordsOf(tag).includes('slim');
  return `${smallKindOf(tag, repository) ?? ''}|${isSlim}|${contentOf(tag, repository)}`;
}
