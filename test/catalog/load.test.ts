import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadCatalog } from '../../src/catalog/load.ts';
import { parseReference } from '../../src/domain/image/reference.ts';

const catalog = loadCatalog();
const isoDate = /^\d{4}-\d{2}-\d{2}$/;

test('every source has a name, an address, a date and a licence', () => {
  for (const [group, { name, url, date, license }] of Object.entries(catalog.sources)) {
    assert.ok(name !== '' && license !== '', group);
    assert.match(url, /^https:\/\//, group);
    assert.match(date, isoDate, group);
  }
});

test('the catalog is as old as its oldest list', () => {
  const { official, dotnet, distroless, lifeCycles } = catalog.sources;
  assert.equal(catalog.asOf, [official.date, dotnet.date, distroless.date, lifeCycles.date].toSorted()[0]);
});

test('the data stay small enough to ship', () => {
  const folder = join(import.meta.dirname, '..', '..', 'src', 'catalog', 'data');
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  assert.ok(bytes < 320_000, `${bytes} bytes`);
});

test('every repository is a name, and each of its tags a tag', () => {
  for (const repository of catalog.repositories)
    for (const { text } of catalog.findTags(repository)?.all() ?? [])
      assert.equal(parseReference(`${repository}:${text}`).kind, 'ok', `${repository}:${text}`);
});

for (const [repository, tag, isMaintained] of [
  ['docker.io/library/node', '26-alpine', true],
  ['docker.io/library/node', '20-alpine', false],
  ['docker.io/library/debian', 'bookworm-slim', true],
  ['mcr.microsoft.com/dotnet/aspnet', '10.0-noble-chiseled', true],
  ['mcr.microsoft.com/dotnet/aspnet', '8.0.30', true],
  ['mcr.microsoft.com/dotnet/aspnet', '8.0.29', false],
  ['mcr.microsoft.com/dotnet/aspnet', '6.0', false],
  ['gcr.io/distroless/static-debian13', 'nonroot', true],
  ['gcr.io/distroless/static', 'nonroot', true],
] as const)
  test(`${repository}:${tag} is ${isMaintained ? '' : 'not '}maintained`, () =>
    assert.equal(catalog.findTags(repository)?.has(tag), isMaintained));

test('nothing is known of a repository outside the lists', () => {
  assert.equal(catalog.findTags('docker.io/someone/app'), undefined);
  assert.equal(catalog.findTags('gcr.io/distroless/nodejs20-debian12'), undefined);
});

test('a successor under docker.io/library is an official image', () => {
  const wrong = [...catalog.retired.values()]
    .flatMap(({ successors }) => successors)
    .filter((name) => !name.includes('/') && catalog.findTags(`docker.io/library/${name}`) === undefined);
  assert.deepEqual(wrong, []);
});

test('cycles of a product stand newest first, and dates are dates', () => {
  for (const [name, { cycles }] of catalog.products)
    for (const { releasedOn, ends, longTermEnds, lts } of cycles)
      for (const date of [releasedOn, ends, longTermEnds, lts])
        if (typeof date === 'string') assert.match(date, isoDate, name);
  assert.deepEqual(
    catalog.products
      .get('eclipse-temurin')
      ?.cycles.slice(0, 4)
      .map(({ name }) => name),
    ['26', '25', '24', '23'],
  );
});

test('only Debian has an extended support that is free', () => {
  const extended = [...catalog.products].filter(([, { cycles }]) =>
    cycles.some(({ longTermEnds }) => longTermEnds !== undefined),
  );
  assert.deepEqual(
    extended.map(([name]) => name),
    ['debian'],
  );
});

test('by default only distroless and Microsoft are trusted vendors', () => {
  const trusted = catalog.vendors.filter(({ isOfficialByDefault }) => isOfficialByDefault).map(({ prefix }) => prefix);
  assert.deepEqual(trusted.toSorted(), ['gcr.io/distroless', 'mcr.microsoft.com']);
});
