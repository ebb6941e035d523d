import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NotifyResult } from '../../src/flows/notices/notify-result.ts';
import { keeperToken, withGithub } from '../adapters/forge/github/with-github.ts';
import { botToken, withGitlab } from '../adapters/forge/gitlab/with-gitlab.ts';
import { basekeeperCommand } from './command.ts';
import { inFleet, type NotifiedFleet, pressedAt } from './notified-fleet.ts';

type Shown = {
  readonly state: string;
  readonly title: string;
  readonly body: string;
  readonly comments: readonly string[];
};

type OnForge = NotifiedFleet & {
  /** Of the repository, by number. */
  issues(): readonly Shown[];
  /** Whether the repository has issues. */
  haveIssues(has: boolean): void;
};

function onGithub(use: (world: OnForge) => Promise<void>): Promise<void> {
  return withGithub(({ github, repository }) => {
    const env = { GITHUB_SERVER_URL: github.origin, GITHUB_API_URL: github.origin, GITHUB_TOKEN: keeperToken.token };
    const issues = () =>
      repository.issues.map(({ state, title, body, comments }) => ({
        ...{ state, title, body: body ?? '' },
        comments: comments.map((comment) => comment.body),
      }));
    const haveIssues = (has: boolean) => Object.assign(repository, { hasIssues: has });
    return inFleet(
      async (world) => {
        await world.fleet(channels(`${github.origin}/acme/shop`, world));
        await use({ ...world, issues, haveIssues });
      },
      '',
      env,
    );
  });
}

function onGitlab(
  use: (
    world: OnForge & { readonly gitlab: Parameters<Parameters<typeof withGitlab>[0]>[0]['gitlab'] },
  ) => Promise<void>,
): Promise<void> {
  return withGitlab(({ gitlab, project }) => {
    const env = { GITLAB_HOST: gitlab.origin, GITLAB_TOKEN: botToken };
    const issues = () =>
      project.issues.map(({ state, title, description, notes }) => ({
        ...{ state: state === 'opened' ? 'open' : state, title, body: description },
        comments: notes.map(({ body }) => body),
      }));
    const haveIssues = (has: boolean) => Object.assign(project, { hasIssues: has });
    return inFleet(
      async (world) => {
        await world.fleet(channels(`${gitlab.origin}/acme/shop`, world));
        await use({ ...world, gitlab, issues, haveIssues });
      },
      '',
      env,
    );
  });
}

function channels(repository: string, { others }: NotifiedFleet): string {
  return `  teams: { checkout: [{ issue: "${repository}" }] }\n  others: [{ webhook: "${others.url}", secretFrom: HOOK_SECRET }]\n`;
}

for (const [forge, on] of [
  ['GitHub', onGithub],
  ['GitLab', onGitlab],
] as const)
  test(`on ${forge} an issue says how all stands, comments tell what is new, and it is closed at the end`, () =>
    on(async ({ path, notify, issues, follow, trivy }) => {
      const build = (base: string) => writeFile(join(path, 'tree', 'Dockerfile'), `FROM ${base}\n`);
      const planned = await notify('2026-11-25T10:00:00Z', '--dry-run');
      assert.equal(planned.code, 0, planned.stderr);
      assert.match(planned.stdout, /planned +checkout +issue http.*\/acme\/shop +0 notices +opened/);
      assert.match(planned.stdout, /\| \*\*\d findings of `checkout` open: none late\.\*\*/);
      assert.deepEqual(issues(), []);

      // Nothing is due to be told yet.
      const opened = await notify('2026-11-25T10:00:00Z');
      assert.deepEqual([opened.code, issues().length], [0, 1], opened.stdout + opened.stderr);
      const [first] = issues();
      assert.deepEqual(
        [first?.state, first?.title, first?.comments],
        ['open', 'Basekeeper: what is due of checkout', []],
      );
      assert.match(
        first?.body ?? '',
        /### The time stands still\n\n- \*\*4 d 22 h left when the time goes on\*\*: `debian` in `\S+ Dockerfile`, `1 CRITICAL, 2 HIGH: /,
      );
      assert.equal((await notify('2026-11-25T10:00:00Z')).stdout, '', 'it says so already');

      const told = await notify(pressedAt);
      assert.match(told.stdout, /delivered +checkout .*2 notices +changed http/);
      assert.equal((await notify(pressedAt)).stdout, '', 'each event once');
      const [second] = issues();
      assert.match(second?.body ?? '', /### Due\n\n- \*\*due 2026-11-30 08:00 UTC, in 23 h\*\*: `debian`/);
      assert.equal(second?.comments.length, 1);
      assert.match(second?.comments[0] ?? '', /\*\*50 % of the time is used\*\*\n\n- `debian in /);

      await build('scratch');
      trivy({ updatedAt: '2026-11-29T00:00:00Z' });
      await follow('2026-11-29T10:00:00Z');
      const closed = await notify('2026-11-29T11:00:00Z');
      assert.match(closed.stdout, /delivered +checkout .* closed http/);
      assert.equal(issues()[0]?.state, 'closed');
      assert.match(issues()[0]?.comments.at(-1) ?? '', /Nothing of `checkout` is due any more\.$/);
      assert.equal((await notify('2026-11-29T12:00:00Z')).stdout, '');

      await build('debian:12-slim');
      trivy({ updatedAt: '2026-12-10T00:00:00Z' });
      await follow('2026-12-10T10:00:00Z');
      await notify('2026-12-10T11:00:00Z');
      assert.deepEqual(
        issues().map(({ state }) => state),
        ['closed', 'open'],
      );
    }));

test('a repository without issues is told, waited for, and written once it has them', () =>
  onGithub(async ({ notify, issues, haveIssues }) => {
    haveIssues(false);
    const failed = await notify(pressedAt);
    assert.equal(failed.code, 3);
    assert.match(
      failed.stdout,
      /failed +checkout .*it is gone.*Issues has been disabled.*\(1 failure in a row\); not before/,
    );
    haveIssues(true);
    assert.equal((await notify('2026-11-29T09:10:00Z')).code, 3, 'not before a quarter of an hour');
    assert.deepEqual(issues(), []);
    const { code, stdout } = await notify('2026-11-29T09:20:00Z', '--json');
    assert.equal(code, 0, stdout);
    const [message] = (JSON.parse(stdout) as NotifyResult).messages;
    assert.deepEqual(
      [message?.state, message?.notices, message?.failures, message?.issue?.change],
      ['delivered', 2, 0, 'open'],
    );
    assert.equal(issues()[0]?.comments.length, 1);
  }));

test('a run that is killed before its answer comes opens and says nothing twice', () =>
  onGitlab(async ({ path, env, gitlab, notify, issues }) => {
    const start = ['notify', '--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--now', pressedAt];
    // The issue is opened; then, by the next run, commented on.
    for (const counts of [
      { issues: 1, comments: 0 },
      { issues: 1, comments: 1 },
    ]) {
      gitlab.silentWrite = 1;
      const { command, args, environment } = basekeeperCommand(start);
      const child = spawn(command, args, { cwd: path, env: { ...environment, ...env }, stdio: 'ignore' });
      await gitlab.hanging;
      child.kill('SIGKILL');
      await once(child, 'close');
      gitlab.silentWrite = undefined;
      const [issue, ...others] = issues();
      assert.deepEqual({ issues: 1 + others.length, comments: issue?.comments.length }, counts);
    }
    const again = await notify('2026-11-29T09:01:00Z', '--json');
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(
      issues().map(({ state, comments }) => [state, comments.length]),
      [['open', 1]],
    );
    assert.deepEqual(
      (JSON.parse((await notify(pressedAt, '--dry-run', '--json')).stdout) as NotifyResult).messages.filter(
        ({ notices }) => notices > 0,
      ),
      [],
    );
  }));
