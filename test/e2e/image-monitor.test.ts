import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basekeeper, today } from './command.ts';
import { imageMonitored, type Monitored, nodeList } from './image-monitored.ts';
import { askedOf } from './monitored.ts';

const target = { 'target-workflow': 'release.yml' };
const states = ['variables', 'branch'] as const;

/** A row of the state machine, with the state in either place. */
function row(name: string, use: (monitored: Row) => Promise<void>): void {
  for (const state of states)
    test(`${name} (state: ${state})`, () =>
      imageMonitored((monitored) => {
        const { github, run } = monitored;
        return use({
          ...monitored,
          run: (inputs = {}, env = {}) => run({ state, ...inputs }, env),
          kept: () =>
            state === 'variables' ? Object.fromEntries(github.repository.variables) : keptInBranch(monitored),
          keep(name, value) {
            if (state === 'variables') github.repository.variables.set(name, value);
            else {
              const text = JSON.stringify({ values: { ...keptInBranch(monitored), [name]: value } });
              github.repository.push('basekeeper-state', 'by hand', new Map([['image-monitor.json', text]]));
            }
          },
        });
      }));
}

type Row = Monitored & {
  /** What is kept, by name. */
  kept(): Readonly<Record<string, string>>;
  keep(name: string, value: string): void;
};

function keptInBranch({ github: { repository } }: Monitored): Readonly<Record<string, string>> {
  if (!repository.branches.has('basekeeper-state')) return {};
  return JSON.parse(repository.log('basekeeper-state')[0]?.files.get('image-monitor.json') ?? '{}').values;
}

const commitsOf = ({ github }: Monitored) => github.repository.log('main').length - 1;
const names = (outputs: Readonly<Record<string, string>>, name: string) =>
  JSON.parse(outputs[name] ?? 'null') as unknown;
const record = (digest: string, run_id: unknown, attempts = 1) =>
  JSON.stringify({ digest, run_id, run_url: 'https://github.com/acme/shop/actions/runs/1', attempts });

/** The first run, after which a run is recorded as pending. */
async function started(monitored: Row): Promise<{ readonly digest: string; readonly id: number }> {
  const digest = monitored.pushNode('one');
  const { code, stderr } = await monitored.run(target);
  assert.equal(code, 0, stderr);
  const run = monitored.github.repository.runs[0];
  assert.ok(run !== undefined);
  return { digest, id: run.id };
}

function end({ github }: Monitored, conclusion: string): void {
  Object.assign(github.repository.runs.at(-1) ?? {}, { status: 'completed', conclusion });
}

row('digest unchanged: nothing; the pending record is not even read', async (monitored) => {
  const { run, keep, kept, github, hub } = monitored;
  keep('NODE_DIGEST', monitored.pushNode('one'));
  keep('NODE_DIGEST_PENDING', 'nonsense');
  const before = kept();
  github.requests.length = 0;
  const { code, outputs, stdout } = await run(target);
  assert.equal(code, 0);
  assert.equal(outputs['updates-found'], 'false');
  assert.equal(outputs['triggered'], 'false');
  assert.match(stdout, /^1 of 1 image verified: none has moved\.$/m);
  assert.deepEqual(kept(), before);
  assert.equal(github.requests.length, 1);
  assert.equal(askedOf(hub), 'head 1, ping 1');
});

row('new digest: commit + dispatch; run recorded as pending; digest not stored yet', async (monitored) => {
  const { digest, id } = await started(monitored);
  const { github, kept } = monitored;
  assert.equal(commitsOf(monitored), 1);
  assert.deepEqual(Object.keys(kept()), ['NODE_DIGEST_PENDING']);
  assert.deepEqual(JSON.parse(kept()['NODE_DIGEST_PENDING'] ?? ''), {
    digest,
    run_id: id,
    run_url: `${github.origin}/acme/shop/actions/runs/${id}`,
    attempts: 1,
  });
});

row('recorded run still running: wait; dispatch nothing; report as pending', async (monitored) => {
  await started(monitored);
  const before = monitored.kept();
  const { code, outputs } = await monitored.run(target);
  assert.equal(code, 0);
  assert.deepEqual(names(outputs, 'pending-images'), ['node']);
  assert.equal(outputs['updates-found'], 'false');
  assert.deepEqual([monitored.github.repository.runs.length, commitsOf(monitored)], [1, 1]);
  assert.deepEqual(monitored.kept(), before);
});

row('status of the recorded run unreadable (5xx): wait, state unknown', async (monitored) => {
  await started(monitored);
  monitored.github.faults.push({ on: /^GET actions\/runs/, status: 503 });
  const { code, outputs, stdout } = await monitored.run(target);
  assert.equal(code, 0);
  assert.deepEqual(names(outputs, 'pending-images'), ['node']);
  assert.match(stdout, /cannot be told now/);
  assert.equal(monitored.github.repository.runs.length, 1);
});

row('recorded run succeeded: store the digest, remove the record', async (monitored) => {
  const { digest } = await started(monitored);
  end(monitored, 'success');
  const { code, outputs } = await monitored.run(target);
  assert.equal(code, 0);
  assert.equal(outputs['updates-found'], 'false');
  assert.deepEqual(monitored.kept(), { NODE_DIGEST: digest });
  assert.deepEqual([monitored.github.repository.runs.length, commitsOf(monitored)], [1, 1]);
});

for (const conclusion of ['failure', 'cancelled', 'deleted'])
  row(
    `recorded run ended in ${conclusion}: dispatch again, no new commit; counted as an attempt`,
    async (monitored) => {
      await started(monitored);
      if (conclusion === 'deleted') monitored.github.repository.runs.pop();
      else end(monitored, conclusion);
      const { code, outputs } = await monitored.run(target);
      assert.equal(code, 0);
      assert.deepEqual(names(outputs, 'retried-images'), ['node']);
      assert.deepEqual(names(outputs, 'new-images'), []);
      assert.deepEqual(names(outputs, 'updated-images'), ['node']);
      assert.equal(commitsOf(monitored), 1);
      const { attempts, run_id } = JSON.parse(monitored.kept()['NODE_DIGEST_PENDING'] ?? '');
      assert.deepEqual([attempts, String(run_id)], [2, outputs['dispatched-run-id']]);
    },
  );

row('attempts used up: no more dispatch; image listed as exhausted; the job fails', async (monitored) => {
  await started(monitored);
  for (const _ of [2, 3]) {
    end(monitored, 'failure');
    assert.equal((await monitored.run(target)).code, 0);
  }
  end(monitored, 'failure');
  const { code, outputs, stderr } = await monitored.run(target);
  assert.equal(code, 1);
  assert.deepEqual(names(outputs, 'exhausted-images'), ['node']);
  assert.equal(monitored.github.repository.runs.length, 3);
  assert.match(stderr, /^::error title=basekeeper::node:24-alpine: 3 runs for sha256:\w+ did not succeed/m);
  // 0: no limit
  assert.equal((await monitored.run({ ...target, 'max-release-attempts': '0' })).code, 0);
  assert.equal(monitored.github.repository.runs.length, 4);
});

row("record is for an older digest than today's: a new update; the old run is not read", async (monitored) => {
  await started(monitored);
  const digest = monitored.pushNode('two');
  monitored.github.requests.length = 0;
  const { code, outputs } = await monitored.run(target);
  assert.equal(code, 0);
  assert.deepEqual(names(outputs, 'new-digests'), { node: digest });
  assert.equal(commitsOf(monitored), 2);
  assert.equal(JSON.parse(monitored.kept()['NODE_DIGEST_PENDING'] ?? '').digest, digest);
  assert.ok(monitored.github.requests.every((asked) => !asked.startsWith('GET actions/runs/')));
});

for (const [what, text] of [
  ['not JSON', () => '{"digest'],
  ['its run id not a number', (digest: string) => record(digest, '../../../user')],
] as const)
  row(`record is ${what}: no record; the text never reaches a URL`, async (monitored) => {
    monitored.keep('NODE_DIGEST_PENDING', text(monitored.pushNode('one')));
    const { code, outputs } = await monitored.run(target);
    assert.equal(code, 0);
    assert.deepEqual(names(outputs, 'new-images'), ['node']);
    assert.ok(
      monitored.github.requests.every((asked) => !/runs\/|user/.test(asked)),
      monitored.github.requests.join('\n'),
    );
  });

row('no target workflow: digest stored right after the commit was pushed', async (monitored) => {
  const digest = monitored.pushNode('one');
  const { code, outputs, stdout } = await monitored.run();
  assert.equal(code, 0);
  assert.deepEqual(monitored.kept(), { NODE_DIGEST: digest });
  const [commit, before] = monitored.github.repository.log('main');
  assert.equal(commit?.message, `chore(deps): rebuild for node:24-alpine\n\nnode:24-alpine is now ${digest}\n`);
  assert.equal(commit?.tree, before?.tree);
  assert.equal(outputs['commit-sha'], monitored.github.repository.branches.get('main'));
  assert.equal(outputs['triggered'], 'true');
  assert.match(stdout, /seen for the first time/);
});

row('a later step failed: nothing is stored, for state is written last', async (monitored) => {
  const { github, kept } = monitored;
  monitored.pushNode('one');
  github.faults.push({ on: /dispatches$/, status: 500, times: 1 });
  const { code, outputs, stderr, summary } = await monitored.run(target);
  assert.equal(code, 3);
  assert.deepEqual(kept(), {});
  assert.equal(outputs['commit-sha'], github.repository.branches.get('main'));
  assert.equal(outputs['dispatched-run-id'], '');
  assert.match(
    stderr,
    /^::error title=basekeeper::cannot start the workflow release\.yml on main: GitHub answers 500/m,
  );
  assert.match(summary, /Not finished/);
});

row('dry run: reports everything, writes nothing', async (monitored) => {
  monitored.keep('NODE_DIGEST', `sha256:${'0'.repeat(64)}`);
  const digest = monitored.pushNode('one');
  const before = monitored.kept();
  const { code, outputs, stdout } = await monitored.run({ ...target, 'dry-run': 'true' });
  assert.equal(code, 0);
  assert.deepEqual(names(outputs, 'new-digests'), { node: digest });
  assert.equal(outputs['triggered'], 'false');
  assert.match(stdout, /Dry run: nothing was written/);
  assert.deepEqual(monitored.github.writes(), []);
  assert.deepEqual(monitored.kept(), before);
});

row('an image that cannot be read is never verified, and fails the job unless it may not', async (monitored) => {
  const list = JSON.stringify([
    ...JSON.parse(nodeList),
    { name: 'gone', image: 'acme/gone', tag: '1', variable: 'GONE' },
  ]);
  monitored.pushNode('one');
  const { code, outputs, stdout, stderr, summary } = await monitored.run({ images: list });
  assert.equal(code, 3);
  assert.match(stderr, /^::error title=basekeeper::acme\/gone:1 was not verified: /m);
  assert.match(stdout, /^1 of 2 images verified: 1 moved\.$/m);
  assert.match(summary, /1 of 2 images verified/);
  assert.deepEqual(names(outputs, 'unreachable-images'), ['acme/gone:1']);
  assert.deepEqual([outputs['images-configured'], outputs['images-checked']], ['2', '1']);
  const lenient = await monitored.run({ images: list, 'fail-on-unreachable-image': 'false' });
  assert.equal(lenient.code, 0);
  assert.match(lenient.stderr, /^::error /m);
  assert.doesNotMatch(lenient.stdout + lenient.summary, /up to date/);
});

row('an index that moved by attestations alone is kept, and starts nothing', async (monitored) => {
  monitored.keep('NODE_DIGEST', monitored.pushNode('one'));
  const digest = monitored.pushNode('one', { attestations: 'others' });
  const { code, outputs, stdout } = await monitored.run(target);
  assert.equal(code, 0);
  assert.equal(outputs['updates-found'], 'false');
  assert.match(stdout, /^same-content /m);
  assert.deepEqual(monitored.kept(), { NODE_DIGEST: digest });
  assert.deepEqual([monitored.github.repository.runs.length, commitsOf(monitored)], [0, 0]);
});

test('a workflow that is not there costs no commit', () =>
  imageMonitored(async ({ pushNode, run, github }) => {
    pushNode('one');
    const { code, stderr } = await run({ 'target-workflow': 'relase.yml' });
    assert.equal(code, 3);
    assert.match(stderr, /cannot list the runs of the workflow relase\.yml on main: there is none/);
    assert.deepEqual(github.writes(), []);
  }));

for (const state of states)
  test(`a token that may read the state and not write it costs neither a commit nor a run (state: ${state})`, () =>
    imageMonitored(async ({ pushNode, run, github }) => {
      pushNode('one');
      const on =
        state === 'variables' ? /^(?:DELETE|PATCH|POST) actions\/variables/ : /^(?:PUT contents|POST git\/refs)/;
      github.faults.push({ on, status: 403, message: 'Resource not accessible by personal access token' });
      const { code, stderr } = await run({ ...target, state });
      assert.equal(code, 3);
      assert.match(stderr, /^::error .*it needs (?:Variables|Contents): write/m);
      assert.deepEqual([github.repository.log('main').length, github.repository.runs.length], [1, 0]);
    }));

test('as options, and as JSON alone on the standard output', () =>
  imageMonitored(async ({ pushNode, env, path }) => {
    const digest = pushNode('one');
    const args = ['image-monitor', '--images', nodeList, '--state', 'branch', '--dry-run', '--json', '--now', today];
    const { code, stdout, stderr } = await basekeeper(args, { cwd: path, env });
    assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual(JSON.parse(stdout), {
      schemaVersion: 1,
      now: `${today}T00:00:00.000Z`,
      isDryRun: true,
      images: [
        {
          name: 'node',
          variable: 'NODE_DIGEST',
          reference: 'node:24-alpine',
          outcome: { state: 'updated', digest },
        },
      ],
      verified: { count: 1, of: 1 },
    });
  }));

test('every output is set, whatever happened, and none else', () =>
  imageMonitored(async ({ pushNode, run }) => {
    pushNode('one');
    const { outputs } = await run();
    assert.deepEqual(Object.keys(outputs).sort(), [
      'commit-sha',
      'dispatched-run-id',
      'dispatched-run-url',
      'exhausted-images',
      'images-checked',
      'images-configured',
      'new-digests',
      'new-images',
      'pending-images',
      'retried-images',
      'triggered',
      'unreachable-images',
      'updated-images',
      'updates-found',
    ]);
  }));

test('inputs of the workflow that is started are texts, and its ref is as asked', () =>
  imageMonitored(async ({ pushNode, run, github }) => {
    pushNode('one');
    github.repository.push('next', 'begin');
    const more = { 'target-workflow-ref': 'next', 'target-workflow-inputs': '{"force": true, "why": "base"}' };
    const { code } = await run({ ...target, ...more, 'commit-and-release': 'false' });
    assert.equal(code, 0);
    assert.partialDeepStrictEqual(github.repository.runs, [{ ref: 'next', inputs: { force: 'true', why: 'base' } }]);
    assert.equal(github.repository.log('main').length, 1);
  }));

test('images are found in the Dockerfiles, and those that are listed keep their names', () =>
  imageMonitored(
    async ({ hub, pushNode, run, github }) => {
      pushNode('one');
      hub.content.push({ repository: 'library/golang', tag: '1.27', platforms: ['linux/amd64'] });
      const { code, stdout, stderr } = await run({ discover: 'true', state: 'variables' });
      assert.equal(code, 0, stderr + stdout);
      assert.deepEqual([...github.repository.variables.keys()].sort(), ['GOLANG_1_27_DIGEST', 'NODE_DIGEST']);
      assert.match(stdout, /^2 of 2 images verified: 2 moved\.$/m);
      assert.match(stdout, /^Not monitored: 1 image use whose build arguments are not known/m);
    },
    {
      Dockerfile: `FROM golang:1.27 AS build\nFROM node:24-alpine\nCOPY --from=build /a /a\n`,
      'pinned/Dockerfile': `FROM debian:13@sha256:${'a'.repeat(64)}\n`,
      'open/Dockerfile': 'ARG BASE\nFROM $BASE\n',
    },
  ));

test('a list in a file, with a prefix that wins over the input', () =>
  imageMonitored(
    async ({ pushNode, run, github }) => {
      pushNode('one');
      const inputs = { images: '', 'config-file': '.github/images.json', 'commit-prefix': 'build' };
      assert.equal((await run(inputs)).code, 0);
      assert.match(github.repository.log('main')[0]?.message ?? '', /^fix\(docker\): rebuild/);
    },
    { '.github/images.json': `{"images": ${nodeList}, "settings": {"commit-prefix": "fix(docker)"}}` },
  ));

for (const [what, inputs, expected] of [
  ['both kinds of list', { 'config-file': 'a.json' }, /images and config-file exclude each other/],
  ['no list', { images: '' }, /no image is named: write images/],
  ['a file that is not there', { images: '', 'config-file': 'a.json' }, /config-file a\.json does not exist/],
  ['a list with mistakes', { images: '[{"name":"a"}]' }, /images:1: images\.0\.image must be an image without its tag/],
  ['a flag that is none', { 'dry-run': 'yes' }, /dry-run "yes" is neither true nor false/],
  ['a workflow elsewhere', { 'target-workflow': '../x.yml' }, /is no workflow: write its file's name/],
  ['inputs that are no object', { ...target, 'target-workflow-inputs': '["a"]' }, /is no JSON object/],
  ['attempts below zero', { 'max-release-attempts': '-1' }, /no whole number/],
  ['an unknown place for the state', { state: 'here' }, /write variables or branch/],
] as const)
  test(`${what} is refused with what to write, and nothing is asked`, () =>
    imageMonitored(async ({ run, github, hub }) => {
      const { code, stderr } = await run(inputs);
      assert.equal(code, 2);
      assert.match(stderr, expected);
      assert.match(stderr, /^::error title=basekeeper::/m);
      assert.deepEqual([github.requests, askedOf(hub)], [[], '']);
    }));

test('a token that may not read variables ends the run before anything is done', () =>
  imageMonitored(async ({ pushNode, run, github }) => {
    pushNode('one');
    github.faults.push({ on: /variables/, status: 403, message: 'Resource not accessible by integration' });
    const { code, stderr } = await run(target);
    assert.equal(code, 3);
    assert.match(stderr, /it needs Variables: read, which a job's own token cannot have.*nothing was done/);
    assert.deepEqual(github.writes(), []);
  }));

test('a pull request has no branch to commit to', () =>
  imageMonitored(async ({ pushNode, run }) => {
    pushNode('one');
    const { code, stderr } = await run({}, { GITHUB_REF: 'refs/pull/7/merge' });
    assert.equal(code, 2);
    assert.match(stderr, /the job runs on no branch to commit to/);
  }));

test('hostile words of a forge reach neither the annotations nor the summary as commands', () =>
  imageMonitored(async ({ pushNode, run, github }) => {
    pushNode('one');
    github.faults.push({ on: /^PATCH git/, status: 422, message: 'fast forward' });
    github.faults.push({ on: /^POST git/, status: 403, message: '\n::set-output name=x::y\n<script>@all [a](b)' });
    const { stderr, summary } = await run();
    assert.doesNotMatch(stderr, /^::set-output/m);
    assert.doesNotMatch(summary, /<script>|@all|\[a\]\(b\)/);
  }));
