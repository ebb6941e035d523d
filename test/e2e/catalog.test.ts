import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renewedCatalogText } from '../../src/adapters/catalog-file/renewed-catalog-file.ts';
import { partsInForce } from '../../src/catalog/parts-in-force.ts';
import { basekeeper, makeTree, today } from './command.ts';

const shipped = partsInForce({ kind: 'none' });
const { official, lifeCycles } = shipped;
/** Renewed the day before: alpine has moved on by a release that is not out yet. */
const renewedText = renewedCatalogText({
  official: {
    ...official,
    source: { ...official.source, date: '2026-11-22' },
    repositories: { ...official.repositories, alpine: 'latest 3 3.25' },
  },
  lifeCycles: { ...lifeCycles, source: { ...lifeCycles.source, date: '2026-11-22' } },
});

async function withCatalog(text: string, run: (env: Record<string, string>, path: string) => Promise<void>) {
  const { path, remove } = await makeTree({ 'catalog/catalog.json': text, Dockerfile: 'FROM alpine:3.25\nUSER 1\n' });
  try {
    await run({ BASEKEEPER_CATALOG: join(path, 'catalog') }, path);
  } finally {
    await remove();
  }
}

test('check and explain go by a renewed catalog, and say how old it is', () =>
  withCatalog(renewedText, async (env, path) => {
    const check = ['check', join(path, 'Dockerfile'), '--now', today];
    const json = JSON.parse((await basekeeper([...check, '--format', 'json'], { env })).stdout);
    assert.equal(json.files[0].uses[0].category, 'preferred');
    assert.deepEqual([json.summary.catalog.asOf, json.summary.catalog.ageDays], ['2026-11-22', 1]);
    assert.match(
      (await basekeeper(check, { env })).stdout,
      /Catalog of public images: 2026-11-22, 1 day ago\.\n +older, for only/,
    );
    for (const format of ['markdown', 'html'])
      assert.match((await basekeeper([...check, '--format', format], { env })).stdout, /2026-11-22.*; older, for only/);
    const shown = (await basekeeper(['catalog', 'show', 'alpine', '--now', today], { env })).stdout;
    assert.match(shown, /3\.25/);
    assert.match(shown, /The catalog, renewed here, is of 2026-11-22/);
    const explained = JSON.parse(
      (await basekeeper(['explain', 'alpine:3.25', '--json', '--now', today], { env })).stdout,
    );
    assert.equal(explained.verdict, 'pass');
  }));

test('BASEKEEPER_CATALOG=shipped goes by the catalog of the package', () =>
  withCatalog(renewedText, async (_env, path) => {
    const env = { BASEKEEPER_CATALOG: 'shipped', XDG_DATA_HOME: path };
    const { catalog } = JSON.parse(
      (await basekeeper(['check', path, '--format', 'json', '--now', today], { env })).stdout,
    ).summary;
    assert.deepEqual([catalog.asOf, catalog.notes], [official.source.date, []]);
  }));

test('a damaged renewed catalog changes no verdict, and is told', () =>
  withCatalog(renewedText.replace('3.25', '3.26'), async (env, path) => {
    const damaged = await basekeeper(['check', path, '--format', 'json', '--now', today], { env });
    const plain = await basekeeper(['check', path, '--format', 'json', '--now', today]);
    const [a, b] = [JSON.parse(damaged.stdout), JSON.parse(plain.stdout)];
    assert.deepEqual([damaged.code, a.files], [plain.code, b.files]);
    assert.match(a.summary.catalog.notes[0], /catalog\.json: it is damaged: its checksum does not fit/);
    const text = (await basekeeper(['catalog', 'show'], { env })).stdout;
    assert.match(text.replaceAll(/\s+/g, ' '), /was not used, the shipped one is: .*damaged/);
  }));

test('a refresh is refused in CI unless it is asked for, before anything is asked or written', async () => {
  const { path, remove } = await makeTree({});
  try {
    const env = { CI: 'true', BASEKEEPER_CATALOG: join(path, 'catalog') };
    const { code, stdout, stderr } = await basekeeper(['catalog', 'refresh'], { env });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /in CI it is not done unasked: write --yes, or --dry-run/);
    assert.equal(existsSync(join(path, 'catalog')), false);
  } finally {
    await remove();
  }
});

test('there is nowhere to write when the shipped catalog is wanted', async () => {
  const { code, stderr } = await basekeeper(['catalog', 'refresh'], { env: { BASEKEEPER_CATALOG: 'shipped' } });
  assert.equal(code, 2);
  assert.match(stderr, /name one in BASEKEEPER_CATALOG/);
});

test('sources that cannot be reached leave everything, and exit with 3', () =>
  withCatalog(renewedText, async (env, path) => {
    // A proxy that nobody listens at: nothing leaves this machine.
    const offline = {
      ...env,
      HTTPS_PROXY: 'http://127.0.0.1:9',
      https_proxy: 'http://127.0.0.1:9',
      NO_PROXY: '',
      no_proxy: '',
    };
    const text = await basekeeper(['catalog', 'refresh'], { env: offline });
    assert.equal(text.code, 3, text.stderr);
    assert.match(text.stdout, /The catalog stays as it is: neither source could be used\./);
    assert.match(text.stdout, /cannot read endoflife\.date/);
    assert.match(text.stdout, /Nothing was written\n$/);
    const json = await basekeeper(['catalog', 'refresh', '--json', '--dry-run'], { env: { ...offline, CI: 'true' } });
    const { outcome, written, faults } = JSON.parse(json.stdout);
    assert.deepEqual([json.code, outcome, written, faults.length], [3, 'failed', null, 2]);
    assert.equal(readFileSync(join(path, 'catalog', 'catalog.json'), 'utf8'), renewedText);
  }));
