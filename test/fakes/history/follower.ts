import { parseReference, type Reference } from '../../../src/domain/image/reference.ts';
import { groupUses, type Watch } from '../../../src/domain/monitor/watched-image.ts';
import type { Instant } from '../../../src/domain/source/instant.ts';
import type { CycleResult } from '../../../src/flows/monitor/monitor-cycle.ts';
import type { TagWorld } from './tag-world.ts';

/** Somebody who uses a tag. Who `takes` writes at each cycle what was recommended at the cycle before; others never change. */
export type Follower = {
  readonly name: string;
  readonly kind: 'stays' | 'takes';
  readonly repository: string;
  readonly tag: string;
  readonly platform?: string;
  /** Recommended at the last cycle. */
  readonly next?: string;
  /** When the first tag that was recommended in place of the present one was published. */
  readonly behindSince?: Instant;
};

/** A recommendation that was taken, with the time for which the use stood behind. */
export type Update = {
  readonly follower: string;
  readonly repository: string;
  readonly from: string;
  readonly to: string;
  readonly at: Instant;
  /** Absent where it was behind before it was followed. */
  readonly behindMs?: number;
};

export const defaultPlatform = 'linux/amd64';

export function watchOf(followers: readonly Follower[]): Watch {
  const uses = followers.map(({ name, repository, tag, platform }, at) => ({
    use: {
      tree: name,
      path: 'Dockerfile',
      line: at + 1,
      role: 'final' as const,
      written: `${imageOf(repository)}:${tag}`,
      ...(platform === undefined ? {} : { platform }),
    },
    reference: referenceOf(repository, tag),
  }));
  return groupUses(uses, defaultPlatform);
}

/** `docker.io/library/node`. */
export function imageOf(repository: string): string {
  return `docker.io/library/${repository}`;
}

/** Writes what was recommended at the cycle before. */
export function takeUpdates(
  followers: readonly Follower[],
  at: Instant,
): { readonly followers: readonly Follower[]; readonly updates: readonly Update[] } {
  const updates: Update[] = [];
  const after = followers.map((follower): Follower => {
    const { name, kind, repository, tag, next, platform, behindSince } = follower;
    if (kind === 'stays' || next === undefined) return follower;
    const behind = behindSince === undefined ? {} : { behindMs: at - behindSince };
    updates.push({ follower: name, repository, from: tag, to: next, at, ...behind });
    return { name, kind, repository, tag: next, ...(platform === undefined ? {} : { platform }) };
  });
  return { followers: after, updates };
}

/** Notes what a cycle recommends. @param isFirst of the whole replay: since when a use is behind is not known. */
export function noteRecommendations(
  followers: readonly Follower[],
  { images }: CycleResult,
  world: TagWorld,
  isFirst: boolean,
): readonly Follower[] {
  const recommended = new Map(images.map((image) => [image.reference, image.recommended]));
  return followers.map(({ next: _, behindSince, ...follower }): Follower => {
    const { repository, tag } = follower;
    const next = recommended.get(`${imageOf(repository)}:${tag}`) ?? undefined;
    if (next === undefined) return follower;
    const since = behindSince ?? (isFirst ? undefined : world.tagsOf(repository)?.get(next)?.bornAt);
    return { ...follower, next, ...(since === undefined ? {} : { behindSince: since }) };
  });
}

function referenceOf(repository: string, tag: string): Reference {
  const parsed = parseReference(`${imageOf(repository)}:${tag}`);
  if (parsed.kind !== 'ok') throw new Error(`${repository}:${tag} is no reference`);
  return parsed.reference;
}
