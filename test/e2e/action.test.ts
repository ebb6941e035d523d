import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { pinned } from '../../src/config/pinned-actions.ts';
import { makeTree, run, today } from './command.ts';
import { actionFaults, workflowFaults } from './github-files.ts';
import { admit, keeperToken, proposingOnGithub } from './proposing-on-github.ts';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'action.yml'), 'utf8');

type Step = { readonly id?: string; readonly run?: string; readonly env?: Readonly<Record<string, string>> };

type Action = {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value?: string }>>;
};

const action = parse(text) as Action & { readonly runs: { readonly using: string; readonly steps: readonly Step[] } };
const step = action.runs.steps.find(({ id }) => id === 'run');

const jobToken = 'ghs_job';

/** The folder that is published. */
let published = '';

before(async () => {
  published = await mkdtemp(join(tmpdir(), 'action-'));
  const script = join(root, 'scripts', 'action', 'build.ts');
  const { code, stderr } = await run(process.execPath, [script, published], { cwd: root });
  assert.equal(code, 0, stderr);
});

after(() => rm(published, { recursive: true }));

type Way = {
  readonly name: string;
  readonly command: () => readonly [string, ...(readonly string[])];
  readonly variables: (given: (input: string) => string) => Readonly<Record<string, string>>;
};

/** How the runner starts it at a commit of this repository, by a step, and where it is published, by itself. */
const ways: readonly Way[] = [
  {
    name: 'at a commit',
    command: () => ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? 'exit 9'],
    variables: (given) =>
      Object.fromEntries(
        Object.entries(step?.env ?? {}).map(([name, value]) => [
          name,
          given(/^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1] ?? ''),
        ]),
      ),
  },
  {
    name: 'as published',
    command: () => {
      const { runs } = parse(readFileSync(join(published, 'action.yml'), 'utf8'));
      return [process.execPath, join(published, runs.main)];
    },
    variables: (given) =>
      Object.fromEntries(Object.keys(action.inputs).map((input) => [`INPUT_${input.toUpperCase()}`, given(input)])),
  },
];

/** Runs it on a tree as the runner does. */
async function actBy(
  way: Way,
  files: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
) {
  const { path, remove } = await makeTree(
    Object.fromEntries(Object.entries(files).map(([name, body]) => [`tree/${name}`, body])),
  );
  try {
    await mkdir(`${path}/temp`);
    const given = (input: string) => {
      const value = inputs[input] ?? action.inputs[input]?.default ?? '';
      return value === '${{ github.token }}' ? jobToken : value;
    };
    const [command, ...args] = way.command();
    const ran = await run(command, args, {
      cwd: `${path}/tree`,
      env: {
        ...process.env,
        PATH: `${join(process.execPath, '..')}:${process.env['PATH']}`,
        BASEKEEPER_CATALOG: 'shipped',
        GITHUB_ACTION_PATH: root,
        GITHUB_OUTPUT: `${path}/output`,
        GITHUB_STEP_SUMMARY: `${path}/summary`,
        RUNNER_TEMP: `${path}/temp`,
        ...environment,
        ...way.variables(given),
      },
    });
    const read = (file: string) => readFile(file, 'utf8').catch(() => '');
    const lines = (await read(`${path}/output`)).trim().split('\n');
    const outputs = Object.fromEntries(lines.map((line) => line.split('=')));
    return { ...ran, outputs, summary: await read(`${path}/summary`), json: await read(outputs['json-file'] ?? '') };
  } finally {
    await remove();
  }
}

const now = `--now\n${today}`;

/** What starts a job of a pull request. */
function eventOf(head: string | null): Readonly<Record<string, string>> {
  const repo = head === null ? null : { full_name: head };
  return {
    'event.json': JSON.stringify({ pull_request: { head: { repo }, base: { repo: { full_name: 'acme/shop' } } } }),
  };
}
const good = { Dockerfile: 'FROM alpine:3.24\nUSER 1\n' };

for (const way of ways) {
  const act = actBy.bind(undefined, way);

  test(`${way.name}, check annotates, writes a summary, and tells where JSON and SARIF lie`, async () => {
    const { code, stdout, outputs, summary, json } = await act({ Dockerfile: 'FROM centos:7\n' }, { arguments: now });
    assert.equal(code, 1);
    assert.match(stdout, /^::error file=Dockerfile,line=1/m);
    assert.match(summary, /^### Base images\n/);
    assert.equal(JSON.parse(json).summary.byVerdict.fail, 1);
    assert.deepEqual(Object.keys(outputs), ['exit-code', 'json-file', 'sarif-file']);
    assert.equal(outputs['exit-code'], '1');
  });

  test(`${way.name}, a clean tree ends with 0`, async () => {
    const { code, outputs } = await act(good, { arguments: now });
    assert.deepEqual([code, outputs['exit-code']], [0, '0']);
  });

  test(`${way.name}, scan asks the Trivy of the job, and without one nothing is clean`, async () => {
    const environment = { BASEKEEPER_TRIVY: '/nowhere/trivy' };
    const { code, json } = await act(good, { arguments: now, scan: 'true' }, environment);
    assert.equal(code, 3);
    assert.match(JSON.parse(json).scans.failure, /^no program at \/nowhere\/trivy/);
    const wrong = await act(good, { command: 'update', scan: 'true' }, environment);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stdout, /scan goes with the commands check, monitor and settle, and with propose/);
  });

  test(`${way.name}, update prints what could be written, as text that is no command and no markup`, async () => {
    const folder = '::error::<script>';
    const inputs = { command: 'update', arguments: `--fix\n${now}` };
    const { code, summary, stdout, outputs } = await act({ [`${folder}/Dockerfile`]: 'FROM node:20-alpine\n' }, inputs);
    assert.equal(code, 0);
    const [, end = 'none', printed = ''] = /^::stop-commands::(\S+)\n([\s\S]*)$/.exec(stdout) ?? [];
    assert.match(printed, /::error::<script>\/Dockerfile/);
    assert.ok(printed.endsWith(`\n::${end}::\n`));
    assert.match(summary, /^<pre>\n/);
    assert.match(summary, /&lt;script&gt;\/Dockerfile/);
    assert.doesNotMatch(summary, /<script>/);
    assert.equal(outputs['json-file'], undefined);
  });

  for (const [whose, token, said] of [
    ["the job's own token, and says what that does not start", '', /cannot start workflows/],
    ['the given token', keeperToken, /^((?!cannot start)[\s\S])*$/],
  ] as const)
    test(`${way.name}, update opens pull requests where propose says so, with ${whose}`, () =>
      proposingOnGithub(
        { Dockerfile: 'FROM nginx:1.28.0\n' },
        async ({ github, server, repository, path, env, push }) => {
          push('1.28.0', '1.28.1');
          const permissions = { contents: 'write', pull_requests: 'write', issues: 'write' };
          github.state.tokens.set(jobToken, { login: 'github-actions[bot]', permissions, installedFor: 'acme' });
          admit(server, token === '' ? jobToken : token);
          const inputs = {
            command: 'update',
            propose: 'true',
            token,
            path: `${path}/clone`,
            policy: `${path}/policy.yaml`,
          };
          const { GITHUB_TOKEN: _ours, ...rest } = env;
          const { code, stdout, stderr, summary, outputs } = await act({ README: '' }, inputs, {
            ...rest,
            GITHUB_ACTIONS: 'true',
          });
          assert.deepEqual([code, outputs['exit-code']], [0, '0'], stdout + stderr);
          assert.equal(repository.pulls.length, 1);
          assert.match(summary, /1 opened/);
          assert.match(summary, said);
        },
      ));

  for (const [what, files] of [
    ['of a fork', eventOf('mallory/shop')],
    ['of a repository that is gone', eventOf(null)],
    ['that nobody knows', { 'event.json': '{' }],
  ] as const)
    test(`${way.name}, verify builds nothing of a pull request ${what}`, async () => {
      const environment = { GITHUB_REF: 'refs/pull/7/merge', GITHUB_EVENT_PATH: 'event.json' };
      const { code, stdout, outputs } = await actBy(way, files, { command: 'verify' }, environment);
      assert.equal(code, 2);
      assert.match(
        stdout,
        /::error.*verify builds and runs what the pull request says, and never does so for one of a fork/,
      );
      assert.equal(outputs['exit-code'], '2');
    });

  test(`${way.name}, verify looks at one of the repository's own`, async () => {
    const environment = { GITHUB_REF: 'refs/pull/7/merge', GITHUB_EVENT_PATH: 'event.json' };
    const { code, stdout, stderr } = await actBy(way, eventOf('acme/shop'), { command: 'verify' }, environment);
    assert.equal(code, 2);
    assert.match(stdout + stderr, /not a git repository/);
  });

  test(`${way.name}, settle merges what the policy file allows`, () =>
    proposingOnGithub(
      { Dockerfile: 'FROM nginx:1.28.0\n' },
      async ({ github, repository, path, env, push, propose }) => {
        push('1.28.0', '1.28.1');
        await propose();
        repository.requiredChecks.push({ context: 'test', appId: null });
        github.runCheck('acme/shop', repository.pulls[0]?.headRevision ?? '', 'test', 'success');
        const inputs = { command: 'settle', token: keeperToken, path: `${path}/clone`, policy: `${path}/policy.yaml` };
        const { GITHUB_TOKEN: _ours, ...rest } = env;
        const { code, stdout, stderr, summary } = await act({ README: '' }, inputs, rest);
        assert.equal(code, 0, stdout + stderr);
        assert.match(summary, /1 merged/);
        assert.equal(repository.pulls[0]?.state, 'closed');
      },
      '{ labels: [], automerge: true }',
    ));

  test(`${way.name}, propose goes with update alone`, async () => {
    const { code, stdout, outputs } = await act(good, { propose: 'true' });
    assert.deepEqual([code, outputs['exit-code']], [2, '2']);
    assert.match(stdout, /^::error title=basekeeper::propose goes with the command update/);
  });

  test(`${way.name}, inputs are arguments, and never a shell`, async () => {
    const hostile = '$(touch hacked); `touch hacked` "x\'';
    const { code, stdout, outputs, stderr } = await act(good, { path: hostile });
    assert.equal(code, 2);
    assert.match(stderr, /touch hacked/);
    assert.match(stdout, /^::error title=basekeeper::check ended with exit code 2/m);
    assert.equal(outputs['exit-code'], '2');
    const other = await act(good, { command: 'init; ls' });
    assert.deepEqual([other.code, other.outputs['exit-code']], [2, '2']);
  });

  for (const [permission, sent, exitCode] of [
    ['write', 1, 1],
    ['read', 0, 3],
  ] as const)
    test(`${way.name}, findings go to code scanning where the token may ${permission} them, or it is said`, () =>
      proposingOnGithub({ Dockerfile: 'FROM centos:7\n' }, async ({ github, repository, env }) => {
        const permissions = { security_events: permission };
        github.state.tokens.set(jobToken, { login: 'github-actions[bot]', permissions, installedFor: 'acme' });
        const { GITHUB_TOKEN: _ours, ...rest } = env;
        const job = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: 'c0'.repeat(20), GITHUB_REF: 'refs/pull/1/merge' };
        const inputs = { arguments: now, 'upload-sarif': 'true' };
        const { code, stdout, outputs } = await act({ Dockerfile: 'FROM centos:7\n' }, inputs, { ...rest, ...job });
        assert.deepEqual([code, outputs['exit-code']], [exitCode, '1'], stdout);
        assert.equal(repository.analyses.length, sent);
        for (const { revision, ref, sarif } of repository.analyses) {
          assert.deepEqual([revision, ref], [job.GITHUB_SHA, job.GITHUB_REF]);
          assert.equal(
            JSON.parse(sarif).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri,
            'Dockerfile',
          );
        }
        const refusal =
          /^::error title=basekeeper::cannot send findings .* it needs the permission security_events=write/m;
        assert.equal(refusal.test(stdout), sent === 0, stdout);
      }));
}

test('what is published has the same inputs and outputs, and nothing to install', () => {
  const { runs, ...told } = parse(readFileSync(join(published, 'action.yml'), 'utf8')) as Action & { runs: object };
  const { runs: _steps, ...own } = action;
  const outputs = Object.entries(own.outputs).map(([name, { value: _value, ...output }]) => [name, output]);
  assert.deepEqual(told, { ...own, outputs: Object.fromEntries(outputs) });
  assert.deepEqual(runs, { using: 'node24', main: 'dist/action/main.js' });
  const licenses = readFileSync(join(published, 'LICENSES-OF-LIBRARIES.txt'), 'utf8');
  for (const library of Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies))
    assert.match(licenses, new RegExp(`^${library} \\d.*: \\S`, 'm'));
});

test('it fits the schema of GitHub, as it is here and as it is published', () => {
  const told = readFileSync(join(published, 'action.yml'), 'utf8');
  assert.deepEqual([...actionFaults(text), ...actionFaults(told)], []);
  assert.match(actionFaults(text.replace('using: composite', 'using: composit')).join(), /Unexpected value 'composit'/);
  assert.match(actionFaults(text.replace(/ +shell: bash\n/, '')).join(), /Required property is missing: shell/);
  assert.match(workflowFaults('on: push\njobs: { a: { runs-on: x, stepss: [] } }\n').join(), /value 'stepss'/);
});

test('its actions are pinned, its outputs come from the step, and no expression stands in a script', () => {
  const uses = [...text.matchAll(/^ +- uses: (.*)$/gm)].map(([, used = '']) => used);
  assert.deepEqual(uses, [pinned('actions/setup-node')]);
  for (const [name, { value }] of Object.entries(action.outputs))
    assert.equal(value, `\${{ steps.run.outputs.${name} }}`);
  for (const { run: script = '' } of action.runs.steps) assert.doesNotMatch(script, /\$\{\{/);
});
