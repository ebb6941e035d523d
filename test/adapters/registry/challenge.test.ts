import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChallenges } from '../../../src/adapters/registry/challenge.ts';

const bearer = { realm: 'https://auth.example/token', service: 'reg', scope: 'repository:a/b:pull,push' };

for (const [fact, headers, wanted] of [
  [
    'one challenge',
    ['Bearer realm="https://auth.example/token",service="reg",scope="repository:a/b:pull,push"'],
    [['bearer', bearer]],
  ],
  [
    'blanks around commas and signs',
    ['Bearer realm = "https://auth.example/token" , service = "reg" , scope="repository:a/b:pull,push"'],
    [['bearer', bearer]],
  ],
  [
    'names in any case, values as they are',
    ['BEARER Realm="https://X.example/Token"'],
    [['bearer', { realm: 'https://X.example/Token' }]],
  ],
  ['escapes in quotes', ['Basic realm="a \\"b\\", c"'], [['basic', { realm: 'a "b", c' }]]],
  [
    'values without quotes',
    ['Bearer realm=https://x.example/t,service=reg'],
    [['bearer', { realm: 'https://x.example/t', service: 'reg' }]],
  ],
  [
    'two in one header',
    ['Bearer realm="r", service="s", Basic realm="t"'],
    [
      ['bearer', { realm: 'r', service: 's' }],
      ['basic', { realm: 't' }],
    ],
  ],
  [
    'two headers',
    ['Basic realm="t"', 'Bearer realm="r"'],
    [
      ['basic', { realm: 't' }],
      ['bearer', { realm: 'r' }],
    ],
  ],
  [
    'a blob of another scheme',
    ['Negotiate YII=, Bearer realm="r"'],
    [
      ['negotiate', {}],
      ['bearer', { realm: 'r' }],
    ],
  ],
  ['a scheme alone', ['Basic'], [['basic', {}]]],
  ['the first of two values counts', ['Bearer realm="r",realm="evil"'], [['bearer', { realm: 'r' }]]],
  ['nothing', [''], []],
  ['no challenge', ['="x"'], []],
  ['an open quote', ['Bearer realm="r'], [['bearer', { realm: 'r' }]]],
] as const)
  test(`reads a challenge: ${fact}`, () =>
    assert.deepEqual(
      parseChallenges(headers).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]),
      wanted,
    ));

test('a header of a megabyte is read in a moment', () => {
  assert.ok(parseChallenges([`Bearer ${'a=b, '.repeat(200_000)}`]).length > 0);
});
