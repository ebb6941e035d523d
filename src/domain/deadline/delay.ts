import type { Instant } from '../source/instant.ts';
import type { EpisodeStanding } from './episode-standing.ts';
import type { Milestones } from './milestones.ts';

/** Why an open episode is in no release yet, and whose turn it is. */
export type Delay = {
  readonly reason: 'no-fix' | 'waived' | 'awaiting-base' | 'not-proposed' | 'proposal-open' | 'not-released';
  readonly whose: 'nobody' | 'supplier' | 'ours';
};

/** `supplier`: whoever builds the base. A wait for it is theirs also after the time allowed for it is over. */
export function delayOf({
  milestones,
  pause,
  proposal,
}: Pick<EpisodeStanding, 'milestones' | 'pause' | 'proposal'>): Delay {
  const { fixAt, baseAt, mergedAt } = milestones;
  if (mergedAt !== undefined) return { reason: 'not-released', whose: 'ours' };
  if (pause?.reason === 'waived') return { reason: 'waived', whose: 'nobody' };
  if (fixAt === undefined) return { reason: 'no-fix', whose: 'supplier' };
  if (baseAt === undefined) return { reason: 'awaiting-base', whose: 'supplier' };
  return { reason: proposal === undefined ? 'not-proposed' : 'proposal-open', whose: 'ours' };
}

/** How long each side took, or has taken so far; absent where its turn has not come. */
export type Lags = {
  /** From the first known fix to a base that has it. */
  readonly supplierMs?: number;
  /** From that base to the release. */
  readonly oursMs?: number;
};

/** @param until the end of a closed episode, now for an open one. */
export function lagsOf({ fixAt, baseAt }: Milestones, until: Instant): Lags {
  if (fixAt === undefined) return {};
  const supplierMs = Math.max(0, (baseAt ?? until) - fixAt);
  return baseAt === undefined ? { supplierMs } : { supplierMs, oursMs: Math.max(0, until - Math.max(baseAt, fixAt)) };
}
