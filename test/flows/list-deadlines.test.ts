import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeadlineSettings } from '../../src/domain/deadline/deadline-settings.ts';
import type { Episode, EpisodeEvent } from '../../src/domain/deadline/episode.ts';
import { listDeadlines } from '../../src/flows/deadlines/list-deadlines.ts';
import { renderDeadlines } from '../../src/render/deadlines/text.ts';
import { at, baseAvailable, dayMs, detected, episodeOf, fixAvailable } from '../domain/deadline/lived.ts';

function numbered(id: string, ...events: readonly EpisodeEvent[]): Episode {
  const { subject } = episodeOf();
  return { subject: { ...subject, id }, number: 1, events };
}

const open = [
  numbered('CVE-1', detected('0d', 'low'), fixAvailable('0d'), baseAvailable('0d')),
  numbered('CVE-2', detected('0d', 'high')),
  numbered('CVE-3', detected('0d', 'medium'), fixAvailable('0d'), baseAvailable('0d')),
  numbered('CVE-4', detected('0d', 'critical'), fixAvailable('0d'), baseAvailable('0d')),
];
const history = { list: async () => ({ open, closed: [] }) };
const request = { settings: defaultDeadlineSettings, now: at('3d') };

test('the least time left comes first, then what is due in a release, then what is not due', async () => {
  const { episodes, ...counts } = await listDeadlines(history, request);
  assert.deepEqual(
    episodes.map(({ id, leftMs, state }) => [id, leftMs, state]),
    [
      ['CVE-4', -dayMs, 'late'],
      ['CVE-3', 27 * dayMs, 'running'],
      ['CVE-1', null, 'running'],
      ['CVE-2', null, 'watching'],
    ],
  );
  const policy = '48h/7d/30d/next-release from fix-available';
  assert.deepEqual(counts, { schemaVersion: 1, now: '2026-03-04T00:00:00Z', policy, open: 4, late: 1, watching: 1 });
});

test('a fleet tells its own repositories alone, and who answers for them', async () => {
  const { repository } = episodeOf().subject;
  const own = await listDeadlines(history, {
    ...request,
    owners: new Map([[repository, { owner: 'shop', team: 'a' }]]),
  });
  assert.deepEqual([own.open, own.episodes[0]?.owner, own.episodes[0]?.team], [4, 'shop', 'a']);
  assert.equal((await listDeadlines(history, { ...request, owners: new Map() })).open, 0);
});

test('the text aligns its columns, and tells under each row whose turn it is', async () => {
  const text = renderDeadlines(await listDeadlines(history, request), {
    color: false,
    width: 120,
    verbose: true,
    again: ' --fleet fleet.yaml',
    folder: '/home/ada',
  });
  assert.equal(
    text,
    `left         due (UTC)         findings                                   image   place                                     owner
late by 1 d  2026-03-03 00:00  1 CRITICAL: CVE-4 openssl                  debian  https://git.example/acme/shop Dockerfile  –
    ours: a patched base is there since 2026-03-01, nothing proposes it; we 3 d
    → basekeeper update --propose --scan --fleet fleet.yaml
27 d         2026-03-31 00:00  1 MEDIUM, 1 LOW: CVE-3 openssl and 1 more  debian  https://git.example/acme/shop Dockerfile  –
    ours: a patched base is there since 2026-03-01, nothing proposes it; we 3 d
    → basekeeper update --propose --fleet fleet.yaml
not due      –                 1 HIGH: CVE-2 openssl                      debian  https://git.example/acme/shop Dockerfile  –
    supplier: no version without it is known

4 findings open: 1 late, 1 without a fix
Counted by 48h/7d/30d/next-release from fix-available (CRITICAL/HIGH/MEDIUM/LOW), at 2026-03-04T00:00:00Z.
`,
  );
});
