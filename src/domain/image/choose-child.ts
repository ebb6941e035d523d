import type { ImageIndex, IndexChild } from './manifest.ts';
import type { Platform } from './platform.ts';

/**
 * The image of an index that a machine of a platform runs: its own variant, else the next lower one. `arm64` is `arm64/v8`,
 * `arm` is `arm/v7`, as `parsePlatform` has them. Of several (Windows builds) the first.
 *
 * @returns `undefined` when the index has none.
 */
export function chooseChild(index: ImageIndex, platform: Platform): IndexChild | undefined {
  for (const variant of runnableVariants(platform)) {
    const found = index.children.find((child) => isFor(child, { ...platform, variant }));
    if (found !== undefined) return found;
  }
  return undefined;
}

type WantedPlatform = Omit<Platform, 'variant'> & { readonly variant: string | undefined };

function isFor({ platform }: IndexChild, { os, architecture, variant }: WantedPlatform): boolean {
  return platform?.os === os && platform.architecture === architecture && platform.variant === variant;
}

/** Best first. The lowest of `arm` is v5; elsewhere it has no name. */
function runnableVariants({ architecture, variant }: Platform): readonly (string | undefined)[] {
  if (variant === undefined) return [undefined];
  const number = /^v(\d)$/.exec(variant)?.[1];
  if (number === undefined) return [variant];
  const lowest = architecture === 'arm' ? 5 : architecture === 'arm64' ? 9 : 2;
  const lower = Array.from(
    { length: Math.max(0, Number(number) - lowest) },
    (_, step) => `v${Number(number) - step - 1}`,
  );
  return [variant, ...lower, ...(architecture === 'arm' ? [] : [undefined])];
}
