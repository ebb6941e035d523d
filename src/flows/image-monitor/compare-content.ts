import type { Digest } from '../../domain/image/manifest.ts';
import type { MonitoredImage } from '../../domain/image-monitor/monitored-image.ts';
import type { MoveCause } from '../../domain/monitor/event.ts';
import { explainMove } from '../../domain/monitor/explain-move.ts';
import { contentOfIndex } from '../../domain/monitor/tag-content.ts';
import { type Registry, RegistryError } from '../../ports/registry.ts';

/**
 * Why a tag moved, by what its indexes alone tell: two manifests are read, and no image of theirs. What is no index, or cannot
 * be read any more, has moved.
 *
 * @returns `unchanged` when only attestations or platforms that do not count changed
 */
export async function compareContent(
  registry: Registry,
  { reference, platforms }: MonitoredImage,
  { from, to }: { readonly from: Digest; readonly to: Digest },
): Promise<MoveCause | 'unchanged'> {
  try {
    const [before, after] = await Promise.all([
      registry.readManifest(reference, from),
      registry.readManifest(reference, to),
    ]);
    if (before.kind === 'image' || after.kind === 'image') return { kind: 'rebuilt' };
    return explainMove(contentOfIndex(before), contentOfIndex(after), platforms, () => undefined);
  } catch (error) {
    if (error instanceof RegistryError) return { kind: 'unread', reason: error.message };
    throw error;
  }
}
