import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { pinned } from '../../src/config/pinned-actions.ts';
import { makeTree, run, today } from './command.ts';
import { admit, keeperToken, proposingOnGithub } from './proposing-on-github.ts';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'action.yml'), 'utf8');

type Step = { readonly id?: string; readonly run?: string; readonly env?: Readonly<Record<string, string>> };

const action = parse(text) as {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
};
const step = action.runs.steps.find(({ id }) => id === 'run');

const jobToken = 'ghs_job';

/** Runs the step on a tree as the runner does. */
async function act(
  files: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
) {
  const { path, remove } = await makeTree(
    Object.fromEntries(Object.entries(files).map(([name, body]) => [`tree/${name}`, body])),
  );
  try {
    await mkdir(`${path}/temp`);
    const values = Object.entries(step?.env ?? {}).map(([name, value]) => {
      if (value === '${{ github.token }}') return [name, jobToken];
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1] ?? '';
      return [name, inputs[input] ?? action.inputs[input]?.default ?? ''];
    });
    const ran = await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? 'exit 9'], {
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
        ...Object.fromEntries(values),
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
const good = { Dockerfile: 'FROM alpine:3.24\nUSER 1\n' };

test('check annotates, writes a summary, and tells where JSON and SARIF lie', async () => {
  const { code, stdout, outputs, summary, json } = await act({ Dockerfile: 'FROM centos:7\n' }, { arguments: now });
  assert.equal(code, 1);
  assert.match(stdout, /^::error file=Dockerfile,line=1/m);
  assert.match(summary, /^### Base images\n/);
  assert.equal(JSON.parse(json).summary.byVerdict.fail, 1);
  assert.deepEqual(Object.keys(outputs), ['exit-code', 'json-file', 'sarif-file']);
  assert.equal(outputs['exit-code'], '1');
});

test('a clean tree ends with 0', async () => {
  const { code, outputs } = await act(good, { arguments: now });
  assert.deepEqual([code, outputs['exit-code']], [0, '0']);
});

test('update prints what could be written, as text that is no command and no markup', async () => {
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
  test(`update opens pull requests where propose says so, with ${whose}`, () =>
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

test('propose goes with update alone', async () => {
  const { code, stdout, outputs } = await act(good, { propose: 'true' });
  assert.deepEqual([code, outputs['exit-code']], [2, '2']);
  assert.match(stdout, /^::error title=basekeeper::propose goes with the command update/);
});

test('inputs are arguments, and never a shell', async () => {
  const hostile = '$(touch hacked); `touch hacked` "x\'';
  const { code, stdout, outputs, stderr } = await act(good, { path: hostile });
  assert.equal(code, 2);
  assert.match(stderr, /touch hacked/);
  assert.match(stdout, /^::error title=basekeeper::check ended with exit code 2/m);
  assert.equal(outputs['exit-code'], '2');
  const other = await act(good, { command: 'init; ls' });
  assert.deepEqual([other.code, other.outputs['exit-code']], [2, '2']);
});

test('its actions are pinned, its outputs come from the step, and no expression stands in a script', () => {
  const uses = [...text.matchAll(/^ +- uses: (.*)$/gm)].map(([, used = '']) => used);
  assert.deepEqual(uses, [pinned('actions/setup-node'), pinned('github/codeql-action/upload-sarif')]);
  for (const [name, { value }] of Object.entries(action.outputs))
    assert.equal(value, `\${{ steps.run.outputs.${name} }}`);
  for (const { run: script = '' } of action.runs.steps) assert.doesNotMatch(script, /\$\{\{/);
});
