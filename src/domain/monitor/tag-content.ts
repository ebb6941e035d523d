import type { Annotations, Digest, ImageConfig, ImageIndex, ImageManifest, IndexChild } from '../image/manifest.ts';
import { formatPlatform } from '../image/platform.ts';

/** What a tag stands for on one platform, as far as it was read. */
export type PlatformContent = {
  /** `linux/arm64`, with the Windows build behind it where there is one: `windows/amd64 10.0.20348.1`. */
  readonly platform: string;
  readonly digest: Digest;
  /** As its publisher counts. */
  readonly version?: string;
  readonly base?: { readonly name: string; readonly digest?: Digest };
  readonly labels?: Annotations;
  readonly sizeBytes?: number;
};

export type TagContent = { readonly digest: Digest; readonly platforms: readonly PlatformContent[] };

/** What the index alone tells: Docker Official Images annotate each child with version and base. */
export function contentOfIndex(index: ImageIndex): TagContent {
  const platforms = index.children.flatMap((child): readonly PlatformContent[] =>
    child.platform === undefined
      ? []
      : [{ platform: platformText(child), digest: child.digest, ...annotated(index.annotations, child.annotations) }],
  );
  return { digest: index.digest, platforms };
}

/** What a platform's own manifest and config add. Their annotations stand over those of the index. */
export function contentOfImage(
  manifest: ImageManifest,
  config: ImageConfig | undefined,
  known: PlatformContent | undefined,
): PlatformContent | undefined {
  const platform = known?.platform ?? (config === undefined ? undefined : formatPlatform(config.platform));
  if (platform === undefined) return undefined;
  return {
    ...known,
    platform,
    digest: manifest.digest,
    ...annotated(manifest.annotations),
    ...(config === undefined ? {} : { labels: config.labels }),
    sizeBytes: manifest.sizeBytes,
  };
}

function platformText({ platform, osVersion }: IndexChild): string {
  if (platform === undefined) return '';
  return osVersion === undefined ? formatPlatform(platform) : `${formatPlatform(platform)} ${osVersion}`;
}

/** Annotations only: a label may be the base's. */
function annotated(...sources: readonly Annotations[]): Pick<PlatformContent, 'version' | 'base'> {
  const find = (name: string) => sources.findLast((source) => source.has(name))?.get(name);
  const version = find('org.opencontainers.image.version');
  const name = find('org.opencontainers.image.base.name');
  const digest = find('org.opencontainers.image.base.digest');
  return {
    ...(version === undefined ? {} : { version }),
    ...(name === undefined ? {} : { base: { name, ...(digest === undefined ? {} : { digest }) } }),
  };
}
