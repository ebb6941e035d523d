import picomatch from 'picomatch';
import { canonicalReference, type Reference, repositoryName } from '../image/reference.ts';
import type { WatchedUse } from '../monitor/watched-image.ts';
import { isApprovedByOther } from '../policy/approval/approver.ts';
import { type WaiverApprovals, waiverKey } from '../policy/approval/waiver-approval.ts';
import { lastWaiverDay } from '../policy/finding-waiver.ts';
import type { Policy } from '../policy/policy.ts';
import type { Waiver } from '../policy/waiver.ts';
import { formatInstant, type Instant } from '../source/instant.ts';
import { ratedSeverities } from './metrics.ts';
import { placeKey, type TrackedUse, type TrackedWaiver } from './tracked-use.ts';

/** A use as a tree names it. `stage`: its name, or its number; empty outside of stages. `reference`: after aliases. */
export type NamedUse = {
  readonly use: Pick<WatchedUse, 'path' | 'role' | 'platform'>;
  readonly stage: string;
  readonly reference: Reference;
};

export type TreeOfUses = {
  readonly repository: string;
  /** Where a use names none. */
  readonly platform: string;
  readonly policy: Pick<Policy, 'deadlines' | 'waivers' | 'waiverDays'>;
  /** Of waivers whose approvers were asked for; all that are given count, whatever these say. */
  readonly approvals?: WaiverApprovals;
  readonly now: Instant;
};

const buildRoles: ReadonlySet<WatchedUse['role']> = new Set(['build', 'copy', 'mount']);
const dayMs = 86_400_000;

/** The uses of one tree whose findings have deadlines: what ships, and by the policy's wish what builds it. Each place once. */
export function usesOfTree<U extends NamedUse>(
  uses: readonly U[],
  tree: TreeOfUses,
  factsOf: (use: U) => Omit<TrackedUse, 'place' | 'tag' | 'waivers'>,
): readonly TrackedUse[] {
  const { repository, platform, policy } = tree;
  const counted = uses.filter(
    ({ use: { role } }) => role === 'final' || (policy.deadlines.isBuildCounted && buildRoles.has(role)),
  );
  const tracked = counted.map((one): TrackedUse => {
    const { use, stage, reference } = one;
    const image = repositoryName(reference);
    return {
      ...factsOf(one),
      place: { repository, path: use.path, stage, platform: use.platform ?? platform, image },
      ...(reference.digest === undefined ? { tag: canonicalReference(reference) } : {}),
      waivers: policy.waivers.flatMap((waiver) => waiversOf(waiver, one, tree)),
    };
  });
  return [...new Map(tracked.map((use) => [placeKey(use.place), use])).values()];
}

/** One that nobody approved, or that is longer than any severity allows, stops no clock. */
function waiversOf(
  waiver: Waiver,
  { use, reference }: NamedUse,
  { policy, approvals, now }: TreeOfUses,
): readonly TrackedWaiver[] {
  const { id, rules, findings, path, image, approvedBy, expires } = waiver;
  // It holds through its last day.
  const until = Date.parse(expires) + dayMs;
  if (approvedBy === undefined || !isApprovedByOther(waiver) || until <= now || !image.matches(reference)) return [];
  if (path !== undefined && !picomatch(path, { dot: true })(use.path)) return [];
  const today = formatInstant(now).slice(0, 10);
  const severities = ratedSeverities.filter((one) => expires <= lastWaiverDay(one, policy.waiverDays, today));
  const approval = approvals?.get(waiverKey(waiver));
  return [
    {
      ...{ id, rules, until, approvedBy, severities },
      ...(findings === undefined ? {} : { findings }),
      ...(approval === undefined ? {} : { approval }),
    },
  ];
}
