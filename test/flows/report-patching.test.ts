import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SaxesParser } from 'saxes';
import { closedEpisode, frozenNumbers } from '../../src/domain/deadline/closed-episode.ts';
import { defaultDeadlineSettings } from '../../src/domain/deadline/deadline-settings.ts';
import type { Episode, EpisodeEvent } from '../../src/domain/deadline/episode.ts';
import { reportedEpisode, reportPatching } from '../../src/flows/deadlines/report-patching.ts';
import type { ComplianceHistory } from '../../src/ports/compliance-log.ts';
import { type PatchFormat, patchFormats, patchTables } from '../../src/render/patching/formats.ts';
import type { PatchJson } from '../../src/render/patching/json.ts';
import { looked, placed, prohibitedPlace, waiver } from '../domain/compliance/looked.ts';
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

const { covers: _, ...words } = waiver;
const [before, after] = [looked(placed(1), placed(2, prohibitedPlace)), looked(placed(1), placed(2), hostilePlace())];
/** One repository that had something prohibited until the sixth day. */
const looks: ComplianceHistory = {
  listSpans: async () => [
    { id: 1, repository, firstAt: at('0d'), lastAt: at('5d'), waivers: [words] },
    { id: 2, repository, firstAt: at('6d'), lastAt: at('11d'), waivers: [words] },
  ],
  readCounts: async () => new Map([before, after].map((one, index) => [index + 1, one])),
  readPlaces: async () => new Map([before, after].map((one, index) => [index + 1, { ...one, covers: [1] }])),
};

function hostilePlace() {
  const breach = { rule: 'prohibited', verdict: 'waived', waiver: 'W-1' } as const;
  return placed(3, { path: hostile, reference: hostile, category: null, breaches: [breach] });
}

async function written(format: PatchFormat, of: typeof history | undefined = history): Promise<string> {
  return [...patchFormats[format](await reportPatching(of, request, looks))].join('');
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

test('compliance is told with what it was, and by whom it is', async () => {
  const { compliance, waivers } = await reportPatching(history, request, looks);
  const { byCategory, byOwner, trend } = compliance;
  assert.deepEqual(
    byCategory
      .filter(({ uses, usesBefore }) => uses + usesBefore > 0)
      .map(({ category, share, shareBefore }) => [category, share, shareBefore]),
    [
      ['permitted', 2 / 3, 0.5],
      ['prohibited', 0, 0.5],
      ['unknown', 1 / 3, 0],
    ],
  );
  assert.deepEqual(
    [byOwner.map(({ owner, uses }) => [owner, uses]), trend.map(({ uses }) => uses)],
    [[['shop, checkout', 3]], [2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3]],
  );
  const critical = compliance.byCriterion.find(({ criterion }) => criterion === 'no-unpatched-critical');
  assert.deepEqual([critical?.unknown, critical?.passShare], [3, 0], 'what is unknown does not pass');
  assert.deepEqual(
    waivers.map(({ id, ageMs, covers, places }) => [id, ageMs, covers, places.length]),
    [['W-1', 12 * dayMs, 1, 1]],
  );
});

test('every number of the JSON has as many rows as it says', async () => {
  const { figures, placeFigures, compliance, ...numbers } = JSON.parse(await written('json')) as PatchJson;
  const numberAt = (of: unknown, path: readonly string[]) =>
    path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], of);
  for (const [name, rows] of Object.entries(figures)) {
    const path = name.split('.');
    const told =
      path[0] === 'openByTimeLeft'
        ? numbers.openByTimeLeft.find(({ left }) => left === path[1])?.episodes
        : numberAt(numbers, path);
    assert.equal(told, rows.length, name);
    for (const row of rows) assert.equal(numbers.episodes[row - 1]?.row, row);
  }
  assert.deepEqual(figures['total.closedLate'], [3]);
  for (const [name, rows] of Object.entries(placeFigures)) {
    const [, group, key = '', verdict = 'uses'] = name.split('.');
    const told =
      group === 'byRule'
        ? undefined
        : group === 'byCategory'
          ? compliance.byCategory.find(({ category }) => category === key)?.uses
          : numberAt(
              compliance.byCriterion.find(({ criterion }) => criterion === key),
              [verdict],
            );
    if (group !== 'byRule') assert.equal(told, rows.length, name);
  }
});

test('every link of the page leads to a row or a list of it, and every name is there once', async () => {
  const page = await written('html');
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  const links = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);
  assert.deepEqual(
    links.filter((id) => !ids.includes(id)),
    [],
  );
  for (const wanted of ['closedLate-high', 'openLate-critical', 'c-unknown', 'e3', 'p2'])
    assert.ok(links.includes(wanted) || ids.includes(wanted), wanted);
});

test('CSV of compliance has a line per image use, and no cell that a spreadsheet would calculate', async () => {
  const lines = [...patchTables.compliance(await reportPatching(history, request, looks))].join('').split('\r\n');
  assert.equal(lines.length, 5);
  const ofHostile = lines.find((line) => line.includes('=1+1')) ?? '';
  assert.match(ofHostile, /,"'=1\+1,""<img/);
  assert.ok(!ofHostile.includes('\u202e'));
});

for (const [format, expected] of [
  ['text', /permitted +2 +66 % +50 % +\+16/],
  ['markdown', /\| permitted \| 2 \| 66 % \| 50 % \| \\\+16 \|/],
  ['html', /<a href="#c-permitted">2<\/a><\/td><td>66&#160;%<\/td>/],
  ['json', /"category": "permitted",\n +"uses": 2,\n +"usesBefore": 1/],
] as const)
  test(`${format} tells what share of uses is in which category, and how it changed`, async () =>
    assert.match(await written(format), expected));

for (const [format, expected] of [
  ['text', /In time, from the fix/],
  ['markdown', /In time, from the fix/],
  ['html', /In time, from the fix/],
  ['json', /"fromFix": \{/],
  ['csv', /,in_time_from_fix,row,/],
] as const)
  test(`${format} tells in-time rates from the fix as well`, async () => assert.match(await written(format), expected));
