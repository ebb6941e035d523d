import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndOfLife } from '../../../../src/domain/catalog/refresh/end-of-life-answer.ts';

/** A release in the form of schema 1.2.0, with every field that the API's description requires. */
const release = {
  name: '24',
  codename: null,
  label: '24 (LTS)',
  releaseDate: '2025-05-06',
  isLts: true,
  ltsFrom: '2025-10-28',
  isEoas: false,
  eoasFrom: '2026-10-20',
  isEol: false,
  eolFrom: '2028-04-30',
  isMaintained: true,
  latest: { name: '24.19.0', date: '2026-08-03', link: null },
  custom: null,
};

function answer(releases: readonly unknown[], more: object = {}): unknown {
  const product = { name: 'nodejs', label: 'Node.js', aliases: ['node'], releases, ...more };
  return { schema_version: '1.2.0', generated_at: '2026-11-22T00:12:05+00:00', total: 1, result: [product] };
}

function productIn(document: unknown, name = 'nodejs') {
  const read = parseEndOfLife(document, '2028-11-23');
  assert.equal(read.kind, 'read');
  return read.kind === 'read' ? read.products.get(name) : undefined;
}

for (const [what, fields, expected] of [
  ['a date of LTS and of the end', {}, { lts: '2025-10-28', ends: '2028-04-30' }],
  [
    'an LTS to come: the date counts, not that it is none today',
    { isLts: false, ltsFrom: '2027-10-26' },
    { lts: '2027-10-26' },
  ],
  ['LTS from the first day', { isLts: true, ltsFrom: null }, { lts: true }],
  ['no LTS', { isLts: false, ltsFrom: null }, { lts: undefined }],
  ['an end on an unknown day', { isEol: true, eolFrom: null }, { ends: true }],
  ['no end known', { isEol: false, eolFrom: null }, { ends: false }],
  ['nothing stated of its end', { isEol: null, eolFrom: null }, { ends: undefined }],
  ['extended support', { isEoes: false, eoesFrom: '2030-06-30' }, { extendedEnds: '2030-06-30' }],
  ['no newest version', { latest: null }, { latest: undefined }],
  ['a name for a terminal', { codename: 'Trixie\u001b[2J' }, { codename: undefined }],
] as const)
  test(`reads ${what}`, () => {
    const product = productIn(answer([{ ...release, ...fields }]));
    assert.equal(product?.kind, 'read');
    if (product?.kind !== 'read') return;
    const [cycle] = product.cycles;
    assert.deepEqual({ ...cycle, ...expected }, cycle);
    assert.deepEqual([cycle?.name, cycle?.releasedOn], ['24', '2025-05-06']);
  });

for (const [what, fields] of [
  ['a day that does not exist', { eolFrom: '2026-02-30' }],
  ['a date of another form', { eolFrom: 'next spring' }],
  ['a date as a number', { releaseDate: 20260101 }],
  ['an end in another age', { eolFrom: '9999-12-31' }],
  ['a release that is years ahead', { releaseDate: '2035-01-01' }],
  ['a name that is none', { name: '24 ; rm' }],
  ['no name', { name: null }],
  ['a word for whether it ended', { isEol: 'yes' }],
] as const)
  test(`${what} makes the product unusable`, () =>
    assert.equal(productIn(answer([release, { ...release, name: '23', ...fields }]))?.kind, 'malformed'));

for (const [what, releases] of [
  ['none', []],
  ['no list', {}],
  ['a line twice', [release, release]],
  ['a number', [7]],
  ['a thousand', Array.from({ length: 1000 }, (_, at) => ({ ...release, name: String(at) }))],
] as const)
  test(`releases may not be ${what}`, () => assert.equal(productIn(answer([], { releases }))?.kind, 'malformed'));

test('a renamed product is found by its alias, and a name goes before an alias', () => {
  assert.equal(productIn(answer([release]), 'node')?.kind, 'read');
  assert.equal(productIn(answer([release]), 'deno'), undefined);
  const stolen = { name: 'nodejs', aliases: [], releases: [{ ...release, name: '1' }] };
  const thief = { name: 'thief', aliases: ['nodejs'], releases: [{ ...release, name: '2' }] };
  const both = { schema_version: '1.2.0', generated_at: '2026-11-22T00:00:00Z', result: [stolen, thief] };
  const product = productIn(both);
  assert.equal(product?.kind === 'read' ? product.cycles[0]?.name : '', '1');
});

test('a product that is listed twice is not used', () => {
  const row = { name: 'nodejs', aliases: [], releases: [release] };
  const twice = { schema_version: '1.2.0', generated_at: '2026-11-22T00:00:00Z', result: [row, row] };
  assert.equal(productIn(twice)?.kind, 'malformed');
});

for (const [what, document] of [
  ['nothing', undefined],
  ['null', null],
  ['a list', []],
  ['another version', { schema_version: '2.0.0', generated_at: '2026-11-22T00:00:00Z', result: [] }],
  ['no version', { generated_at: '2026-11-22T00:00:00Z', result: [] }],
  ['no day', { schema_version: '1.2.0', result: [] }],
  ['no products', { schema_version: '1.2.0', generated_at: '2026-11-22T00:00:00Z', result: {} }],
  [
    'ten thousand products',
    { schema_version: '1.0.0', generated_at: '2026-11-22T00:00:00Z', result: Array(10_000).fill({}) },
  ],
] as const)
  test(`an answer that is ${what} is refused`, () =>
    assert.equal(parseEndOfLife(document, '2028-01-01').kind, 'malformed'));
