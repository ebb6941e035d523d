import type { Role } from '../image/image-use.ts';
import { familiarReference } from '../image/reference.ts';
import type { Watch, WatchedUse } from '../monitor/watched-image.ts';
import type { MonitoredImage } from './monitored-image.ts';

/** What ends up in an image that is built, or builds it. */
const roles: ReadonlySet<Role> = new Set(['final', 'build', 'copy', 'mount']);
const maxVariable = 90;

/**
 * The images that a tree builds on and no list names. One that every use pins by digest is left out: its tag may move without
 * any effect. Platforms count where every use names one.
 *
 * @param listed win over what is found
 */
export function discoverImages({ images }: Watch, listed: readonly MonitoredImage[]): readonly MonitoredImage[] {
  const known = new Set(listed.map(({ reference }) => familiarReference(reference)));
  const variables = new Set(listed.map(({ variable }) => variable));
  const names = new Set(listed.map(({ name }) => name));
  return images.flatMap(({ address, tags }) =>
    tags.flatMap(({ tag, uses }): readonly MonitoredImage[] => {
      const reference = { ...address, tag };
      const name = familiarReference(reference);
      const following = uses.filter(({ role, digest }) => roles.has(role) && digest === undefined);
      if (following.length === 0 || known.has(name)) return [];
      return [
        {
          name: unused(name, names),
          reference,
          variable: unused(variableOf(name), variables),
          platforms: platformsOf(following),
        },
      ];
    }),
  );
}

/** `NODE_24_ALPINE_DIGEST` for `node:24-alpine`. */
function variableOf(name: string): string {
  const words = name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .slice(0, maxVariable);
  // A digit may not begin one, and what begins with GITHUB_ is GitHub's.
  const start = /^[A-Z]/.test(words) && !words.startsWith('GITHUB_') ? '' : 'IMAGE_';
  return `${start}${words}_DIGEST`;
}

function unused(wanted: string, taken: Set<string>): string {
  let text = wanted;
  for (let number = 2; taken.has(text); number += 1) text = `${wanted}_${number}`;
  taken.add(text);
  return text;
}

function platformsOf(uses: readonly WatchedUse[]): readonly string[] {
  const platforms = uses.flatMap(({ platform }) => platform ?? []);
  return platforms.length === uses.length ? [...new Set(platforms)].sort() : [];
}
