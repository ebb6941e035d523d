import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renewedCatalogText } from '../../src/adapters/catalog-file/renewed-catalog-file.ts';
import { partsInForce } from '../../src/catalog/parts-in-force.ts';
import { endOfLifeAnswerOf, libraryOf } from '../fakes/catalog-source/answers.ts';
import { interceptingProxy } from '../fakes/catalog-source/intercepting-proxy.ts';
import { libraryArchive } from '../fakes/catalog-source/tar.ts';
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

test('the real command shows what changes, writes it, and later checks go by it', async (context) => {
  const { path, remove } = await makeTree({ Dockerfile: 'FROM alpine:3.99\nUSER 1\n' });
  context.after(remove);
  const day = new Date().toISOString().slice(0, 10);
  const library = libraryOf({
    ...official,
    repositories: { ...official.repositories, alpine: `${official.repositories['alpine']} 3.99` },
  });
  const env = {
    ...(await interceptingProxy(context, {
      'codeload.github.com': libraryArchive(library, { day }),
      'endoflife.date': Buffer.from(JSON.stringify(endOfLifeAnswerOf(lifeCycles, day))),
    })),
    BASEKEEPER_CATALOG: '',
    XDG_DATA_HOME: join(path, 'data'),
  };
  const file = join(path, 'data', 'basekeeper', 'catalog', 'catalog.json');

  const looked = await basekeeper(['catalog', 'refresh', '--dry-run'], { env });
  assert.equal(looked.code, 0, looked.stdout + looked.stderr);
  assert.match(looked.stdout, /Tags: 1 new, 0 no longer rebuilt, in 1 image:\n {2}alpine \d+ → \d+ \(\+1 −0\)\n/);
  assert.match(looked.stdout, /Nothing was written\n$/);
  assert.equal(existsSync(file), false);

  const written = await basekeeper(['catalog', 'refresh', '--json', '--yes'], { env: { ...env, CI: 'true' } });
  assert.equal(written.code, 0, written.stdout + written.stderr);
  const { parts, ...told } = JSON.parse(written.stdout);
  assert.deepEqual([told.outcome, told.written, parts], ['ready', file, undefined]);
  assert.deepEqual(told.requests, { 'codeload.github.com': 1, 'endoflife.date': 1 });

  const { summary, files } = JSON.parse((await basekeeper(['check', path, '--format', 'json'], { env })).stdout);
  assert.deepEqual([summary.catalog.asOf, files[0].uses[0].category], [day, 'preferred']);

  const again = await basekeeper(['catalog', 'refresh'], { env });
  assert.match(again.stdout, /; nothing else changes\.\n/);
  assert.ok(again.stdout.endsWith(`Written to ${file}\n`));
});

test('much smaller lists are shown and not written', async (context) => {
  const { path, remove } = await makeTree({});
  context.after(remove);
  const day = new Date().toISOString().slice(0, 10);
  const env = {
    ...(await interceptingProxy(context, {
      'codeload.github.com': libraryArchive({ node: libraryOf(official)['node'] ?? '' }, { day }),
      'endoflife.date': Buffer.from('gone'),
    })),
    BASEKEEPER_CATALOG: join(path, 'catalog'),
  };
  const refused = await basekeeper(['catalog', 'refresh'], { env });
  assert.equal(refused.code, 3, refused.stderr);
  assert.match(refused.stdout, /^The catalog stays as it is: .*write --accept-shrink\./);
  assert.match(refused.stdout, /official repositories: \d+ → 1\n/);
  assert.match(refused.stdout, /Not renewed:\n {2}cannot read endoflife\.date.*no JSON\n/);
  assert.equal(existsSync(join(path, 'catalog')), false);
  // In part, so that the exit code tells; but written.
  const accepted = await basekeeper(['catalog', 'refresh', '--accept-shrink'], { env });
  assert.deepEqual([accepted.code, existsSync(join(path, 'catalog', 'catalog.json'))], [3, true]);
});
