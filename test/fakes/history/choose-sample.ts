import { hash } from 'node:crypto';
import type { Follower } from './follower.ts';
import { looksPrerelease, numbersOf } from './tag-text.ts';
import type { TagWorld } from './tag-world.ts';

/** How many tags of each kind are taken of a repository. */
const wanted = { exact: 5, floating: 3, named: 2, prerelease: 1 } as const;
type Kind = keyof typeof wanted;

/**
 * Tags that were rebuilt at the world's instant, of every repository the same ones each time: exact versions, lines, names
 * without a version and a prerelease. Each tag has a user who stays; exact ones another who takes what is recommended. Every
 * fifth use is for arm64.
 */
export function chooseSample(world: TagWorld): readonly Follower[] {
  return world.repositories.flatMap((repository) => {
    const live = [...(world.tagsOf(repository) ?? [])].flatMap(([tag, { isLive }]) => (isLive ? [tag] : []));
    const deepest = Math.max(0, ...live.map((tag) => numbersOf(tag).length));
    const byKind = Map.groupBy(live.toSorted(byHash), (tag) => kindOf(tag, deepest));
    return [...byKind].flatMap(([kind, tags]) =>
      tags.slice(0, wanted[kind]).flatMap((tag, at): readonly Follower[] => {
        const platform = (at + tag.length) % 5 === 0 ? { platform: 'linux/arm64' } : {};
        const stays = { name: `${repository}:${tag} stays`, kind: 'stays', repository, tag, ...platform } as const;
        const takes = { ...stays, name: `${repository}:${tag} takes`, kind: 'takes' } as const;
        return kind === 'exact' || kind === 'prerelease' ? [stays, takes] : [stays];
      }),
    );
  });
}

function kindOf(tag: string, deepest: number): Kind {
  const { length } = numbersOf(tag);
  if (looksPrerelease(tag)) return 'prerelease';
  if (length === 0) return 'named';
  return length >= Math.min(3, deepest) ? 'exact' : 'floating';
}

function byHash(a: string, b: string): number {
  return hash('sha256', a) < hash('sha256', b) ? -1 : 1;
}
