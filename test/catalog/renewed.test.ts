import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../src/catalog/load.ts';
import { partsInForce } from '../../src/catalog/parts-in-force.ts';
import type { RenewableParts, RenewedCatalog } from '../../src/domain/catalog/snapshot.ts';

const shipped = partsInForce({ kind: 'none' });
const { official, lifeCycles } = shipped;

function renewed({ date = '2027-01-10', ...change }: { date?: string } & Partial<RenewableParts>): RenewedCatalog {
  const parts = { ...shipped, ...change };
  return {
    kind: 'read',
    parts: {
      official: { ...parts.official, source: { ...parts.official.source, date } },
      lifeCycles: { ...parts.lifeCycles, source: { ...parts.lifeCycles.source, date } },
    },
  };
}

test('a newer renewed part is taken, with its tags, retirements and lines', () => {
  const { node: _node, ...repositories } = official.repositories;
  const catalog = loadCatalog(
    renewed({
      official: {
        ...official,
        repositories: { ...repositories, caddy: '9 9-alpine', valkey2: '1' },
        smallAlready: { caddy: '9' },
        retired: { ...official.retired, node: '2027-01-10' },
      },
      lifeCycles: {
        ...lifeCycles,
        products: { nodejs: { title: 'Node.js', cycles: [['30', null, true, '2026-12-01', false, null, null]] } },
      },
    }),
  );
  assert.equal(catalog.findTags('docker.io/library/caddy')?.has('9-alpine'), true);
  assert.equal(catalog.findTags('docker.io/library/caddy')?.has('2'), false);
  assert.equal(catalog.isSmallAlready('docker.io/library/caddy', '9'), true);
  assert.equal(catalog.findTags('docker.io/library/node'), undefined);
  assert.deepEqual(catalog.retired.get('node')?.since, '2027-01-10');
  assert.deepEqual(catalog.products.get('nodejs')?.cycles, [
    { name: '30', lts: true, releasedOn: '2026-12-01', ends: false },
  ]);
  // What this program knows images of and the renewed one did not.
  assert.deepEqual(catalog.products.get('python'), loadCatalog().products.get('python'));
  assert.equal(catalog.findTags('mcr.microsoft.com/dotnet/aspnet')?.has('10.0'), true);
});

test('its age is that of what a refresh renews, and what none renews is told', () => {
  const catalog = loadCatalog(renewed({}));
  assert.deepEqual([catalog.asOf, catalog.isRenewed], ['2027-01-10', true]);
  const { dotnet, distroless } = catalog.sources;
  assert.deepEqual(catalog.notes, [
    `older, for only a new version of basekeeper renews it: ${dotnet.name} (${dotnet.date}), ${distroless.name} (${distroless.date})`,
  ]);
});

test('what could not be renewed is told with its day', () => {
  const catalog = loadCatalog(
    renewed({
      official: { ...official, kept: { caddy: '2026-08-21' } },
      lifeCycles: { ...lifeCycles, kept: { nodejs: '2026-08-22' } },
    }),
  );
  assert.equal(catalog.notes[1], 'older, for it could not be renewed: caddy (2026-08-21), nodejs (2026-08-22)');
});

test('an older renewed part gives way to the shipped one', () => {
  const catalog = loadCatalog(renewed({ date: '2026-01-01', official: { ...official, repositories: { node: '1' } } }));
  assert.equal(catalog.findTags('docker.io/library/node')?.has('26-alpine'), true);
  assert.deepEqual([catalog.asOf, catalog.isRenewed, catalog.notes], [loadCatalog().asOf, false, []]);
});

test('of two parts each goes by its own day', () => {
  const mixed: RenewedCatalog = {
    kind: 'read',
    parts: {
      official: { ...official, source: { ...official.source, date: '2026-01-01' }, repositories: { node: '1' } },
      lifeCycles: { ...lifeCycles, source: { ...lifeCycles.source, date: '2027-01-10' } },
    },
  };
  const { sources, asOf } = loadCatalog(mixed);
  assert.deepEqual(
    [sources.official, sources.lifeCycles.date, asOf],
    [official.source, '2027-01-10', official.source.date],
  );
});

test('one that cannot be used is told, and the shipped one stands', () => {
  const catalog = loadCatalog({ kind: 'unusable', reason: '/x/catalog.json: it is damaged' });
  assert.deepEqual([catalog.asOf, catalog.isRenewed], [loadCatalog().asOf, false]);
  assert.deepEqual(catalog.repositories, loadCatalog().repositories);
  assert.match(catalog.notes[0] ?? '', /not used, the shipped one is: \/x\/catalog\.json: it is damaged/);
});

test('an image that is called like a property of every object is one like others', () => {
  const catalog = loadCatalog(
    renewed({ official: { ...official, retired: { constructor: '2027-01-10' }, repositories: { valueof: '1' } } }),
  );
  assert.deepEqual(catalog.retired.get('constructor')?.successors, []);
});
