import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeadlineSettings } from '../../src/domain/deadline/deadline-settings.ts';
import type { EpisodeEvent } from '../../src/domain/deadline/episode.ts';
import { listDeadlines } from '../../src/flows/deadlines/list-deadlines.ts';
import { nextStep } from '../../src/render/deadlines/next-step.ts';
import { at, baseAvailable, detected, episodeOf, event, fixAvailable, waived } from '../domain/deadline/lived.ts';

const [url, id] = ['https://git.example/acme/shop/pull/7', '7'];
const proposed = event('1h', { kind: 'proposed', url, id });
const verified = (decision: 'pass' | 'fail') =>
  event('2h', { kind: 'verified', url, decision, failed: decision === 'fail' ? ['test'] : [] });
const [critical, high, fix, base] = [
  detected('0d', 'critical'),
  detected('0d', 'high'),
  fixAvailable('0d'),
  baseAvailable('0d'),
];

for (const [said, events, expected] of [
  ['no fix: nothing to do', [critical], undefined],
  [
    'CRITICAL without a base: interim ways at once',
    [critical, fix],
    /^until there is a base: basekeeper advise debian:TAG/,
  ],
  ['HIGH without a base: the wait that is allowed comes first', [high, fix], undefined],
  [
    'CRITICAL with a base: an update that waits for nothing',
    [critical, fix, base],
    'basekeeper update --propose --scan -p x',
  ],
  ['HIGH with a base: an update', [high, fix, base], 'basekeeper update --propose -p x'],
  ['a proposal without checks: nothing to say', [high, fix, base, proposed], undefined],
  ['a proposal with red checks', [high, fix, base, proposed, verified('fail')], `mend ${url}`],
  [
    'a proposal with green checks',
    [high, fix, base, proposed, verified('pass')],
    `basekeeper settle -p x, or merge ${url}`,
  ],
  ['merged: a release', [high, fix, base, proposed, event('3h', { kind: 'merged' })], 'make a release'],
  [
    'the tag moved: nobody has merged what would start one',
    [high, fix, base, event('3h', { kind: 'merged' })],
    /^start the release workflow/,
  ],
  [
    'the tag moved under a CRITICAL finding: what starts it by itself is named',
    [critical, fix, base, event('3h', { kind: 'merged' })],
    /monitor --scan --act starts it where the policy file says deadlines: \{ rebuild: \{ workflow: release\.yml \} \}$/,
  ],
  [
    'a rebuild was asked for: since when, and where it runs',
    [
      critical,
      fix,
      base,
      event('3h', { kind: 'merged' }),
      event('4h', { kind: 'rebuild-asked', digest: 'sha256:b', url }),
    ],
    `rebuild asked for since 2026-03-01 04:00 (${url})`,
  ],
  ['waived: nothing to do', [critical, fix, base, waived('1h', '3d')], undefined],
] as const satisfies readonly (readonly [string, readonly EpisodeEvent[], string | RegExp | undefined])[])
  test(said, async () => {
    const history = { list: async () => ({ open: [episodeOf(...events)], closed: [] }) };
    const { episodes } = await listDeadlines(history, { settings: defaultDeadlineSettings, now: at('4h') });
    const step = nextStep(episodes[0] ?? assert.fail(), ' -p x');
    if (expected instanceof RegExp) assert.match(step ?? '', expected);
    else assert.equal(step, expected);
  });
