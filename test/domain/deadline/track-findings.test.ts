import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import type { Episode } from '../../../src/domain/deadline/episode.ts';
import { episodeStanding } from '../../../src/domain/deadline/episode-standing.ts';
import type { TrackedUse } from '../../../src/domain/deadline/tracked-use.ts';
import { withEvents } from '../../../src/domain/deadline/with-events.ts';
import type { ApprovalProof } from '../../../src/domain/policy/approval/prove-approval.ts';
import { at } from './lived.ts';
import {
  afterLooks,
  clean,
  finding,
  fixed,
  id,
  type Look,
  look,
  proposalOf,
  proposalUrl,
  releaseAt,
  scanWith,
  storyOf,
  useOf,
  waiverOf,
} from './tracked.ts';

const withoutFix = useOf(scanWith([finding()]));
const withFix = useOf(scanWith([finding(fixed)]));
const replacement = { reference: 'docker.io/library/debian:12-slim', scan: clean };
const withBase = { ...withFix, replacement };
const mended = useOf(clean);
/** What is allowed for HIGH is too long for CRITICAL. */
const short = { findings: { ids: [id] }, severities: ['high', 'medium', 'low'] } as const;
const notAffected = scanWith([], {
  suppressed: [{ id, sourcePackage: 'openssl', status: 'not_affected', source: 'vex.json' }],
});
const { exploitedAs: _, ...unlisted } = defaultDeadlineSettings;
const shipped = { ...defaultDeadlineSettings, releases: 'branch' } as const;

function tells(said: string, looks: readonly Look[], story: readonly string[]): void {
  test(said, () => assert.deepEqual(storyOf(afterLooks(...looks)), story));
}

function closingOf({ events }: Episode) {
  const last = events.at(-1)?.what;
  assert.ok(last?.kind === 'closed');
  return { because: last.because, ...last.frozen };
}

// Rows of the semantics, in their order.
tells('unfixed: it is watched, and no clock runs', [['0d', { uses: [withoutFix] }]], ['0d detected']);
tells(
  'patchable: a fix starts the clock, which waits for a base',
  [['0d', { uses: [withFix] }]],
  ['0d detected', '0d fix-available', '0d paused'],
);
tells('detected: never before the use existed', [['5d', { uses: [withoutFix] }]], ['5d detected']);
tells(
  'fix: by the date that the scanner tells',
  [['5d', { uses: [useOf(scanWith([finding({ ...fixed, fixedAt: '2026-03-02T00:00:00Z' })]))] }]],
  ['5d detected', '1d fix-available', '5d paused'],
);
tells(
  'fix: the first scan with a fixed version, where the scanner tells no date, or one to come',
  [
    ['0d', { uses: [withoutFix] }],
    ['2d', { uses: [useOf(scanWith([finding({ ...fixed, fixedAt: '2026-04-01T00:00:00Z' })]))] }],
  ],
  ['0d detected', '2d fix-available', '2d paused'],
);
tells(
  'base: the first look at which what would be proposed scans free of it',
  [
    ['0d', { uses: [{ ...withFix, replacement: { ...replacement, scan: scanWith([finding(fixed)]) } }] }],
    ['1d', { uses: [withBase] }],
    ['2d', { uses: [withBase] }],
  ],
  ['0d detected', '0d fix-available', '0d paused', '1d base-available'],
);
tells(
  'proposed: the pull request that makes the use an image without it, never before the detection, and once',
  [
    ['1d', { uses: [{ ...withBase, proposal: proposalOf(clean) }] }],
    ['2d', { uses: [{ ...withBase, proposal: proposalOf(clean) }] }],
  ],
  ['1d detected', '1d fix-available', '1d base-available', '1d proposed'],
);
tells(
  'proposed: by the date that the forge tells, which proves a base as well',
  [
    ['0d', { uses: [withFix] }],
    ['2d', { uses: [{ ...withFix, proposal: proposalOf(clean, { openedAt: at('1d') }) }] }],
  ],
  ['0d detected', '0d fix-available', '0d paused', '2d base-available', '1d proposed'],
);
tells(
  'proposed: one whose image has it still proposes nothing for it',
  [['0d', { uses: [{ ...withBase, proposal: proposalOf(scanWith([finding(fixed)])) }] }]],
  ['0d detected', '0d fix-available', '0d base-available'],
);
tells(
  'verified: each time that the checks say something else, running ones at first not',
  [
    ['0d', { uses: [{ ...withBase, proposal: proposalOf(clean, { proof: { decision: 'hold', failed: [] } }) }] }],
    ['1d', { uses: [{ ...withBase, proposal: proposalOf(clean, { proof: { decision: 'fail', failed: ['test'] } }) }] }],
    ['2d', { uses: [{ ...withBase, proposal: proposalOf(clean, { proof: { decision: 'fail', failed: ['test'] } }) }] }],
    ['3d', { uses: [{ ...withBase, proposal: proposalOf(clean, { proof: { decision: 'hold', failed: [] } }) }] }],
    ['4d', { uses: [{ ...withBase, proposal: proposalOf(clean, { proof: { decision: 'pass', failed: [] } }) }] }],
  ],
  [
    ...['0d detected', '0d fix-available', '0d base-available', '0d proposed'],
    ...['1d verified', '3d verified', '4d verified'],
  ],
);
tells(
  'withdrawn: a pull request that was closed, which may come back; where nobody can be asked nothing is told',
  [
    ['0d', { uses: [{ ...withBase, proposal: proposalOf(clean) }] }],
    ['1d', { uses: [withBase] }],
    ['2d', { uses: [{ ...withBase, proposal: { kind: 'none' } }] }],
    ['3d', { uses: [{ ...withBase, proposal: proposalOf(clean) }] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '0d proposed', '2d withdrawn', '2d proposed'],
);
tells(
  'merged: at the time that the forge tells, not when it was seen',
  [
    ['0d', { uses: [{ ...withBase, proposal: proposalOf(clean) }] }],
    ['3d', { uses: [mended], mergedAt: new Map([[proposalUrl, at('1d')]]) }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '0d proposed', '1d merged'],
);
tells(
  'stop: a merge is a milestone, and ends nothing',
  [
    ['0d', { uses: [withBase] }],
    ['1d', { uses: [mended] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '1d merged'],
);
tells(
  'stop: a release that scans free of it, at its publication',
  [
    ['0d', { uses: [withBase] }],
    ['1d', { uses: [mended] }],
    ['3d', { uses: [mended], releases: [releaseAt('2d', 'v1.0.1', clean)] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '1d merged', '2d released', '2d closed'],
);
tells(
  'stop: a release from before the detection ends nothing',
  [
    ['1d', { uses: [withBase] }],
    ['2d', { uses: [mended], releases: [releaseAt('0d', 'v1.0.0', clean)] }],
  ],
  ['1d detected', '1d fix-available', '1d base-available', '2d merged'],
);
tells(
  'stop: a release ends nothing while the branch has it still',
  [
    ['0d', { uses: [withBase] }],
    ['2d', { uses: [withBase], releases: [releaseAt('1d', 'v1.0.1', clean)] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available'],
);
tells(
  'stop: a release whose scan proves nothing ends nothing',
  [
    ['0d', { uses: [withBase] }],
    ['2d', { uses: [mended], releases: [releaseAt('1d', 'v1.0.1', { kind: 'stale', message: 'old' })] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '2d merged'],
);
tells(
  'stop: a release that VEX says is not affected is as good as free of it, and none that was missed',
  [
    ['0d', { uses: [withBase] }],
    ['2d', { uses: [mended], releases: [releaseAt('1d', 'v1.0.1', notAffected)] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '1d merged', '1d released', '1d closed'],
);
tells(
  'stop: where what is merged ships at once, that is the release',
  [
    ['0d', { uses: [withBase], settings: shipped }],
    ['1d', { uses: [mended], settings: shipped, revision: 'abc' }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '1d merged', '1d released', '1d closed'],
);
tells(
  'release: one that has it still is missed, and the next one ends it',
  [
    ['0d', { uses: [withBase] }],
    ['2d', { uses: [withBase], releases: [releaseAt('1d', 'v1.0.1', scanWith([finding(fixed)]))] }],
    [
      '4d',
      {
        uses: [mended],
        releases: [releaseAt('1d', 'v1.0.1', scanWith([finding(fixed)])), releaseAt('3d', 'v1.0.2', clean)],
      },
    ],
  ],
  [
    '0d detected',
    '0d fix-available',
    '0d base-available',
    '1d release-missed',
    '3d merged',
    '3d released',
    '3d closed',
  ],
);
tells(
  'breach: told at the deadline, once, whenever it is seen',
  [
    ['0d', { uses: [withBase] }],
    ['9d', { uses: [withBase] }],
    ['10d', { uses: [withBase] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '7d breached'],
);
tells(
  'severity: a change is told with its time',
  [
    ['0d', { uses: [withBase] }],
    ['1d', { uses: [{ ...withBase, scan: scanWith([finding({ ...fixed, severity: 'critical' })]) }] }],
    ['2d', { uses: [{ ...withBase, scan: scanWith([finding({ ...fixed, severity: 'critical' })]) }] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '1d severity-changed'],
);
const listed = (when: string) => ({ source: 'kev.json 2026.03.02', listedAt: new Map([[id, at(when)]]) });
tells(
  'exploited: from the day of its listing on, told once',
  [
    ['0d', { uses: [withBase] }],
    ['3d', { uses: [withBase], exploited: listed('2d') }],
    ['4d', { uses: [withBase], exploited: listed('2d') }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '2d exploited'],
);
tells(
  'exploited: never before it was detected, and no day to come',
  [
    ['1d', { uses: [withoutFix], exploited: listed('2d') }],
    ['3d', { uses: [withoutFix], exploited: listed('0d') }],
  ],
  ['1d detected', '1d exploited'],
);
tells(
  'exploited: nothing where the policy wants none of it',
  [['1d', { uses: [withoutFix], exploited: listed('0d'), settings: unlisted }]],
  ['1d detected'],
);
tells(
  'waiver: one of a single vulnerability leaves the others alone',
  [
    ['0d', { uses: [{ ...withBase, waivers: [waiverOf([], '5d', { findings: { ids: ['CVE-2026-0009'] } })] }] }],
    ['1d', { uses: [{ ...withBase, waivers: [waiverOf([], '5d', { findings: { ids: [id] } })] }] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '1d waived'],
);
tells(
  'waiver: one that reaches too far ahead for its severity ends where the finding becomes worse',
  [
    ['0d', { uses: [{ ...withBase, waivers: [waiverOf([], '25d', short)] }] }],
    [
      '1d',
      {
        uses: [
          {
            ...withBase,
            scan: scanWith([finding({ ...fixed, severity: 'critical' })]),
            waivers: [waiverOf([], '25d', short)],
          },
        ],
      },
    ],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '0d waived', '1d severity-changed', '1d resumed'],
);
tells(
  'waiver: it begins, is told once, and ends before its time where it is taken back',
  [
    ['0d', { uses: [withBase] }],
    ['1d', { uses: [{ ...withBase, waivers: [waiverOf('high-findings', '5d')] }] }],
    ['2d', { uses: [{ ...withBase, waivers: [waiverOf('high-findings', '5d')] }] }],
    ['3d', { uses: [withBase] }],
    ['4d', { uses: [withBase] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '1d waived', '3d resumed'],
);
tells(
  'waiver: one that ran out by its date needs no word',
  [
    ['0d', { uses: [{ ...withBase, waivers: [waiverOf('high-findings', '5d')] }] }],
    ['6d', { uses: [withBase] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '0d waived'],
);
const proven = { kind: 'proven', by: [{ url: 'https://forge.example/1', by: 'ada', way: 'approver' }] } as const;
const [notProven, unknown] = (['not-proven', 'unknown'] as const).map((kind) => ({ kind, reason: 'why' }));
const approved = (proof: ApprovalProof | undefined, revision: string) => ({
  uses: [
    {
      ...withBase,
      waivers: [waiverOf('high-findings', '9d', proof === undefined ? {} : { approval: { proof, revision } })],
    },
  ],
});
tells(
  'waiver: what is known of its approval is told when it or the commit is another, and stays known where nobody can be asked',
  [
    ['0d', approved(undefined, 'one')],
    ['1d', approved(unknown, 'one')],
    ['2d', approved(unknown, 'one')],
    ['3d', approved(proven, 'one')],
    ['4d', approved(proven, 'one')],
    ['5d', approved(unknown, 'one')],
    ['6d', approved(unknown, 'two')],
    ['7d', approved(notProven, 'two')],
  ],
  [
    ...['0d detected', '0d fix-available', '0d base-available', '0d waived'],
    ...['1d approval', '3d approval', '6d approval', '7d approval'],
  ],
);
tells(
  'waiver: one of another severity changes nothing',
  [['0d', { uses: [{ ...withBase, waivers: [waiverOf('unpatched-critical', '5d')] }] }]],
  ['0d detected', '0d fix-available', '0d base-available'],
);
tells(
  'VEX: not affected closes it as not applicable',
  [
    ['0d', { uses: [withBase] }],
    [
      '1d',
      {
        uses: [
          useOf(
            scanWith([], {
              suppressed: [
                { id: 'CVE-2026-0001', sourcePackage: 'openssl', status: 'not_affected', source: 'vex.json' },
              ],
            }),
          ),
        ],
      },
    ],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '1d closed'],
);
tells(
  'ignore files: nobody approved them, so the clock runs on',
  [
    ['0d', { uses: [withBase] }],
    [
      '8d',
      {
        uses: [
          useOf(
            scanWith([], {
              suppressed: [
                { id: 'CVE-2026-0001', sourcePackage: 'openssl', status: 'ignored', source: '.trivyignore' },
              ],
            }),
          ),
        ],
      },
    ],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '7d breached'],
);
tells(
  'reopen: within seven days the same episode goes on',
  [
    ['0d', { uses: [withBase], settings: shipped }],
    ['1d', { uses: [mended], settings: shipped }],
    ['8d', { uses: [withBase], settings: shipped }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '1d merged', '1d released', '1d closed', '8d reopened'],
);
test('reopen: later it is a new episode, which counts on', () => {
  const second = afterLooks(
    ['0d', { uses: [withBase], settings: shipped }],
    ['1d', { uses: [mended], settings: shipped }],
    ['9d', { uses: [withBase], settings: shipped }],
  );
  assert.equal(second.number, 2);
  assert.deepEqual(storyOf(second), ['9d detected', '9d fix-available', '9d base-available']);
});
for (const [what, scan] of [
  ['stale', { kind: 'stale', message: 'the database is 3 days old' }],
  ['failed', { kind: 'failed', message: 'the database is 3 days old' }],
  ['unscannable', { kind: 'unscannable', message: 'the database is 3 days old' }],
] as const)
  test(`freshness: a ${what} scan proves nothing, and is told`, () => {
    const episode = afterLooks(['0d', { uses: [withBase] }]);
    const { place } = mended;
    assert.deepEqual(look('1d', { episodes: [episode], uses: [useOf(scan)] }), {
      carried: [],
      events: [],
      unproven: [{ place, reason: 'the database is 3 days old' }],
    });
  });
test('freshness: a system without advisories proves what it shows, never that it is gone', () => {
  const ended = { isEndOfLife: true };
  assert.equal(look('0d', { uses: [useOf(scanWith([finding()], ended))] }).events.length, 1);
  const episode = afterLooks(['0d', { uses: [withBase] }]);
  const { events, unproven } = look('1d', { episodes: [episode], uses: [useOf(scanWith([], ended))] });
  assert.deepEqual([events, unproven.length], [[], 1]);
});

// Uses that go
tells(
  'a use that is gone ends with the release that has it no more',
  [
    ['0d', { uses: [withBase] }],
    ['1d', { uses: [] }],
    ['3d', { uses: [], releases: [releaseAt('2d', 'v2.0.0', undefined)] }],
  ],
  ['0d detected', '0d fix-available', '0d base-available', '1d merged', '2d closed'],
);
test('a use that could not be looked for is not gone', () => {
  const episode = afterLooks(['0d', { uses: [withBase] }]);
  assert.deepEqual(look('1d', { episodes: [episode], isWhole: false }).events, []);
});

// Stages that are called otherwise
function inStage(stage: string, use: TrackedUse): TrackedUse {
  return { ...use, place: { ...use.place, stage } };
}
for (const [said, after, expected] of [
  ['a stage that was renamed: its clock runs on', [inStage('app', withBase)], ['app: 0d, open', '1: renamed']],
  ['a stage that was renumbered: its clock runs on', [inStage('2', withBase)], ['2: 0d, open', '1: renamed']],
  [
    'a stage that was added with the same image is another use',
    [withBase, inStage('app', withBase)],
    ['1: 0d, open', 'app: 3d, open'],
  ],
  [
    'another image in a new stage is another use',
    [{ ...withBase, place: { ...withBase.place, stage: 'app', image: 'docker.io/library/alpine' } }],
    ['1: 0d, open', 'app: 3d, open'],
  ],
  ['renamed and mended at once: the branch is free of it', [inStage('app', mended)], ['1: 0d, open']],
  [
    'renamed, with a scan that proves nothing: nothing is told',
    [inStage('app', useOf({ kind: 'failed', message: 'no' }))],
    ['1: 0d, open'],
  ],
] as const)
  test(said, () => {
    const before = afterLooks(['0d', { uses: [withBase] }]);
    const { carried, events } = look('3d', { episodes: [before], uses: after });
    const all = withEvents([before], [...carried, ...events]);
    const told = all.map((episode) => {
      const { milestones, closed } = episodeStanding(episode, defaultDeadlineSettings, at('3d'));
      const since = `${((milestones.detectedAt ?? 0) - at('0d')) / 86_400_000}d`;
      return `${episode.subject.stage}: ${closed?.because ?? `${since}, open`}`;
    });
    assert.deepEqual(told.toSorted(), expected.toSorted());
    const again = look('3d', { episodes: all, uses: after });
    assert.deepEqual([again.carried, again.events], [[], []]);
  });
test('a renamed stage is late by the deadline that it had, and ended by no release from before that has it', () => {
  const [old, renamed] = [afterLooks(['0d', { uses: [withBase] }]), [inStage('app', withBase)]];
  const missed = releaseAt('1d', 'v1.0.1', scanWith([finding(fixed)]));
  let all: readonly Episode[] = [old];
  for (const [when, uses] of [
    ['2d', renamed],
    ['9d', renamed],
    ['10d', [inStage('app', mended)]],
  ] as const) {
    const { carried, events } = look(when, { episodes: all, uses, releases: [missed] });
    all = withEvents(all, [...carried, ...events]);
  }
  const going = all.find(({ subject }) => subject.stage === 'app') ?? assert.fail();
  const { state, breachedAt, missedReleases } = episodeStanding(going, defaultDeadlineSettings, at('11d'));
  assert.deepEqual([state, breachedAt, missedReleases], ['late', at('7d'), ['v1.0.1']]);
});

// What is frozen
test('closed: the numbers of the day are frozen, in time and late', () => {
  const inTime = afterLooks(
    ['0d', { uses: [withBase], settings: shipped }],
    ['3d', { uses: [mended], settings: shipped }],
  );
  const numbers = {
    because: 'released',
    policyVersion: defaultDeadlineSettings.version,
    severity: 'high',
    startAt: at('0d'),
    dueAt: at('7d'),
  };
  const spent = { pausedMs: 0, missedReleases: [] };
  assert.deepEqual(closingOf(inTime), { ...numbers, ...spent, isInTime: true, runningMs: at('3d') - at('0d') });
  const late = afterLooks(
    ['0d', { uses: [withBase], settings: shipped }],
    ['8d', { uses: [mended], settings: shipped }],
  );
  assert.deepEqual(closingOf(late), { ...numbers, ...spent, isInTime: false, runningMs: at('8d') - at('0d') });
});
test('what is not due is neither in time nor late', () => {
  const episode = afterLooks(
    ['0d', { uses: [withoutFix], settings: shipped }],
    ['3d', { uses: [mended], settings: shipped }],
  );
  assert.equal(closingOf(episode).isInTime, null);
});

// Laws
test('a look that is repeated tells nothing new, at any point of a life', () => {
  const red = proposalOf(clean, { proof: { decision: 'fail', failed: ['test'] } });
  const life = [
    ['0d', { uses: [withoutFix] }],
    ['1d', { uses: [withFix] }],
    ['2d', { uses: [withBase] }],
    ['3d', { uses: [{ ...withBase, proposal: red }] }],
    ['4d', { uses: [{ ...withBase, proposal: { kind: 'none' } }] }],
    ['9d', { uses: [{ ...withBase, waivers: [waiverOf('high-findings', '12d')] }] }],
    ['10d', { uses: [mended] }],
  ] as const;
  for (const [index, [when, request]] of life.entries()) {
    const episode = afterLooks(...life.slice(0, index + 1));
    assert.deepEqual(look(when, { ...request, episodes: [episode] }).events, [], when);
  }
  const over = afterLooks(...life, ['12d', { uses: [mended], releases: [releaseAt('11d', 'v1', clean)] }]);
  const again = look('12d', { uses: [mended], releases: [releaseAt('11d', 'v1', clean)], episodes: [over] });
  assert.deepEqual(again.events, []);
});
test('what a base cost and what we cost is told apart', () => {
  const episode = afterLooks(['0d', { uses: [withFix] }], ['2d', { uses: [withBase] }], ['3d', { uses: [mended] }]);
  const { milestones } = episodeStanding(episode, defaultDeadlineSettings, at('4d'));
  assert.deepEqual(milestones, { detectedAt: at('0d'), fixAt: at('0d'), baseAt: at('2d'), mergedAt: at('3d') });
});
