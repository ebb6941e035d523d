import { formatPlatform, type Platform, parsePlatform } from './platform.ts';

/**
 * The published platform that a build for another one takes: the very platform, else its next lower variant (`linux/arm/v6` for
 * `linux/arm/v7`), else the older architecture that the machine still runs (386 on amd64, arm on arm64).
 *
 * @param published `os/architecture[/variant]`.
 * @returns `undefined` when nothing is published that such a machine runs.
 * @see `platforms.Only` of containerd, which BuildKit chooses by.
 */
export function findRunnable(published: readonly string[], wanted: Platform): string | undefined {
  const normal = new Map(published.map((platform) => [normalised(platform), platform]));
  const best = runnablePlatforms(wanted).find((platform) => normal.has(platform));
  return best === undefined ? undefined : normal.get(best);
}

function normalised(text: string): string {
  const platform = parsePlatform(text);
  return platform === undefined ? text : formatPlatform(platform);
}

/** Best first. */
function runnablePlatforms({ os, architecture, variant }: Platform): readonly string[] {
  const own = variantsDownFrom(architecture, variant).map((lower) =>
    formatPlatform({ os, architecture, ...(lower === undefined ? {} : { variant: lower }) }),
  );
  if (architecture === 'amd64') return [...own, `${os}/386`];
  if (architecture === 'arm64') return [...own, ...armVariants('v8').map((lower) => `${os}/arm/${lower}`)];
  return own;
}

function variantsDownFrom(architecture: string, variant: string | undefined): readonly (string | undefined)[] {
  if (variant === undefined) return [undefined];
  if (architecture === 'arm') return armVariants(variant);
  const number = Number(/^v(\d)$/.exec(variant)?.[1] ?? 0);
  // What carries no variant is the lowest: v1 of amd64, v8 of arm64.
  const lowest = architecture === 'arm64' ? 9 : 2;
  const lower = Array.from({ length: Math.max(0, number - lowest) }, (_, step) => `v${number - step - 1}`);
  return [variant, ...lower, undefined];
}

function armVariants(variant: string): readonly string[] {
  const all = ['v8', 'v7', 'v6', 'v5'];
  const at = all.indexOf(variant);
  return at < 0 ? [variant] : all.slice(at);
}
