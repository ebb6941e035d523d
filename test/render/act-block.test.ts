import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActedRepository } from '../../src/flows/act/act-result.ts';
import { actBlock } from '../../src/render/monitor/act-block.ts';
import { palette } from '../../src/render/palette.ts';

const nothing = { repository: 'https://git.example/acme/shop', images: [], proposals: [], left: [], failures: [] };
const digests = [`sha256:${'b'.repeat(64)}`];
const proposal = {
  ...{ key: 'k', image: 'docker.io/library/nginx', lane: 'patch', from: 'docker.io/library/nginx:1.28.0' },
  ...{ to: 'docker.io/library/nginx:1.28.1', branch: 'basekeeper/nginx', url: 'https://git.example/pull/1' },
} as const;

const said = (one: Partial<ActedRepository>, isDryRun = false) =>
  actBlock({ repositories: [{ ...nothing, ...one }], unproven: [] }, isDryRun, palette(false), 200)
    .split('\n')
    .slice(2)
    .map((line) => line.trim());

for (const [fact, one, lines, isDryRun] of [
  [
    'an opened update and its address',
    { proposals: [{ ...proposal, action: 'open' }] },
    ['opened the update to nginx:1.28.1: https://git.example/pull/1'],
  ],
  [
    'what a dry run would open',
    { proposals: [{ ...proposal, action: 'open', url: '' }] },
    ['would open the update to nginx:1.28.1'],
    true,
  ],
  [
    'what waits, and why',
    { proposals: [{ ...proposal, action: 'hold', url: '', reason: 'the window is closed' }] },
    ['waits: the update to nginx:1.28.1: the window is closed'],
  ],
  [
    'a rebuild and its run',
    { rebuild: { outcome: 'asked', digests, url: 'https://git.example/runs/7' } },
    ['asked for a rebuild: https://git.example/runs/7'],
  ],
  [
    'refusals, harmless on a terminal',
    { rebuild: { outcome: 'refused', digests, reason: 'no\u001b[2J' }, failures: ['gone'] },
    ['refused: no\\x1b[2J', 'refused: gone'],
  ],
] as const satisfies readonly (readonly [string, Partial<ActedRepository>, readonly string[], boolean?])[])
  test(`at once: ${fact}`, () => assert.deepEqual(said(one, isDryRun), lines));

test('at once: nothing to do is said', () => {
  const block = actBlock({ repositories: [], unproven: [] }, false, palette(false), 80);
  assert.equal(block, 'At once for CRITICAL findings: nothing to do');
});
