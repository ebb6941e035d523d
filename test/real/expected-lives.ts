/** What the report tells of the lives in `deadlines.real.ts`, in whole: instants cut to the hour, spans rounded to hours. */
const any = {
  ...{ path: 'Dockerfile', stage: '0', platform: 'linux/amd64', image: 'docker.io/library/debian' },
  ...{ id: 'CVE-2026-0001', sourcePackage: 'openssl', number: 1, owner: null, severity: 'critical' },
  ...{ startAt: '2026-11-02T08', dueAt: '2026-11-04T08', dueIn: 'time', leftMs: null, lateMs: null, fault: null },
  ...{ pause: null, pausedMs: '0 h', delay: null, proposal: null, supplierMs: '0 h', missedReleases: [], closed: null },
  ...{ alternatives: [], rebuild: null },
};
const seen = { detectedAt: '2026-11-02T08', fixAt: '2026-11-02T08' };
const patched = { ...seen, baseAt: '2026-11-02T08' };

function releasedAt(at: string) {
  return { at, because: 'released', source: null, statement: null };
}

/** Open ones, then closed ones, the last end first. */
export const expectedLives = [
  {
    ...{ ...any, repository: 'billing.git', team: 'payments', state: 'late', isInTime: false, fault: 'ours' },
    ...{ leftMs: '-97 h', lateMs: '97 h', delay: { reason: 'not-proposed', whose: 'ours' }, oursMs: '145 h' },
    ...{ row: 1, outcome: 'openLate', fromFix: 'openLate' },
    milestones: patched,
  },
  {
    ...{ ...any, repository: 'cache.git', team: 'platform', state: 'late', isInTime: false, fault: 'supplier' },
    ...{ image: 'docker.io/library/alpine', id: 'CVE-2026-0005', sourcePackage: 'busybox' },
    // Three days of waiting for a base were allowed.
    ...{ dueAt: '2026-11-07T08', pausedMs: '72 h', leftMs: '-25 h', lateMs: '25 h' },
    ...{ delay: { reason: 'awaiting-base', whose: 'supplier' }, supplierMs: '145 h', oursMs: null },
    ...{ row: 2, outcome: 'openLate', fromFix: 'openLate' },
    milestones: seen,
  },
  {
    ...{ ...any, repository: 'search.git', path: 'search/Dockerfile', team: 'search', state: 'closed', isInTime: true },
    // Waived from the 2nd at 12 to the 5th at 8: of 48 hours 4 were gone, and 44 were left.
    ...{ dueAt: '2026-11-07T04', pausedMs: '68 h', oursMs: '96 h' },
    // From the fix it was too long, whatever was waived.
    ...{ row: 3, outcome: 'closedInTime', fromFix: 'closedLate' },
    milestones: { ...patched, mergedAt: '2026-11-06T08', releasedAt: '2026-11-06T08' },
    closed: releasedAt('2026-11-06T08'),
  },
  {
    ...{ ...any, repository: 'shop.git', team: 'web', state: 'closed', isInTime: true, oursMs: '10 h' },
    ...{ row: 4, outcome: 'closedInTime', fromFix: 'closedInTime' },
    milestones: {
      ...{ ...patched, proposedAt: '2026-11-02T10', mergedAt: '2026-11-02T16', releasedAt: '2026-11-02T18' },
    },
    closed: releasedAt('2026-11-02T18'),
  },
];
