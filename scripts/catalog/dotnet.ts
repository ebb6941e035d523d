import { readSource } from './read-source.ts';

type History = { readonly refs: Readonly<Record<string, readonly (readonly [number, number, number])[]>> };

const daySeconds = 86_400;
const snapshot = { commit: '9c41427ee1', date: '2026-08-21' };

/**
 * The .NET tags that Microsoft still moves.
 *
 * Images are rebuilt on every patch Tuesday and whenever their base changes, so a tag that did not move since the
 * last but one was dropped (an older Alpine, an ended channel). A tag with a full version gets its last push when its
 * patch is superseded, some days after patch Tuesday: of those only the newest of each channel (and SDK band) count.
 */
export function dotnetImages(folder: string) {
  const { refs } = readSource<History>(folder, 'digest-history.json.gz');
  const cutoff = secondLastPatchTuesday(snapshot.date) / 1000;
  const byRepository = new Map<string, string[]>();
  for (const [reference, moves] of Object.entries(refs)) {
    if (!reference.startsWith('mcr.microsoft.com/dotnet/') || reference.includes('/nightly/')) continue;
    const lastMove = moves.at(-1)?.[0] ?? 0;
    if (lastMove < cutoff) continue;
    const colon = reference.lastIndexOf(':');
    const repository = reference.slice(0, colon);
    byRepository.set(repository, [...(byRepository.get(repository) ?? []), reference.slice(colon + 1)]);
  }
  const repositories: Record<string, string> = {};
  for (const [repository, tags] of byRepository) repositories[repository] = newestPatches(tags).sort().join(' ');
  return {
    source: {
      name: 'Microsoft .NET image history',
      url: `https://github.com/dotnet/versions/tree/${snapshot.commit}`,
      date: snapshot.date,
      license: 'MIT',
    },
    repositories,
  };
}

/** The second Tuesday of the month before the last one on or before the day. */
function secondLastPatchTuesday(day: string): number {
  const [year = 0, month = 0] = day.split('-').map(Number);
  const end = Date.parse(day);
  const tuesdays = [0, 1, 2].map((back) => secondTuesday(year, month - 1 - back)).filter((time) => time <= end);
  return tuesdays[1] ?? end - 62 * daySeconds * 1000;
}

function secondTuesday(year: number, month: number): number {
  const first = new Date(Date.UTC(year, month, 1));
  return Date.UTC(year, month, 1 + ((2 - first.getUTCDay() + 7) % 7) + 7);
}

function newestPatches(tags: readonly string[]): string[] {
  const newest = new Map<string, number>();
  for (const tag of tags) {
    const full = fullVersion(tag);
    if (full !== undefined) newest.set(full.channel, Math.max(full.patch, newest.get(full.channel) ?? -1));
  }
  return tags.filter((tag) => {
    const full = fullVersion(tag);
    return full === undefined || newest.get(full.channel) === full.patch;
  });
}

/** `10.0.401-noble` → channel `10.0`, band 4, patch 401; `11.0.0-preview.7` → patch 7 of its own channel. */
function fullVersion(tag: string): { readonly channel: string; readonly patch: number } | undefined {
  const match = /^(\d+\.\d+)\.(\d+)(?:-(preview|rc)\.(\d+))?/.exec(tag);
  if (match === null) return undefined;
  const [, channel = '', patch = '', label, number] = match;
  if (label !== undefined) return { channel: `${channel} ${label}`, patch: Number(number) };
  return { channel: `${channel} ${Math.floor(Number(patch) / 100)}`, patch: Number(patch) };
}
