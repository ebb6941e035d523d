import type { Digest, ImageManifest, Manifest } from '../../domain/image/manifest.ts';
import {
  contentOfImage,
  contentOfIndex,
  type PlatformContent,
  type TagContent,
} from '../../domain/monitor/tag-content.ts';
import type { Registry, RepositoryAddress } from '../../ports/registry.ts';

/**
 * What stands under a digest: every platform of the index, those in use with their size and, where their publisher names no
 * base, with their labels. Everything is read by digest, so nothing is asked for twice, ever.
 *
 * @param platforms in use; where the index has none of them, its first.
 * @throws RegistryError
 */
export async function readContent(
  registry: Registry,
  address: RepositoryAddress,
  digest: Digest,
  platforms: readonly string[],
): Promise<TagContent> {
  const manifest = await registry.readManifest(address, digest);
  if (manifest.kind === 'image') {
    const config = await registry.readConfig(address, manifest.configDigest);
    const content = contentOfImage(manifest, config, undefined);
    return { digest, platforms: content === undefined ? [] : [content] };
  }
  const content = contentOfIndex(manifest);
  const used = content.platforms.filter(({ platform }) => platforms.includes(platform));
  const wanted = new Set(used.length > 0 ? used : content.platforms.slice(0, 1));
  const read = content.platforms.map((known) => (wanted.has(known) ? readPlatform(registry, address, known) : known));
  return { digest, platforms: await Promise.all(read) };
}

async function readPlatform(
  registry: Registry,
  address: RepositoryAddress,
  known: PlatformContent,
): Promise<PlatformContent> {
  const manifest = await registry.readManifest(address, known.digest);
  if (!isImage(manifest)) return known;
  const named = contentOfImage(manifest, undefined, known);
  if (named?.base !== undefined) return named;
  const config = await registry.readConfig(address, manifest.configDigest);
  return contentOfImage(manifest, config, known) ?? known;
}

function isImage(manifest: Manifest): manifest is ImageManifest {
  return manifest.kind === 'image';
}
