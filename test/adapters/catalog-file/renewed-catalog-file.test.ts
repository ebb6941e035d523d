import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import {
  readRenewedCatalog,
  renewedCatalogPath,
  renewedCatalogText,
} from '../../../src/adapters/catalog-file/renewed-catalog-file.ts';
import { partsInForce } from '../../../src/catalog/parts-in-force.ts';

const folder = mkdtempSync(join(tmpdir(), 'renewed-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const shipped = partsInForce({ kind: 'none' });
const kept = { ...shipped, official: { ...shipped.official, kept: { node: '2026-08-21' } } };
const text = renewedCatalogText(shipped);

function readsAs(content: string | Buffer) {
  writeFileSync(renewedCatalogPath(folder), content);
  return readRenewedCatalog(folder);
}

/** The checksum fits, whatever the text says. */
function reasonOf(content: string | Buffer): string {
  const read = readsAs(content);
  return read.kind === 'unusable' ? read.reason : read.kind;
}

test('reads what it writes, for the whole catalog', () => {
  assert.deepEqual(readsAs(text), { kind: 'read', parts: shipped });
  assert.deepEqual(readsAs(renewedCatalogText(kept)), { kind: 'read', parts: kept });
});

test('is plain JSON with a line for each image and product', () => {
  assert.equal(JSON.parse(text).format, 1);
  assert.match(text, /\n {4}"node": "/);
  assert.match(text, /\n {4}"nodejs": \{"title":"Node\.js"/);
});

test('nothing is there before the first refresh', () => {
  assert.deepEqual(readRenewedCatalog(join(folder, 'elsewhere')), { kind: 'none' });
  writeFileSync(join(folder, 'file'), '');
  assert.deepEqual(readRenewedCatalog(join(folder, 'file')), { kind: 'none' });
});

test('any byte that changed is known before anything is believed', () => {
  const bytes = Buffer.from(text);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ change;
      assert.equal(readsAs(damaged).kind, 'unusable');
    }),
    { numRuns: 100 },
  );
});

for (const [what, content, reason] of [
  ['cut short', text.slice(0, -100), /checksum/],
  ['empty', '', /no renewed catalog/],
  ['of a later format', text.replace('"format": 1', '"format": 2'), /another version/],
  ['something else', '{"format": 1}\n', /no renewed catalog/],
  ['one long line', 'x'.repeat(100_000), /no renewed catalog/],
  ['huge', Buffer.alloc(5 * 1024 * 1024), /too large/],
] as const)
  test(`a file that is ${what} is told and not used`, () => {
    assert.match(reasonOf(content), reason);
    assert.ok(reasonOf(content).startsWith(renewedCatalogPath(folder)));
  });

test('a folder in its place is told', () => {
  mkdirSync(renewedCatalogPath(join(folder, 'odd')), { recursive: true });
  const read = readRenewedCatalog(join(folder, 'odd'));
  assert.match(read.kind === 'unusable' ? read.reason : '', /cannot be read \(EISDIR\)/);
});

test('a file of another form than ours is not used, even with the right checksum', () => {
  const { official, lifeCycles } = shipped;
  // What a later program may write by mistake: the types say it cannot be.
  const wrong = (change: object) => reasonOf(renewedCatalogText({ ...shipped, ...change }));
  for (const change of [
    { official: { ...official, repositories: {} } },
    { official: { ...official, repositories: { node: 7 } } },
    { official: { ...official, repositories: { node: 'a  b' } } },
    { official: { ...official, retired: { node: 'yesterday' } } },
    { official: { ...official, kept: { node: '' } } },
    { official: { ...official, source: { ...official.source, date: '2026-13-01' } } },
    { lifeCycles: { ...lifeCycles, products: { nodejs: { title: 'Node.js', cycles: [['24']] } } } },
    { lifeCycles: { ...lifeCycles, products: { nodejs: { title: 'Node.js', cycles: [['24', 1, 1, 1, 1, 1, 1]] } } } },
    { lifeCycles: { ...lifeCycles, products: { nodejs: { cycles: [] } } } },
  ])
    assert.match(wrong(change), /another form/, JSON.stringify(change).slice(0, 200));
});
