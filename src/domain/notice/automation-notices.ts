import type { Instant } from '../source/instant.ts';
import type { AutomationNotice } from './notice.ts';

const dayMs = 86_400_000;

/** A cycle is due each day; what is older than two proves nothing of today. */
const overdueMs = 2 * dayMs;

/**
 * What is to be told of the monitoring itself: once a day for as long as it lasts.
 *
 * @param lastCycleAt when a cycle over the fleet was last finished; `undefined` for never.
 */
export function automationNotices(lastCycleAt: Instant | undefined, now: Instant): readonly AutomationNotice[] {
  if (lastCycleAt !== undefined && now - lastCycleAt <= overdueMs) return [];
  const day = new Date(now).toISOString().slice(0, 10);
  const last = lastCycleAt === undefined ? {} : { lastAt: lastCycleAt };
  return [{ key: `automation cycle-overdue ${day}`, what: { kind: 'cycle-overdue', ...last } }];
}
