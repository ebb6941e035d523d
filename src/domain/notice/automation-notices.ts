import type { Instant } from '../source/instant.ts';
import type { AutomationNotice } from './notice.ts';

const dayMs = 86_400_000;

/** A cycle is due each day; what is older than two proves nothing of today. */
const overdueMs = 2 * dayMs;

/** When the last one over the fleet was finished; absent for never. */
export type LastCycles = {
  readonly monitoredAt?: Instant;
  /** In which the scanner told anything. */
  readonly scannedAt?: Instant;
};

/** What is to be told of the monitoring itself: once a day for as long as it lasts. Without a cycle there is no scan either. */
export function automationNotices({ monitoredAt, scannedAt }: LastCycles, now: Instant): readonly AutomationNotice[] {
  if (isOverdue(monitoredAt, now)) return [notice('monitor', monitoredAt, now)];
  return isOverdue(scannedAt, now) ? [notice('monitor --scan', scannedAt, now)] : [];
}

function isOverdue(lastAt: Instant | undefined, now: Instant): boolean {
  return lastAt === undefined || now - lastAt > overdueMs;
}

function notice(command: 'monitor' | 'monitor --scan', lastAt: Instant | undefined, now: Instant): AutomationNotice {
  const day = new Date(now).toISOString().slice(0, 10);
  return {
    key: `automation cycle-overdue ${day}`,
    what: { kind: 'cycle-overdue', command, ...(lastAt === undefined ? {} : { lastAt }) },
  };
}
