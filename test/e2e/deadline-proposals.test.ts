import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DeadlinesResult } from '../../src/flows/deadlines/list-deadlines.ts';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import type { PatchJson } from '../../src/render/patching/json.ts';
import { git } from '../fakes/git-server.ts';
import { writeTrivyProgram } from '../fakes/trivy-program/trivy-program.ts';
import { basekeeper } from './command.ts';
import { type OnGithub, proposingOnGithub } from './proposing-on-github.ts';
import { pushScanned, scanNow } from './scanned.ts';

type Following = OnGithub & {
  monitor(env?: Readonly<Record<string, string>>): Promise<NonNullable<MonitorResult['deadlines']>>;
  /** What is said under the row of the CRITICAL finding, which is the first. */
  said(): Promise<string>;
};

/** `nginx:1.28.0` has CVE-2026-0001, `1.28.1` has not. */
function following(fact: string, use: (world: Following) => Promise<void>): void {
  test(fact, () =>
    proposingOnGithub({ Dockerfile: 'FROM nginx:1.28.0\n' }, async (world) => {
      const { hub, path, github } = world;
      github.state.now = Date.parse(scanNow);
      pushScanned(hub, path, { repository: 'library/nginx', tag: '1.28.0' }, 'old');
      pushScanned(hub, path, { repository: 'library/nginx', tag: '1.28.1' }, 'new');
      const home = join(path, 'trivy-program');
      const env = { ...world.env, BASEKEEPER_TRIVY: join(home, 'trivy') };
      const given = (laterMs = 0) => [
        ...['--fleet', 'fleet.yaml', '--policy', 'policy.yaml'],
        ...['--now', new Date(github.state.now + laterMs).toISOString()],
      ];
      await use({
        ...world,
        async monitor(more = {}) {
          const updatedAt = `${new Date(github.state.now).toISOString().slice(0, 10)}T00:00:00Z`;
          writeTrivyProgram(home, { version: '0.68.2', updatedAt });
          const run = await basekeeper(['monitor', '--scan', '--json', ...given()], {
            cwd: path,
            env: { ...env, ...more },
          });
          assert.equal(run.code, 0, run.stderr + run.stdout);
          const { deadlines } = JSON.parse(run.stdout) as MonitorResult;
          return deadlines ?? assert.fail();
        },
        async said() {
          const { stdout } = await basekeeper(['deadlines', ...given(3_600_000)], { cwd: path, env });
          return stdout.split('\n')[2]?.trim() ?? '';
        },
      });
    }),
  );
}

following(
  'a proposal is followed from its opening over red checks to its merge, as the forge tells it',
  async (world) => {
    const { github, repository, path, env, monitor, said, propose, passDays } = world;
    assert.deepEqual((await monitor()).unasked, []);
    assert.match(await said(), /^ours: a patched base is there since 2026-11-25, nothing proposes it/);
    assert.equal((await propose()).code, 0);
    await monitor();
    assert.match(await said(), /^ours: proposal open #1 since 2026-11-25, not merged/);

    const pull = github.pull('acme/shop', 1);
    const head = git(repository.folder, 'rev-parse', pull.branch);
    github.runCheck('acme/shop', head, 'test', 'failure');
    passDays(1);
    await monitor();
    assert.match(await said(), /^ours: proposal open #1 since 2026-11-25, checks red: test/);
    const now = ['--now', new Date(github.state.now + 3_600_000).toISOString(), '--policy', 'policy.yaml'];
    const listed = await basekeeper(['deadlines', '--json', ...now], { cwd: path, env });
    const [first] = (JSON.parse(listed.stdout) as DeadlinesResult).episodes;
    assert.deepEqual(
      [first?.delay, first?.proposal?.id, first?.proposal?.failedChecks],
      [{ reason: 'proposal-open', whose: 'ours' }, '1', ['test']],
    );

    github.runCheck('acme/shop', head, 'test', 'success');
    await monitor();
    assert.match(await said(), /^ours: proposal open #1 since 2026-11-25, checks green, not merged/);
    const mergedAt = new Date(github.state.now);
    github.merge('acme/shop', 1);
    passDays(1);
    assert.equal((await monitor()).merged, 2);
    assert.match(await said(), /^ours: mended on the branch since 2026-11-26, not released/);
    const reported = await basekeeper(['report', '--format', 'json', ...now.toSpliced(1, 1, '2026-11-27T09:00:00Z')], {
      cwd: path,
      env,
    });
    const life = (JSON.parse(reported.stdout) as PatchJson).episodes.find(({ id }) => id === 'CVE-2026-0001');
    assert.equal(life?.milestones.mergedAt, mergedAt.toISOString().replace('.000', ''));
  },
);

following('a pull request whose text says what its branch no longer holds proposes nothing', async (world) => {
  const { github, repository, monitor, said, propose } = world;
  await monitor();
  assert.equal((await propose()).code, 0);
  await monitor();
  const pull = github.pull('acme/shop', 1);
  // Somebody takes the update out of the branch again: its text says what it said before.
  git(repository.folder, 'update-ref', `refs/heads/${pull.branch}`, 'refs/heads/main');
  await monitor();
  assert.match(await said(), /^ours: a patched base is there since 2026-11-25, nothing proposes it/);
});

following('without a token it is said once that nobody knows what is proposed', async ({ server, monitor, said }) => {
  server.behaviour = { kind: 'serve' };
  const { unasked } = await monitor({ GITHUB_TOKEN: '' });
  const host = new URL(server.origin).host;
  assert.deepEqual(
    unasked.map(({ reason }) => reason),
    [`there is no token for ${host}`],
  );
  assert.match(await said(), /nothing proposes it/);
});
