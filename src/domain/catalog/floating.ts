import type { Reference } from '../image/reference.ts';
import { operatingSystemOf, parseTag, versionOf, wordsOf } from '../image/tag.ts';
import type { Catalog } from './catalog.ts';
import { findLines } from './lines.ts';

/** Words that mean another release one day, whatever the repository. */
const channels: ReadonlySet<string> = new Set(
  (
    'latest edge rolling devel sid unstable experimental stable testing oldstable oldoldstable nightly main master ' +
    'current mainline lts innovation rawhide dev develop tip beta next canary head snapshot'
  ).split(' '),
);

/** Repositories whose tags name a release of Debian or Ubuntu, and nothing else. */
export const releaseRepositories: ReadonlySet<string> = new Set([
  'docker.io/library/buildpack-deps',
  'docker.io/library/neurodebian',
]);

/**
 * The tag, or `none` for no tag, when it does not name a release.
 *
 * A digest makes every reference exact. In official repositories a tag without a version floats too (`slim`, `alpine`,
 * `bookworm` of node): the version is what a release is. Elsewhere only known words do.
 */
export function floatingWord(reference: Reference, repository: string, catalog: Catalog): string | undefined {
  if (reference.digest !== undefined) return undefined;
  const text = reference.tag;
  if (text === undefined) return 'none';
  const tag = parseTag(text);
  if (versionOf(tag) !== undefined) return undefined;
  const system = operatingSystemOf(tag);
  if (system?.release === 'sid' || system?.release === 'experimental') return text;
  if (findLines(catalog, repository)?.cycleOf(tag) !== undefined) return undefined;
  if (releaseRepositories.has(repository) && system !== undefined && system.release !== '') return undefined;
  if (tag.slots.some(({ kind }) => kind === 'date')) return undefined;
  const isOfficial = repository.startsWith('docker.io/library/') && catalog.findTags(repository) !== undefined;
  // `open-11.0.12_7-jdk`, `beta-6.1`: the version stands further on.
  if (isOfficial) return wordsOf(tag).some((word) => /^\d/.test(word)) ? undefined : text;
  // Elsewhere a number anywhere may well be the version (`stable-1.2`): only plain words float.
  return !/\d/.test(text) && text.split('-').some((word) => channels.has(word)) ? text : undefined;
}
