import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import type { MoveCause } from '../../domain/monitor/event.ts';
import { explainMove } from '../../domain/monitor/explain-move.ts';
import { osReleaseOf } from '../../domain/monitor/os-release.ts';
import type { TagContent } from '../../domain/monitor/tag-content.ts';
import type { WatchedImage, WatchedTag } from '../../domain/monitor/watched-image.ts';
import { type Registry, RegistryError } from '../../ports/registry.ts';
import { readContent } from './read-content.ts';

/** Why a tag moved. `content` is what it stands for now; absent when that could not be read. */
export type ReadMove = { readonly cause: MoveCause | 'unchanged'; readonly content?: TagContent };

/** Reads what a tag stood for before and stands for now. What cannot be read is told as the cause, not thrown. */
export async function readMove(
  registry: Registry,
  { address, image }: WatchedImage,
  { tag, platforms }: WatchedTag,
  { from, to }: { readonly from: Digest; readonly to: Digest },
  { catalog, today }: { readonly catalog: Catalog; readonly today: string },
): Promise<ReadMove> {
  const content = await attempt(() => readContent(registry, address, to, platforms));
  if (content instanceof RegistryError) return { cause: { kind: 'unread', reason: content.message } };
  const before = await attempt(() => readContent(registry, address, from, platforms));
  if (before instanceof RegistryError) return { cause: { kind: 'unread', reason: before.message }, content };
  return {
    cause: explainMove(before, content, platforms, (one) => osReleaseOf(image, tag, one, catalog, today)),
    content,
  };
}

async function attempt<T>(read: () => Promise<T>): Promise<T | RegistryError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
}
