import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isExcluded } from '../../../src/domain/discovery/excluded.ts';

for (const [path, patterns, expected] of [
  ['Dockerfile', [], false],
  ['node_modules/a/Dockerfile', [], true],
  ['a/vendor/Dockerfile', [], true],
  ['vendor', [], false],
  ['vendor/', [], true],
  ['a/node_modules/', [], true],
  ['my_vendor/x', [], false],
  ['.git/config', [], true],
  ['dist/Dockerfile', [], false],
  ['legacy/a/Dockerfile', ['legacy/**'], true],
  ['legacy/a/Dockerfile', ['legacy'], true],
  ['legacy/a/Dockerfile', ['legacy/'], true],
  ['legacy/a/Dockerfile', ['/legacy'], true],
  ['legacy/a/Dockerfile', ['./legacy'], true],
  ['x/legacy/Dockerfile', ['legacy/**'], false],
  ['a/test/fixtures/b/Dockerfile', ['**/fixtures/**'], true],
  ['fixtures/Dockerfile', ['**/fixtures/**'], true],
  ['a/Dockerfile.old', ['*/Dockerfile.old'], true],
  ['a/b/Dockerfile.old', ['*/Dockerfile.old'], false],
  ['.hidden/Dockerfile', ['*/Dockerfile'], true],
  ['a/Dockerfile', ['b/**', 'a/**'], true],
  ['a/Dockerfile', ['!b/**'], false],
  ['a/Dockerfile', [''], false],
] as const) {
  test(`${path} is ${expected ? '' : 'not '}left out by ${JSON.stringify(patterns)}`, () => {
    assert.equal(isExcluded(path, patterns), expected);
  });
}
