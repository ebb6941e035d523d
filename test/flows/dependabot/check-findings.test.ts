import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, type Settings } from '../judged.ts';

const place = '.github/dependabot.yml';
const entry =
  'version: 2\nupdates:\n  - package-ecosystem: docker\n    directory: /\n    schedule: {interval: weekly}\n    labels: [dependencies, docker, security]\n';
const repository = { Dockerfile: 'FROM alpine:3.24\nUSER 1\n', 'a/Dockerfile': 'FROM alpine:3.24\nUSER 1\n' };
const policy = (rest: string) => ({ policy: `version: 1\n${rest}\n` });

/** `verdict path:line` of what is said of Dependabot. */
async function said(files: Readonly<Record<string, string>>, settings: Settings = {}): Promise<readonly string[]> {
  const { policyFindings } = await judge(files, { isRepositoryRoot: true, ...settings });
  return policyFindings.map(({ rule, verdict, path, line, reason }) => {
    assert.equal(rule, 'dependabot');
    return `${verdict} ${path}:${line ?? '-'} ${reason}`;
  });
}

test('a directory that no entry covers is a note, and a fault where Dependabot owns updates', async () => {
  const files = { ...repository, [place]: entry };
  const reason = `${place}:- no docker entry of Dependabot covers the images in /a`;
  assert.deepEqual(await said(files), [`info ${reason}`]);
  assert.deepEqual(await said(files, policy('update: { owner: dependabot }')), [`warn ${reason}`]);
});

test('a live entry is a fault where Basekeeper owns updates', async () => {
  const [found, ...others] = await said({ ...repository, [place]: entry }, policy('update: { owner: basekeeper }'));
  assert.match(found ?? '', /^warn \.github\/dependabot\.yml:3 Basekeeper owns/);
  assert.deepEqual(others, []);
});

test('the policy sets one level for all of it, or none', async () => {
  assert.match((await said(repository, policy('rules: { dependabot: fail }'))).join(), /^fail /);
  assert.deepEqual(await said(repository, policy('rules: { dependabot: off }')), []);
});

test('the second name that GitHub knows is read where the first is not there', async () =>
  assert.match(
    (await said({ ...repository, '.github/dependabot.yaml': 'a: [' })).join(),
    /^warn \.github\/dependabot\.yaml:1 the YAML is broken/,
  ));

test('a file that is no text warns', async () =>
  assert.match((await said({ ...repository, [place]: 'a\u0000b' })).join(), /^warn \.github\/dependabot\.yml:- /));

test('nothing is said of a part of a repository, of a part of its files, and where no image is', async () => {
  assert.deepEqual(await said(repository, { isRepositoryRoot: false }), []);
  assert.deepEqual(await said(repository, { only: ['Dockerfile'] }), []);
  assert.deepEqual(await said({ 'a.txt': '' }), []);
});

test('Helm values keep an entry from being superfluous', async () => {
  const files = {
    Dockerfile: repository.Dockerfile,
    'chart/values.yaml': 'image: x\n',
    [place]: entry.replace('directory: /', 'directories: [/, /chart]'),
  };
  assert.deepEqual(await said(files), []);
  const { 'chart/values.yaml': _values, ...others } = files;
  assert.deepEqual(await said(others), [`info ${place}:4 no file in /chart is for docker: remove it`]);
});
