import type { MoveCause } from './event.ts';
import type { PlatformContent, TagContent } from './tag-content.ts';

/**
 * Why a tag moved, by comparing what it stood for before and after on the platforms in use.
 *
 * @param platforms in use; the first that both have decides. None in common: all that both have count.
 * @param osReleaseOf tells the operating system of a content.
 * @returns `unchanged` when only attestations or platforms nobody uses changed: that is no event.
 */
export function explainMove(
  before: TagContent,
  after: TagContent,
  platforms: readonly string[],
  osReleaseOf: (content: PlatformContent) => string | undefined,
): MoveCause | 'unchanged' {
  const gone = platforms.find((platform) => has(before, platform) && !has(after, platform));
  if (gone !== undefined) return { kind: 'platform-gone', platform: gone };
  const pairs = pairsOf(before, after, platforms);
  const moved = pairs.filter(([one, other]) => one.digest !== other.digest);
  if (pairs.length > 0 && moved.length === 0) return 'unchanged';
  return (
    first(moved, (one, other) => osChange(osReleaseOf(one), osReleaseOf(other))) ??
    first(moved, versionChange) ??
    first(moved, baseChange) ?? { kind: 'rebuilt' }
  );
}

type Pair = readonly [before: PlatformContent, after: PlatformContent];

function pairsOf(before: TagContent, after: TagContent, platforms: readonly string[]): readonly Pair[] {
  const all = after.platforms.flatMap((other): readonly Pair[] => {
    const one = before.platforms.find(({ platform }) => platform === other.platform);
    return one === undefined ? [] : [[one, other]];
  });
  const used = all.filter(([one]) => platforms.includes(one.platform));
  return used.length > 0 ? used : all;
}

function has({ platforms }: TagContent, wanted: string): boolean {
  return platforms.some(({ platform }) => platform === wanted);
}

function first(
  pairs: readonly Pair[],
  explain: (before: PlatformContent, after: PlatformContent) => MoveCause | undefined,
): MoveCause | undefined {
  for (const [before, after] of pairs) {
    const cause = explain(before, after);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

function osChange(from: string | undefined, to: string | undefined): MoveCause | undefined {
  return from === undefined || to === undefined || from === to ? undefined : { kind: 'os-changed', from, to };
}

function versionChange({ version: from }: PlatformContent, { version: to }: PlatformContent): MoveCause | undefined {
  return from === undefined || to === undefined || from === to ? undefined : { kind: 'new-version', from, to };
}

function baseChange({ base: from }: PlatformContent, { base: to }: PlatformContent): MoveCause | undefined {
  const isMoved = from?.digest !== undefined && to?.digest !== undefined && from.digest !== to.digest;
  return isMoved && from.name === to.name
    ? { kind: 'base-moved', base: to.name, from: from.digest, to: to.digest }
    : undefined;
}
