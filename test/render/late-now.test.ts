import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeadlineSettings } from '../../src/domain/deadline/deadline-settings.ts';
import type { Episode, EpisodeEvent } from '../../src/domain/deadline/episode.ts';
import { reportPatching } from '../../src/flows/deadlines/report-patching.ts';
import { lateNow } from '../../src/render/patching/late-now.ts';
import { at, baseAvailable, detected, episodeOf, fixAvailable } from '../domain/deadline/lived.ts';

function found(id: string, path: string, ...events: readonly EpisodeEvent[]): Episode {
  const { subject } = episodeOf();
  return { subject: { ...subject, id, path }, number: 1, events };
}

async function rowsOf(open: readonly Episode[]): Promise<readonly string[]> {
  const history = { list: async () => ({ open, closed: [] }), auditHead: async () => ({ sequence: 1, hash: 'c' }) };
  const owners = new Map([[episodeOf().subject.repository, { owner: 'ben', team: '<b>pay</b>' }]]);
  const request = { settings: defaultDeadlineSettings, now: at('12d'), since: at('0d'), owners };
  const page = lateNow(await reportPatching(history, request));
  return page
    .split('<tr><td>')
    .slice(1)
    .map((row) =>
      row
        .replace(/<\/td>(?:<td>)?/g, '|')
        .replace(/<[^>]*>/g, '')
        .replaceAll('&#160;', ' ')
        .trim(),
    );
}

const ours = [detected('0d', 'critical'), fixAvailable('0d'), baseAvailable('0d')];

test('what is late is told with its delay and who answers, the longest first; what one update closes is one row', async () => {
  const rows = await rowsOf([
    found('CVE-1', 'a', detected('0d', 'critical'), fixAvailable('0d')),
    found('CVE-2', 'b', ...ours),
    found('CVE-3', 'b', ...ours),
    found('CVE-4', 'c', detected('11d', 'critical'), fixAvailable('11d'), baseAvailable('11d')),
  ]);
  assert.deepEqual(
    rows.map((row) => row.split('|').slice(0, 3)),
    [
      ['10 d', 'us', 'ben, &lt;b&gt;pay&lt;/b&gt;'],
      ['7 d', 'supplier', 'ben, &lt;b&gt;pay&lt;/b&gt;'],
    ],
  );
  assert.match(rows[0] ?? '', /2 CRITICAL: CVE-2 \S+ and 1 more, in /);
  assert.match(rows[1] ?? '', /supplier: a fix is out/);
});

test('nothing late is no section', async () => {
  assert.deepEqual(await rowsOf([found('CVE-4', 'c', detected('11d', 'critical'), fixAvailable('11d'))]), []);
});

test('of many the first eight stand there', async () => {
  const many = Array.from({ length: 20 }, (_, number) => found(`CVE-${number}`, `place-${number}`, ...ours));
  assert.equal((await rowsOf(many)).length, 8);
});
