import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, start } from '../../../contracts/pipeline.contract.ts';
import { now, withGithub } from './with-github.ts';

const release = { workflow: 'release.yml', ref: 'main', inputs: {} };

test('a refusal names the permission that is missing, and what to do where a job can never have it', () =>
  withGithub('variables', async ({ github, pipeline }) => {
    github.faults.push({ on: /./, status: 403, message: 'Resource not accessible by integration' });
    const said = await refused(pipeline.writeState([{ name: 'A', value: '1' }]), 'unauthorized');
    assert.equal(
      said,
      "cannot write the repository variable A: the token may not (“Resource not accessible by integration”); it needs Variables: write, which a job's own token cannot have: use a personal or App token, or --state branch",
    );
    assert.match(await refused(pipeline.pushEmptyCommit('main', 'x'), 'unauthorized'), /it needs Contents: write$/);
    assert.match(await refused(pipeline.readRun(1), 'unauthorized'), /it needs Actions: read$/);
  }));

test('a wrong token and none are told apart', () =>
  withGithub('variables', async ({ connect }) => {
    assert.match(await refused(connect('ghp_wrong').readState(['A']), 'unauthorized'), /does not accept the token/);
    assert.match(await refused(connect(undefined).pushEmptyCommit('main', 'x'), 'unauthorized'), /there is no token/);
  }));

for (const [how, fault] of [
  ['429', { status: 429, headers: { 'retry-after': '60' } }],
  ['403 with a time', { status: 403, headers: { 'retry-after': '60' } }],
  [
    '403 with nothing left',
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 60) } },
  ],
  [
    "403 in words, beside the hour's limit",
    {
      status: 403,
      message: 'You have exceeded a secondary rate limit.',
      headers: { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': String(now / 1000 + 3600) },
    },
  ],
  ['403 in words', { status: 403, message: 'You have exceeded a secondary rate limit.' }],
] as const)
  test(`a limit, as ${how}, is told with its end, and a run under it is unreadable`, () =>
    withGithub('variables', async ({ github, pipeline }) => {
      github.faults.push({ on: /./, ...fault });
      assert.match(
        await refused(pipeline.readState(['A']), 'rate-limited'),
        /run it again after 2026-11-25T08:01:00Z$/,
      );
      assert.equal(await pipeline.readRun(1), 'unreadable');
    }));

test('what reads is asked again after a 5xx, what writes is not', () =>
  withGithub('variables', async ({ github, pipeline, waits }) => {
    github.repository.variables.set('A', '1');
    github.faults.push({ on: /^GET/, status: 502, times: 2 }, { on: /^PATCH/, status: 502, times: 1 });
    assert.deepEqual([...(await pipeline.readState(['A']))], [['A', '1']]);
    assert.deepEqual(waits, [500, 2000]);
    await refused(pipeline.writeState([{ name: 'A', value: '2' }]), 'unavailable');
    assert.deepEqual(github.writes(), ['PATCH actions/variables/A']);
  }));

test('a run that cannot be read, for a 5xx that stays, is unreadable', () =>
  withGithub('variables', async ({ github, pipeline }) => {
    github.faults.push({ on: /runs/, status: 503 });
    assert.equal(await pipeline.readRun(1), 'unreadable');
    assert.equal(github.requests.length, 3);
  }));

test('a commit stays on top of what others push meanwhile, and gives up when they never stop', () =>
  withGithub('variables', async ({ github, pipeline }) => {
    const { repository } = github;
    const others = () => void repository.push('main', 'theirs', new Map([['a', 'b']]));
    github.faults.push({ on: /^PATCH git/, status: 0, times: 1, isAnswered: true, meanwhile: others });
    await pipeline.pushEmptyCommit('main', 'ours');
    assert.deepEqual(
      repository.log('main').map(({ message, files }) => [message, [...files.keys()]]),
      [
        ['ours', ['a']],
        ['theirs', ['a']],
        ['start', ['Dockerfile']],
      ],
    );
    github.faults.push({ on: /^PATCH git/, status: 0, isAnswered: true, meanwhile: others });
    await refused(pipeline.pushEmptyCommit('main', 'again'), 'conflict');
  }));

test('a protected branch is told as one', () =>
  withGithub('variables', async ({ github, pipeline }) => {
    github.faults.push({ on: /^PATCH git/, status: 422, message: 'Repository rule violations found' });
    assert.match(await refused(pipeline.pushEmptyCommit('main', 'x'), 'invalid'), /protected branch/);
  }));

test('a run that never shows up is told, after waiting longer each time', () =>
  withGithub('variables', async ({ github, pipeline, waits }) => {
    github.dialect = 'no-content';
    github.faults.push({ on: /dispatches$/, status: 204 });
    assert.match(await refused(start(pipeline, release), 'unavailable'), /cannot find the run of release\.yml/);
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 15_000]);
  }));

test('the run that was looked for is none of before', () =>
  withGithub('variables', async ({ github, pipeline }) => {
    github.dialect = 'no-content';
    const earlier = github.repository.run('release.yml', 'main', {});
    const { id } = await start(pipeline, release);
    assert.ok(id > earlier.id);
  }));

test('names stay one part of the address, whatever they are made of', () =>
  withGithub('variables', async ({ github, pipeline }) => {
    await refused(start(pipeline, { ...release, workflow: '../../other/x' }), 'not-found');
    await refused(start(pipeline, { ...release, workflow: '..' }), 'invalid');
    assert.deepEqual(github.requests, ['GET actions/workflows/../../other/x/runs']);
  }));

test('the branch of the state is an orphan with one file, and others write to it meanwhile', () =>
  withGithub('branch', async ({ github, pipeline, connect }) => {
    const { repository } = github;
    await pipeline.writeState([
      { name: 'B', value: '2' },
      { name: 'A', value: '1' },
    ]);
    const [first] = repository.log('basekeeper-state');
    assert.deepEqual(first?.parents, []);
    assert.deepEqual(
      [...(first?.files ?? [])],
      [['image-monitor.json', '{\n  "values": {\n    "A": "1",\n    "B": "2"\n  }\n}\n']],
    );
    const file = (text: string) => new Map([['image-monitor.json', text]]);
    const others = () => void repository.push('basekeeper-state', 'theirs', file('{"values":{"A":"1","C":"3"}}'));
    github.faults.push({ on: /^PUT/, status: 0, times: 1, isAnswered: true, meanwhile: others });
    await connect('ghp_good').writeState([{ name: 'A', value: '4' }]);
    assert.deepEqual(
      [...(await pipeline.readState(['A', 'B', 'C']))],
      [
        ['A', '4'],
        ['C', '3'],
      ],
    );
    github.faults.push({ on: /^PUT/, status: 409 });
    await refused(pipeline.writeState([{ name: 'A', value: '5' }]), 'conflict');
  }));

test('a state that is none is refused instead of begun anew', () =>
  withGithub('branch', async ({ github, pipeline }) => {
    github.repository.push('basekeeper-state', 'broken', new Map([['image-monitor.json', '{"values": [']]));
    assert.match(await refused(pipeline.readState(['A']), 'malformed'), /repair it, or delete the branch/);
    await refused(pipeline.writeState([{ name: 'A', value: '1' }]), 'malformed');
    assert.deepEqual(github.writes(), []);
  }));
