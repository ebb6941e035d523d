import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SaxesParser } from 'saxes';
import { closedEpisode, frozenNumbers } from '../../src/domain/deadline/closed-episode.ts';
import { defaultDeadlineSettings } from '../../src/domain/deadline/deadline-settings.ts';
import type { Episode, EpisodeEvent } from '../../src/domain/deadline/episode.ts';
import { reportedEpisode, reportPatching } from '../../src/flows/deadlines/report-patching.ts';
import { type PatchFormat, patchFormats } from '../../src/render/patching/formats.ts';
import type { PatchJson } from '../../src/render/patching/json.ts';
import {
  at,
  baseAvailable,
  dayMs,
  detected,
  episodeOf,
  event,
  fixAvailable,
  waived,
} from '../domain/deadline/lived.ts';

function named(id: string, path: string, ...events: readonly EpisodeEvent[]): Episode {
  const { subject } = episodeOf();
  return { subject: { ...subject, id, path }, number: 1, events };
}

function over(id: string, when: string) {
  const begun = named(id, 'Dockerfile', detected('0d', 'high'), fixAvailable('0d'), baseAvailable('0d'));
  const frozen = frozenNumbers(begun, defaultDeadlineSettings, at(when));
  const found = closedEpisode({
    ...begun,
    events: [...begun.events, event(when, { kind: 'closed', because: 'released', frozen })],
  });
  assert.ok(found !== undefined);
  return found;
}

const hostile = '=1+1,"<img src=x>|`\u202e';
const open = [
  named('CVE-1', 'Dockerfile', detected('0d', 'critical'), fixAvailable('0d')),
  named('CVE-2', hostile, detected('9d', 'high'), fixAvailable('9d'), baseAvailable('9d'), waived('10d', '20d')),
];
const head = 'c'.repeat(64);
const history = {
  auditHead: async () => ({ sequence: 12, hash: head }),
  list: async () => ({ open, closed: [over('CVE-3', '2d'), over('CVE-4', '9d')] }),
};
const none = { ...history, list: async () => ({ open: [], closed: [] }) };
const { repository } = episodeOf().subject;
const request = {
  ...{ settings: defaultDeadlineSettings, now: at('12d'), since: at('0d') },
  owners: new Map([[repository, { owner: 'shop', team: 'checkout' }]]),
};

async function written(format: PatchFormat, of: typeof history | undefined = history): Promise<string> {
  return [...patchFormats[format](await reportPatching(of, request))].join('');
}

test('the report tells each episode with whose delay it was, and the numbers taken of them', async () => {
  const report = await reportPatching(history, request);
  assert.deepEqual(
    report.followed
      .map((one) => reportedEpisode(report, one))
      .map(({ id, state, isInTime, fault }) => [id, state, isInTime, fault]),
    [
      ['CVE-1', 'late', false, 'supplier'],
      ['CVE-2', 'paused', null, null],
      ['CVE-4', 'closed', false, 'ours'],
      ['CVE-3', 'closed', true, null],
    ],
  );
  const { inTimeRate, lateBy } = report.total;
  assert.deepEqual([inTimeRate, lateBy], [1 / 3, { supplier: 1, ours: 1 }]);
  assert.deepEqual(
    report.waived.map(({ episode, ageMs }) => [episode.id, ageMs]),
    [['CVE-2', 2 * dayMs]],
  );
  assert.deepEqual(
    report.byOwner.map(({ owner, openLate }) => [owner, openLate]),
    [['shop, checkout', 1]],
  );
});

for (const format of Object.keys(patchFormats) as PatchFormat[])
  test(`${format} tells the same of nothing and of much, and nothing from a repository is obeyed`, async () => {
    const text = await written(format);
    assert.ok(!text.includes('<img') || ['csv', 'json', 'text'].includes(format));
    assert.ok(!text.includes('\u202e'));
    const empty = await written(format, none);
    assert.ok(empty.length > 0);
    assert.ok(text.includes(head), 'what an export is held against');
  });

test('the headline says whose fault it was', async () => {
  const text = (await written('text')).replace(/\s+/g, ' ');
  assert.match(
    text,
    /^33 % in time: 1 of 3 findings that fell due\. 2 late, 1 of them open: 1 waited for the supplier’s base when the deadline passed, 1 for us\./,
  );
});

test('the page is whole, and asks nobody for anything', async () => {
  const page = await written('html');
  const parser = new SaxesParser();
  parser.on('error', (error) => assert.fail(error));
  // Void elements of HTML are closed for XML.
  parser.write(page.replace('<!doctype html>', '').replace(/<meta([^>]*)>/g, '<meta$1/>')).close();
  assert.doesNotMatch(page, /<script|https?:\/\/(?!git\.example)|<[^>]*src=|@import|url\(/);
  assert.match(page, /default-src 'none'/);
  for (const id of ['CVE-1', 'CVE-2', 'CVE-3', 'CVE-4']) assert.ok(page.includes(id), id);
});

test('CSV has a line per episode, and no cell that a spreadsheet would calculate', async () => {
  const lines = (await written('csv')).split('\r\n');
  assert.equal(lines.length, 6);
  assert.match(
    lines[1] ?? '',
    /^https:\/\/git\.example\/acme\/shop,shop,checkout,Dockerfile,1,.*,CVE-1,openssl,1,critical,late,false,supplier,/,
  );
  assert.match(lines[2] ?? '', /,"'=1\+1,""<img/);
});

test('JSON is one document, with an episode a line', async () => {
  const text = await written('json');
  const { episodes, audit } = JSON.parse(text) as PatchJson;
  assert.deepEqual(
    [episodes.map(({ id }) => id), audit.events, text.match(/\n {4}\{"repository"/g)?.length],
    [['CVE-1', 'CVE-2', 'CVE-4', 'CVE-3'], 12, 4],
  );
  assert.deepEqual((JSON.parse(await written('json', none)) as PatchJson).episodes, []);
});
