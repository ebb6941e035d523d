import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsInForce } from '../../src/catalog/parts-in-force.ts';
import { compareParts } from '../../src/domain/catalog/refresh/changes.ts';
import type { RenewableParts } from '../../src/domain/catalog/snapshot.ts';
import { refreshCatalog } from '../../src/flows/refresh-catalog.ts';
import { endOfLifeAnswerOf, entry, libraryOf } from '../fakes/catalog-source/answers.ts';
import { serveSources } from '../fakes/catalog-source/sources.ts';
import { libraryArchive } from '../fakes/catalog-source/tar.ts';

const now = '2026-11-23T10:00:00.000Z';
const shipped = partsInForce({ kind: 'none' });
const request = { now, isShrinkAccepted: false };
const defaults = 'Maintainers: A <a@example.org> (@a)\n\n';
const nothing = {
  repositories: { added: [], gone: [] },
  tags: [],
  lines: { added: [], gone: [], ends: [], longTermEnds: [], lts: [], updated: 0 },
};

const source = (date: string) => ({ name: 'A source', url: 'https://example.org/a', date, license: 'MIT' });
const small: RenewableParts = {
  official: {
    source: source('2026-08-21'),
    repositories: { caddy: '2 2-alpine latest', debian: '12 13', unit: 'go node' },
    smallAlready: { caddy: '2 latest' },
    retired: { java: '2017-06-08' },
  },
  lifeCycles: {
    source: source('2026-08-22'),
    products: {
      debian: {
        title: 'Debian',
        cycles: [
          ['14', 'forky', null, null, null, null, null],
          ['13', 'trixie', null, '2025-08-09', '2028-08-09', '2030-06-30', '13.6'],
        ],
      },
      nodejs: { title: 'Node.js', cycles: [['24', null, '2025-10-28', '2025-05-06', '2028-04-30', null, '24.19.0']] },
    },
  },
};

test('sources that say what is known change nothing but the days, for the whole catalog', async (context) => {
  const upstream = await serveSources(context, {
    archive: libraryArchive({ ...libraryOf(shipped.official), MAINTAINERS: 'nobody', 'README.md': '# Images' }),
    endOfLife: endOfLifeAnswerOf(shipped.lifeCycles),
  });
  const found = await refreshCatalog(upstream, shipped, request);
  assert.deepEqual(found.faults, []);
  assert.deepEqual(found.changes, nothing);
  assert.deepEqual([found.outcome, found.after], ['ready', { official: '2026-11-22', lifeCycles: '2026-11-22' }]);
  assert.deepEqual(found.requests, { 'codeload.github.com': 1, 'endoflife.date': 1 });
  assert.deepEqual(found.parts.official.smallAlready, shipped.official.smallAlready);
  assert.deepEqual(found.parts.official.retired, shipped.official.retired);
  assert.equal(
    found.parts.official.source.url,
    `https://github.com/docker-library/official-images/tree/${'c'.repeat(40)}`,
  );
});

test('tells new and gone images and tags, new lines, other ends and LTS', async (context) => {
  const library = {
    caddy: `${defaults}${entry(['2-alpine', '2', '3', '3-alpine'], '2/alpine')}`,
    debian: `${defaults}${entry(['12', '13'])}`,
    valkey: `${defaults}${entry(['9'])}`,
    unit: defaults,
  };
  const answer = endOfLifeAnswerOf({
    products: {
      debian: {
        title: 'Debian GNU/Linux',
        cycles: [['13', 'Trixie', null, '2025-08-09', '2028-08-09', '2030-07-31', '13.7']],
      },
      nodejs: {
        title: 'Node.js',
        cycles: [
          ['24', null, true, '2025-05-06', '2028-05-31', null, '24.19.0'],
          ['26', 'Xenon', '2026-10-28', '2026-05-05', '2029-04-30', null, '26.9.0'],
        ],
      },
    },
  });
  const upstream = await serveSources(context, { archive: libraryArchive(library), endOfLife: answer });
  // A third of three repositories is a shrink here.
  const found = await refreshCatalog(upstream, small, { now, isShrinkAccepted: true });
  assert.deepEqual(found.changes, {
    repositories: { added: ['valkey'], gone: ['unit'] },
    tags: [{ repository: 'caddy', before: 3, after: 4, added: ['3', '3-alpine'], gone: ['latest'] }],
    lines: {
      added: [{ product: 'nodejs', line: '26', ends: '2029-04-30', lts: '2026-10-28' }],
      gone: [],
      ends: [{ product: 'nodejs', line: '24', from: '2028-04-30', to: '2028-05-31' }],
      longTermEnds: [{ product: 'debian', line: '13', from: '2030-06-30', to: '2030-07-31' }],
      lts: [{ product: 'nodejs', line: '24', from: '2025-10-28', to: true }],
      updated: 1,
    },
  });
  assert.deepEqual(found.parts, {
    official: {
      source: {
        ...source('2026-11-22'),
        url: `https://github.com/docker-library/official-images/tree/${'c'.repeat(40)}`,
      },
      repositories: { caddy: '2 2-alpine 3 3-alpine', debian: '12 13', valkey: '9' },
      smallAlready: { caddy: '2 3' },
      retired: { java: '2017-06-08', unit: '2026-11-22' },
    },
    lifeCycles: {
      source: { ...source('2026-11-22'), url: 'https://endoflife.date/api/v1/products/full/' },
      products: {
        // What the distribution's own list says stays, as do titles that we gave.
        debian: {
          title: 'Debian',
          cycles: [
            ['14', 'forky', null, null, null, null, null],
            ['13', 'trixie', null, '2025-08-09', '2028-08-09', '2030-07-31', '13.7'],
          ],
        },
        nodejs: {
          title: 'Node.js',
          cycles: [
            ['26', null, '2026-10-28', '2026-05-05', '2029-04-30', null, '26.9.0'],
            ['24', null, true, '2025-05-06', '2028-05-31', null, '24.19.0'],
          ],
        },
      },
    },
  });
});

test('an image that is back is not retired, and a new release of a distribution has a code name', async (context) => {
  const library = { ...libraryOf(small.official), java: `${defaults}${entry(['26'])}` };
  const debian = endOfLifeAnswerOf(small.lifeCycles);
  const stated = debian.result[0]?.releases[0];
  assert.ok(stated !== undefined);
  stated.name = '15';
  stated.codename = 'Duke';
  const upstream = await serveSources(context, { archive: libraryArchive(library), endOfLife: debian });
  const { parts } = await refreshCatalog(upstream, small, request);
  assert.deepEqual(parts.official.retired, {});
  assert.deepEqual(
    parts.lifeCycles.products['debian']?.cycles.map(([name, codename]) => [name, codename]),
    [
      ['15', 'duke'],
      ['14', 'forky'],
      ['13', 'trixie'],
    ],
  );
});

test('one unusable file and one missing product keep what was known, with its day', async (context) => {
  const answer = endOfLifeAnswerOf(small.lifeCycles);
  const upstream = await serveSources(context, {
    archive: libraryArchive({ ...libraryOf(small.official), caddy: '<html>\n', constructor: 'Tags\n' }),
    endOfLife: { ...answer, result: answer.result.filter(({ name }) => name !== 'nodejs') },
  });
  // One of two products is more than a fifth.
  const found = await refreshCatalog(upstream, small, { now, isShrinkAccepted: true });
  assert.equal(found.outcome, 'ready');
  assert.deepEqual(found.faults, [
    'library/caddy stays as of 2026-08-21: a line has no key',
    'library/constructor was left out: a line has no key',
    'the life cycle of nodejs stays as of 2026-08-22: endoflife.date does not list it',
  ]);
  assert.deepEqual(found.changes, nothing);
  assert.deepEqual(found.parts.official.kept, { caddy: '2026-08-21' });
  assert.deepEqual(found.parts.lifeCycles.kept, { nodejs: '2026-08-22' });
  assert.deepEqual(found.parts.official.smallAlready, small.official.smallAlready);
});

test('what was kept twice is still of its first day, and is no longer kept once it is read', async (context) => {
  const kept = {
    ...small,
    official: { ...small.official, source: source('2026-10-01'), kept: { caddy: '2026-08-21' } },
  };
  const broken = await serveSources(context, {
    archive: libraryArchive({ ...libraryOf(small.official), caddy: 'broken\n' }),
    endOfLife: endOfLifeAnswerOf(small.lifeCycles),
  });
  assert.deepEqual((await refreshCatalog(broken, kept, request)).parts.official.kept, { caddy: '2026-08-21' });
  const whole = await serveSources(context, {
    archive: libraryArchive(libraryOf(small.official)),
    endOfLife: endOfLifeAnswerOf(small.lifeCycles),
  });
  assert.equal((await refreshCatalog(whole, kept, request)).parts.official.kept, undefined);
});

test('one source that fails keeps its part, and the other is renewed', async (context) => {
  const upstream = await serveSources(context, {
    archive: libraryArchive(libraryOf(small.official)),
    endOfLife: (response) => response.writeHead(503).end(),
  });
  const found = await refreshCatalog(upstream, small, request);
  assert.deepEqual(
    [found.outcome, found.faults],
    ['ready', ['cannot read endoflife.date/api/v1/products/full/: it answers 503']],
  );
  assert.equal(found.parts.lifeCycles, small.lifeCycles);
  assert.deepEqual(found.after, { official: '2026-11-22', lifeCycles: '2026-08-22' });
});

test('two sources that fail leave everything', async (context) => {
  const upstream = await serveSources(context, {
    archive: (response) => response.writeHead(429).end(),
    endOfLife: Buffer.from('<html>'),
  });
  const found = await refreshCatalog(upstream, small, request);
  assert.equal(found.outcome, 'failed');
  assert.equal(found.faults.length, 2);
  assert.deepEqual(found.parts, small);
});

for (const [what, day, pattern] of [
  ['of before what is known', '2026-08-01', /older than the present one/],
  ['of the future', '2026-11-25', /a day to come/],
] as const)
  test(`answers ${what} are refused`, async (context) => {
    const upstream = await serveSources(context, {
      archive: libraryArchive(libraryOf(small.official), { day }),
      endOfLife: endOfLifeAnswerOf(small.lifeCycles, day),
    });
    const { outcome, faults } = await refreshCatalog(upstream, small, request);
    assert.equal(outcome, 'failed');
    for (const fault of faults) assert.match(fault, pattern);
  });

test('much smaller lists are refused until that is accepted', async (context) => {
  const node = shipped.official.repositories['node']?.split(' ') ?? [];
  const { node: _node, ...library } = libraryOf(shipped.official);
  const half = Object.fromEntries(Object.entries(library).slice(0, 60));
  const { python, ...products } = shipped.lifeCycles.products;
  assert.ok(python !== undefined);
  const sources = {
    archive: libraryArchive({ ...half, node: `${defaults}${entry(node.slice(0, 5))}` }),
    endOfLife: endOfLifeAnswerOf({
      products: { ...products, python: { ...python, cycles: python.cycles.slice(0, 3) } },
    }),
  };
  const refused = await refreshCatalog(await serveSources(context, sources), shipped, request);
  assert.equal(refused.outcome, 'refused');
  const told = refused.shrinks.map(({ what }) => what);
  for (const what of ['official repositories', 'tags of all official repositories', 'tags of node', 'lines of python'])
    assert.ok(told.includes(what), what);
  assert.ok(!told.includes('lines of nodejs'));
  const accepted = await refreshCatalog(await serveSources(context, sources), shipped, { now, isShrinkAccepted: true });
  assert.equal(accepted.outcome, 'ready');
  assert.deepEqual(accepted.shrinks, refused.shrinks);
});

test('products that lost their ends, or are not listed, are a shrink', async (context) => {
  const products = Object.fromEntries(
    Object.entries(shipped.lifeCycles.products).map(([name, { title, cycles }]) => [
      name,
      {
        title,
        cycles: cycles.map(([cycle, , lts, released]) => [cycle, null, lts, released, false, null, null] as const),
      },
    ]),
  );
  const archive = libraryArchive(libraryOf(shipped.official));
  const endless = await serveSources(context, { archive, endOfLife: endOfLifeAnswerOf({ products }) });
  assert.deepEqual(
    (await refreshCatalog(endless, shipped, request)).shrinks.map(({ what }) => what),
    ['lines with a known end'],
  );
  const all = endOfLifeAnswerOf(shipped.lifeCycles);
  const few = await serveSources(context, { archive, endOfLife: { ...all, result: all.result.slice(0, 40) } });
  assert.deepEqual(
    (await refreshCatalog(few, shipped, request)).shrinks.map(({ what, after }) => [what, after]),
    [['products with a life cycle', 40]],
  );
});

test('nothing differs from itself', () => assert.deepEqual(compareParts(shipped, shipped), nothing));
