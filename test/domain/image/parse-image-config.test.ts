import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseImageConfig } from '../../../src/domain/image/parse-image-config.ts';
import { readPublishedAt } from '../../../src/domain/image/read-published-at.ts';

const platform = { os: 'linux', architecture: 'amd64' };
const diffId = `sha256:${'d'.repeat(64)}`;

function read(document: object) {
  const parsed = parseImageConfig(JSON.stringify({ ...platform, ...document }));
  assert.ok(parsed.kind === 'ok');
  return parsed.config;
}

test('a config tells platform, date, user, labels and layers', () => {
  assert.deepEqual(
    read({
      architecture: 'arm64',
      variant: 'v8',
      created: '2026-03-04T05:06:07.123456789+02:00',
      config: { User: '1000:1000', Labels: { a: 'b', long: 'x'.repeat(5000), number: 7 } },
      rootfs: { type: 'layers', diff_ids: [diffId] },
    }),
    {
      platform: { os: 'linux', architecture: 'arm64' },
      createdAt: '2026-03-04T03:06:07.123Z',
      user: '1000:1000',
      labels: new Map([['a', 'b']]),
      diffIds: [diffId],
    },
  );
});

test('what is not said is absent or empty', () => {
  const nothing = { platform, user: '', labels: new Map(), diffIds: [] };
  assert.deepEqual(read({}), nothing);
  assert.deepEqual(read({ config: null, rootfs: null, created: null }), nothing);
  assert.deepEqual(read({ config: { User: null, Labels: null }, rootfs: { diff_ids: null } }), nothing);
});

test('the history tells which steps made a layer', () => {
  const history = [
    { created_by: 'ADD rootfs' },
    { created_by: 'CMD ["sh"]', empty_layer: true },
    { empty_layer: 'yes' },
    7,
  ];
  assert.deepEqual(read({ history }).history, [
    { createdBy: 'ADD rootfs', isEmpty: false },
    { createdBy: 'CMD ["sh"]', isEmpty: true },
    { createdBy: '', isEmpty: false },
    { createdBy: '', isEmpty: false },
  ]);
  assert.equal(read({ history: Array(1001).fill({}) }).history, undefined);
  assert.equal(read({ history: [{ created_by: 'x'.repeat(9999) }] }).history?.[0]?.createdBy.length, 256);
});

for (const user of ['', 'root', '0', '0:0', 'root:root', '00', ' root ', '0:1000'])
  test(`the user ${JSON.stringify(user)} is root`, () => assert.equal(read({ config: { User: user } }).user, ''));

for (const user of ['1000', 'node', 'nonroot:nonroot', '65532', 'rooty', '10'])
  test(`the user ${user} is not root`, () => assert.equal(read({ config: { User: user } }).user, user));

for (const [text, expected] of [
  [undefined, undefined],
  ['1970-01-01T00:00:00Z', undefined],
  ['1980-01-01T00:00:00Z', undefined],
  ['0001-01-01T00:00:00Z', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  ['2026-01-01', undefined],
  ['2026-01-01T00:00:00', undefined],
  ['yesterday', undefined],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ['2026-01-01T00:00:00.5+01:00', '2025-12-31T23:00:00.500Z'],
] as const)
  test(`the date ${text} is ${expected ?? 'none'}`, () => assert.equal(readPublishedAt(text), expected));

for (const [what, text] of [
  ['no JSON', 'x'],
  ["a chart's config", '{"name":"chart"}'],
  ['an empty object', '{}'],
  ['a platform that is none', '{"os":"linux","architecture":"a b"}'],
  ['a layer without a digest', JSON.stringify({ ...platform, rootfs: { diff_ids: ['x'] } })],
  ['a platform that is inherited', '{"__proto__":{"os":"linux","architecture":"amd64"}}'],
] as const)
  test(`${what} is malformed`, () => assert.equal(parseImageConfig(text).kind, 'malformed'));

test('whatever JSON is read, it is a config or a reason', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.dictionary(fc.string(), fc.jsonValue()).map((more) => JSON.stringify({ ...platform, ...more })),
      ),
      (text) => {
        assert.ok(['ok', 'malformed'].includes(parseImageConfig(text).kind));
      },
    ),
  );
});
