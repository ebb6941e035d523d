import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownersOf, parseCodeOwners } from '../../../src/domain/notice/code-owners.ts';

for (const [written, path, owners] of [
  ['* @a', 'Dockerfile', '@a'],
  ['* @a', 'deep/er/Dockerfile', '@a'],
  ['* @a\nDockerfile @b', 'web/Dockerfile', '@b'],
  ['Dockerfile @b\n* @a', 'web/Dockerfile', '@a'],
  ['*.yaml @a', 'deploy/values.yaml', '@a'],
  ['*.yaml @a', 'deploy/values.yml', ''],
  ['/build/ @a', 'build/deep/Dockerfile', '@a'],
  ['/build/ @a', 'src/build/Dockerfile', ''],
  ['build/ @a', 'src/build/Dockerfile', '@a'],
  ['docs/* @a', 'docs/Dockerfile', '@a'],
  ['docs/* @a', 'docs/deep/Dockerfile', ''],
  ['/* @a', 'Dockerfile', '@a'],
  ['/* @a', 'web/Dockerfile', ''],
  ['/apps @a', 'apps/web/Dockerfile', '@a'],
  ['/apps @a', 'apps', '@a'],
  ['/apps @a', 'apps2/Dockerfile', ''],
  ['**/images @a', 'x/images/y/Dockerfile', '@a'],
  ['/services/**/Dockerfile @a', 'services/a/b/Dockerfile', '@a'],
  ['/services/**/Dockerfile @a', 'services/Dockerfile', '@a'],
  ['my\\ folder/ @a', 'my folder/Dockerfile', '@a'],
  ['* @acme/web jane@acme.example', 'Dockerfile', '@acme/web jane@acme.example'],
  ['* @a # everything', 'Dockerfile', '@a'],
  ['# * @a', 'Dockerfile', ''],
  ['* @a\nDockerfile', 'Dockerfile', ''],
  ['*\t@a\r\n', 'Dockerfile', '@a'],
] as const)
  test(`${JSON.stringify(written)} gives ${path} to ${owners || 'nobody'}`, () => {
    assert.equal(ownersOf(parseCodeOwners(written), path).join(' '), owners);
  });

for (const [said, written, owners] of [
  ['each section has its own last match', '* @a\n[Build]\nDockerfile @b\nDockerfile @c', '@a @c'],
  ['an entry without owners has those of its section', '[Build][2] @d\nDockerfile', '@d'],
  ['an optional section counts like others', '^[Build] @d\nDockerfile', '@d'],
  ['a section that is written twice is one', '[Build]\nDockerfile @a\n[build]\nDockerfile @b', '@b'],
  ['an exclusion takes a path out of its section', '* @a\n[Build]\n* @b\n!Dockerfile', '@a'],
] as const)
  test(`of GitLab ${said}`, () => {
    assert.equal(ownersOf(parseCodeOwners(written), 'Dockerfile').join(' '), owners);
  });

for (const written of ['* @a\n!Dockerfile', '* @b\n[Build]\nDockerfile @a', '* @a\n  ^[Build] @b'])
  test(`GitHub leaves out what GitLab alone knows: ${JSON.stringify(written)}`, () =>
    assert.deepEqual(ownersOf(parseCodeOwners(written, 'github'), 'Dockerfile'), ['@a']));

test('a pattern that would make others backtrack is answered at once', () => {
  const stars = `${'*a'.repeat(1500)}b @a\n${'**/'.repeat(1000)}x @a`;
  const owners = parseCodeOwners(stars);
  assert.deepEqual(ownersOf(owners, 'a/'.repeat(300) + 'a'.repeat(2000)), []);
});

test('a file without end and a line without end are bounded', () => {
  assert.deepEqual(ownersOf(parseCodeOwners(`${'\n'.repeat(60_000)}* @late`), 'Dockerfile'), []);
  assert.deepEqual(ownersOf(parseCodeOwners(`* @a ${'x'.repeat(5_000)}`), 'Dockerfile'), []);
});
