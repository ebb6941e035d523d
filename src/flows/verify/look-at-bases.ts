import type { Digest } from '../../domain/image/manifest.ts';
import { formatPlatform } from '../../domain/image/platform.ts';
import { parseReference, type Reference } from '../../domain/image/reference.ts';
import type { Buildable } from '../../domain/verify/buildable.ts';
import type { Registry } from '../../ports/registry.ts';
import { attempt } from '../online/attempt.ts';

/** What registries say of the images that a build needs, as it is about to pull them. */
export type SeenBases = {
  readonly digests: readonly { readonly reference: string; readonly digest: Digest | null }[];
  /** Of its base; absent where nobody could say. */
  readonly platforms?: readonly string[];
};

export async function lookAtBases(registry: Registry, { images, base }: Buildable): Promise<SeenBases> {
  const digests = await Promise.all(
    images.map(async (reference) => {
      const parsed = parseReference(reference);
      const digest = parsed.kind === 'ok' ? await digestOf(registry, parsed.reference) : undefined;
      return { reference, digest: digest ?? null };
    }),
  );
  const platforms = base === undefined ? undefined : await platformsOf(registry, base);
  return { digests, ...(platforms === undefined ? {} : { platforms }) };
}

async function digestOf(registry: Registry, reference: Reference): Promise<Digest | undefined> {
  if (reference.digest !== undefined) return reference.digest;
  const resolved = await attempt(() => registry.resolve(reference, reference.tag ?? 'latest'));
  return resolved.kind === 'answered' ? resolved.value.digest : undefined;
}

async function platformsOf(registry: Registry, base: Reference): Promise<readonly string[] | undefined> {
  const digest = await digestOf(registry, base);
  if (digest === undefined) return undefined;
  const read = await attempt(() => registry.readManifest(base, digest));
  if (read.kind !== 'answered') return undefined;
  const { value: manifest } = read;
  if (manifest.kind === 'index')
    return manifest.children.flatMap(({ platform }) => (platform === undefined ? [] : [formatPlatform(platform)]));
  const config = await attempt(() => registry.readConfig(base, manifest.configDigest));
  return config.kind === 'answered' ? [formatPlatform(config.value.platform)] : undefined;
}
