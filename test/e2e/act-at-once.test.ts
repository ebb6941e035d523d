import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ActResult } from '../../src/flows/act/act-result.ts';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import type { PatchJson } from '../../src/render/patching/json.ts';
import { type TrivyState, writeTrivyProgram } from '../fakes/trivy-program/trivy-program.ts';
import { basekeeper } from './command.ts';
import { type OnGithub, proposingOnGithub } from './proposing-on-github.ts';
import { pushScanned, scanNow } from './scanned.ts';

const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

type Acting = OnGithub & {
  pushImage(target: string, image: 'old' | 'new'): void;
  /** @returns what the cycle did at once, with its exit code */
  look(...args: readonly string[]): Promise<{ readonly code: number | null; readonly acted: ActResult | undefined }>;
  /** What `deadlines` says of the CRITICAL finding: whose turn it is, and what to do. */
  said(): Promise<string>;
  passHours(hours: number): void;
  /** `rebuild-asked` and the like, of the audit chain. */
  recorded(): Promise<readonly string[]>;
  readonly monitorArgs: () => readonly string[];
  readonly monitorEnv: Readonly<Record<string, string>>;
};

function acting(fact: string, files: Readonly<Record<string, string>>, use: (world: Acting) => Promise<void>): void {
  test(fact, () =>
    proposingOnGithub(files, async (world) => {
      const { hub, path, github } = world;
      github.state.now = Date.parse(scanNow);
      const home = join(path, 'trivy-program');
      const env = { ...world.env, BASEKEEPER_TRIVY: join(home, 'trivy') };
      const given = () => ['--policy', 'policy.yaml', '--now', new Date(github.state.now).toISOString()];
      const monitorArgs = () => {
        const state: TrivyState = {
          version: '0.68.2',
          updatedAt: `${new Date(github.state.now).toISOString().slice(0, 10)}T00:00:00Z`,
        };
        writeTrivyProgram(home, state);
        return ['monitor', '--scan', '--json', '--fleet', 'fleet.yaml', ...given()];
      };
      await use({
        ...world,
        ...{ monitorArgs, monitorEnv: env },
        pushImage(target, image) {
          const [repository = '', tag = ''] = target.split(':');
          pushScanned(hub, path, { repository: `library/${repository}`, tag }, image);
        },
        async look(...args) {
          // What one run writes down it takes the time of its end for, which the next one begins after.
          github.state.now += 600_000;
          const { code, stdout, stderr } = await basekeeper([...monitorArgs(), ...args], { cwd: path, env });
          assert.match(stdout, /^\{/, stderr);
          return { code, acted: (JSON.parse(stdout) as MonitorResult).acted };
        },
        async said() {
          github.state.now += 600_000;
          const { stdout } = await basekeeper(['deadlines', ...given()], { cwd: path, env });
          return stdout.replace(/\s+/g, ' ');
        },
        passHours(hours) {
          github.state.now += hours * 3_600_000;
        },
        async recorded() {
          const { stdout } = await basekeeper(['audit', 'export'], { cwd: path, env });
          return [...stdout.matchAll(/"id":"CVE-2026-0001".*?"kind":"(rebuild-[a-z]+)"/g)].map(([, kind = '']) => kind);
        },
      });
    }),
  );
}

const release = 'version: 1\ndeadlines: { rebuild: { workflow: release.yml, inputs: { force: true } } }\n';
const movable = { Dockerfile: 'FROM debian:12-slim\n', 'basekeeper.yaml': release };

acting(
  'the run that sees a patched base opens the update of its CRITICAL finding, and no other',
  {
    ...{ Dockerfile: 'FROM nginx:1.28.0\n', 'other/Dockerfile': 'FROM httpd:2.4.1\n' },
    // It is a Wednesday.
    'basekeeper.yaml': 'version: 1\nupdate: { window: { days: [sun] } }\n',
  },
  async ({ pushImage, look, said, branches, github, passHours }) => {
    pushImage('nginx:1.28.0', 'old');
    pushImage('httpd:2.4.1', 'new');
    pushImage('httpd:2.4.2', 'new');
    assert.deepEqual(await look('--act'), { code: 0, acted: { repositories: [], unproven: [] } });

    passHours(1);
    pushImage('nginx:1.28.1', 'new');
    // Neither without the flag nor in a dry run is anything written there.
    assert.equal((await look()).acted, undefined);
    const dry = await look('--act', '--dry-run');
    assert.deepEqual(
      dry.acted?.repositories[0]?.proposals.map(({ action, url }) => [action, url]),
      [['open', undefined]],
    );
    assert.deepEqual(branches(), []);

    const { code, acted } = await look('--act');
    assert.equal(code, 0);
    const [one] = acted?.repositories ?? [];
    assert.deepEqual(one?.images, ['docker.io/library/nginx']);
    assert.deepEqual(
      one.proposals.map(({ action, to }) => [action, to]),
      [['open', 'docker.io/library/nginx:1.28.1']],
    );
    assert.match(one.proposals[0]?.url ?? '', /\/acme\/shop\/pull\/1$/);
    assert.equal(github.repository('acme/shop').pulls.length, 1);

    passHours(1);
    assert.deepEqual((await look('--act')).acted?.repositories, []);
    assert.match(await said(), /ours: proposal open #1/);
  },
);

acting(
  'a tag that moved is told of with what to write, until the policy names what to start',
  { Dockerfile: 'FROM debian:12-slim\n' },
  async (world) => {
    const { pushImage, look, said, github, passHours, commit, repository } = world;
    repository.workflows.add('release.yml');
    pushImage('debian:12-slim', 'old');
    await look('--act');
    passHours(1);
    pushImage('debian:12-slim', 'new');
    const { code, acted } = await look('--act');
    assert.equal(code, 0);
    assert.equal(acted?.repositories[0]?.rebuild?.outcome, 'unnamed');
    assert.match(await said(), /start the release workflow: .*deadlines: \{ rebuild: \{ workflow: release\.yml \} \}/);
    assert.deepEqual(github.repository('acme/shop').workflowRuns, []);

    commit({ 'basekeeper.yaml': release });
    passHours(1);
    assert.equal((await look('--act')).acted?.repositories[0]?.rebuild?.outcome, 'asked');
  },
);

acting(
  'a tag that moved has one rebuild asked for, whatever comes after, and reports tell when',
  movable,
  async (world) => {
    const { pushImage, look, said, recorded, path, monitorEnv, repository, passHours, github } = world;
    repository.workflows.add('release.yml');
    pushImage('debian:12-slim', 'old');
    await look('--act');
    passHours(1);
    pushImage('debian:12-slim', 'new');
    await look();
    assert.deepEqual((await look('--act', '--dry-run')).acted?.repositories[0]?.rebuild?.outcome, 'planned');
    assert.equal(repository.workflowRuns.length, 0);

    const { code, acted } = await look('--act');
    assert.equal(code, 0);
    const [run] = repository.workflowRuns;
    assert.deepEqual([run?.ref, run?.inputs], ['main', { force: 'true' }]);
    const { outcome, url = '' } = acted?.repositories[0]?.rebuild ?? {};
    assert.deepEqual([outcome, url.endsWith(`/actions/runs/${run?.id}`)], ['asked', true]);
    assert.deepEqual(await recorded(), ['rebuild-intended', 'rebuild-asked']);

    for (const hours of [1, 24]) {
      passHours(hours);
      assert.deepEqual((await look('--act')).acted?.repositories, []);
    }
    assert.equal(repository.workflowRuns.length, 1);
    const told = await said();
    assert.match(told, /rebuild asked for since 2026-11-25 09:\d\d \(/);
    assert.ok(told.includes(`(${url})`), told);
    const now = ['--policy', 'policy.yaml', '--now', new Date(github.state.now).toISOString()];
    const reported = await basekeeper(['report', '--format', 'json', ...now], { cwd: path, env: monitorEnv });
    const life = (JSON.parse(reported.stdout) as PatchJson).episodes.find(({ id }) => id === 'CVE-2026-0001');
    assert.match(life?.milestones.rebuildAskedAt ?? '', /^2026-11-25T09:/);
  },
);

acting(
  'a monitor that is killed before it knows what came of it finds the run, and starts no second',
  movable,
  async (world) => {
    const { pushImage, look, recorded, path, monitorArgs, monitorEnv, repository, passHours, github } = world;
    repository.workflows.add('release.yml');
    pushImage('debian:12-slim', 'old');
    await look('--act');
    passHours(1);
    pushImage('debian:12-slim', 'new');
    github.silentPath = /\/dispatches$/;
    const args = [main, ...monitorArgs(), '--act'];
    const child = spawn(process.execPath, args, { cwd: path, env: { ...process.env, ...monitorEnv }, stdio: 'ignore' });
    await github.hanging;
    child.kill('SIGKILL');
    await once(child, 'close');
    github.silentPath = undefined;
    assert.deepEqual(await recorded(), ['rebuild-intended']);

    passHours(1);
    const { acted } = await look('--act');
    assert.equal(acted?.repositories[0]?.rebuild?.outcome, 'found');
    assert.equal(repository.workflowRuns.length, 1);
    assert.deepEqual(await recorded(), ['rebuild-intended', 'rebuild-asked']);
  },
);

for (const [status, headers, body, reason] of [
  [403, {}, '{"message":"Resource not accessible by integration"}', /the token may not/],
  [429, { 'retry-after': '3600' }, '{}', /limit/],
  [500, {}, '{}', /answers 500/],
] as const)
  acting(`a forge that answers ${status} is told of, and asked again by the next cycle`, movable, async (world) => {
    const { pushImage, look, repository, passHours, github, recorded } = world;
    repository.workflows.add('release.yml');
    pushImage('debian:12-slim', 'old');
    await look('--act');
    passHours(1);
    pushImage('debian:12-slim', 'new');
    github.fault = { times: 1, method: 'POST', status, headers, body };
    const refused = await look('--act');
    assert.equal(refused.code, 3);
    assert.equal(refused.acted?.repositories[0]?.rebuild?.outcome, 'refused');
    assert.match(refused.acted.repositories[0].rebuild.reason ?? '', reason);
    assert.equal(repository.workflowRuns.length, 0);
    passHours(2);
    assert.equal((await look('--act')).acted?.repositories[0]?.rebuild?.outcome, 'asked');
    assert.equal(repository.workflowRuns.length, 1);
    assert.deepEqual(await recorded(), ['rebuild-intended', 'rebuild-intended', 'rebuild-asked']);
  });

test('--act without --scan is wrong usage', async () => {
  const { code, stderr } = await basekeeper(['monitor', '--act', '.']);
  assert.equal(code, 2);
  assert.match(stderr, /--act goes with --scan/);
});
