import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NotifyResult } from '../../src/flows/notices/notify-result.ts';
import { loopbackCertificate } from '../fakes/git-server.ts';
import type { HttpReceiver } from '../fakes/notice-receiver/http-receiver.ts';
import { mailLogin, startSmtpReceiver } from '../fakes/notice-receiver/smtp-receiver.ts';
import { basekeeper, basekeeperCommand } from './command.ts';
import { inFleet, type NotifiedFleet, pressedAt, secrets } from './notified-fleet.ts';

function titles({ received }: HttpReceiver): readonly string[] {
  return received.map(({ body }) => (JSON.parse(body) as { readonly title: string }).title);
}

test('nothing is said while nothing is due', () =>
  inFleet(async ({ notify, team, others }) => {
    const { code, stdout, stderr } = await notify('2026-11-25T10:00:00Z');
    assert.deepEqual([code, stdout, stderr], [0, '', '']);
    assert.deepEqual([team.received.length, others.received.length], [0, 0]);
  }));

test('a team is told once of what is due, others that the monitoring stands still', () =>
  inFleet(async ({ path, notify, team, others }) => {
    const planned = await notify(pressedAt, '--dry-run');
    assert.equal(planned.code, 0, planned.stderr);
    assert.match(planned.stdout, /planned +checkout +webhook http:\/\/127\.0\.0\.1:\d+\/hook +2 notices/);
    assert.match(
      planned.stdout,
      /debian in \S+ Dockerfile: 1 CRITICAL: CVE-2026-0001 openssl – due 2026-11-30 08:00 UTC/,
    );
    assert.deepEqual([team.received.length, existsSync(join(path, 'state', 'deliveries.sqlite'))], [0, false]);

    const first = await notify(pressedAt);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /delivered +checkout /);
    assert.deepEqual(titles(team), ['Basekeeper, checkout: 1 at 50 %, 1 without a patched base']);
    assert.deepEqual(titles(others), ['Basekeeper, others: monitoring does not work']);

    const again = await notify('2026-11-29T10:00:00Z');
    assert.deepEqual([again.code, again.stdout], [0, '']);
    const later = JSON.parse((await notify('2026-11-29T21:00:00Z', '--json')).stdout) as NotifyResult;
    assert.deepEqual(
      later.messages.map(({ team: name, state, notices }) => [name, state, notices]),
      [['checkout', 'delivered', 1]],
    );
    assert.equal(titles(team).at(-1), 'Basekeeper, checkout: 1 at 75 %');
    assert.equal(others.received.length, 1, 'once a day');
  }));

test('what fails is told, waits, and goes out with what came due since', () =>
  inFleet(async ({ notify, team }) => {
    team.answer(500);
    const failed = await notify(pressedAt);
    assert.equal(failed.code, 3);
    assert.match(
      failed.stdout,
      /failed +checkout .* it answered 500 \(1 failure in a row\); not before 2026-11-29 09:15 UTC/,
    );
    team.answer(200);
    const waiting = await notify('2026-11-29T09:10:00Z');
    assert.deepEqual([waiting.code, team.received.length], [3, 1]);
    assert.match(waiting.stdout, /waiting +checkout .* it answered 500/);
    const delivered = await notify('2026-11-29T21:00:00Z');
    assert.equal(delivered.code, 0, delivered.stdout);
    assert.equal(titles(team).at(-1), 'Basekeeper, checkout: 1 at 75 %, 1 without a patched base');
  }));

test('a wait that is asked for is kept to', () =>
  inFleet(async ({ notify, team }) => {
    team.answer({ status: 429, headers: { 'retry-after': '7200' } });
    assert.match((await notify(pressedAt)).stdout, /it asks to wait \(429\).*not before 2026-11-29 11:00 UTC/);
    team.answer(200);
    assert.equal((await notify('2026-11-29T10:50:00Z')).code, 3);
    assert.equal(team.received.length, 1);
    assert.equal((await notify('2026-11-29T11:10:00Z')).code, 0);
  }));

test('CODEOWNERS says whose a file is where the fleet file does not, and names no channel by itself', () =>
  inFleet(async ({ fleet, notify, team, others }) => {
    const channel = (url: string) => `[{ webhook: "${url}", secretFrom: HOOK_SECRET }]`;
    await fleet(`  teams: { "@acme/web": ${channel(team.url)} }\n  others: ${channel(others.url)}\n`, 'owner: jane');
    assert.equal((await notify(pressedAt)).code, 0);
    assert.deepEqual(titles(team), ['Basekeeper, @acme/web: 1 at 50 %, 1 without a patched base']);
    assert.deepEqual(titles(others), ['Basekeeper, others: monitoring does not work']);
  }, '* http://127.0.0.1/steal evil@example.org\nDockerfile @acme/ops @acme/web\n'));

test('a secret that is not set is told by its name, one that is set by nobody', () =>
  inFleet(async ({ fleet, notify, team, others }) => {
    const secret = `[{ webhook: "${others.url}", secretFrom: HOOK_SECRET }]`;
    await fleet(`  teams: { checkout: [{ slackFrom: SLACK_URL }, { teamsFrom: TEAMS_URL }] }\n  others: ${secret}\n`);
    const { code, stdout } = await notify(pressedAt, '--json');
    assert.equal(code, 3);
    assert.doesNotMatch(stdout, new RegExp(`${team.url}|${secrets.HOOK_SECRET}`));
    const { messages } = JSON.parse(stdout) as NotifyResult;
    assert.deepEqual(
      messages.map(({ channel, state, reason }) => [channel.split(' ')[0], state, reason]),
      [
        ['webhook', 'delivered', null],
        ['slack', 'delivered', null],
        ['teams', 'failed', 'the environment has no TEAMS_URL: set it where notify runs'],
      ],
    );
    assert.equal(team.received.length, 1);
  }));

test('a fleet file that names nobody is refused', () =>
  inFleet(async ({ path, notify }) => {
    await writeFile(join(path, 'fleet.yaml'), 'version: 1\nrepositories: [{ path: tree }]\n');
    const { code, stderr } = await notify(pressedAt);
    assert.equal(code, 2);
    assert.match(stderr, /fleet\.yaml says nobody to tell: add notify/);
  }));

test('a run that is killed doubles nothing that was taken, and loses nothing', () =>
  inFleet(async ({ path, env, team, others, fleet, notify }) => {
    const way = ({ url }: HttpReceiver) => `{ webhook: "${url}", secretFrom: HOOK_SECRET }`;
    await fleet(`  teams: { checkout: [${way(team)}, ${way(others)}] }\n  others: [{ slackFrom: SLACK_URL }]\n`);
    others.answer('hang');
    const { command, args, environment } = basekeeperCommand([
      'notify',
      '--fleet',
      'fleet.yaml',
      '--policy',
      'policy.yaml',
      '--now',
      pressedAt,
    ]);
    const child = spawn(command, args, { cwd: path, env: { ...environment, ...env }, stdio: 'ignore' });
    // Two go to the team's address: its own message, and that of others by Slack.
    await Promise.all([team.waitFor(2), others.waitFor(1)]);
    await untilPlanned(notify, 1);
    const beside = await notify(pressedAt);
    assert.equal(beside.code, 3);
    assert.match(beside.stderr, /another/);
    child.kill('SIGKILL');
    await once(child, 'close');
    others.answer(200);
    const again = await notify('2026-11-29T09:01:00Z', '--json');
    assert.equal(again.code, 0, again.stderr);
    const told = (JSON.parse(again.stdout) as NotifyResult).messages.map(({ channel }) => channel);
    assert.deepEqual(told, [`webhook ${others.url}`], 'whose answer never came');
    assert.equal(team.received.length, 2, 'who took it is not told twice');
    const marks = others.received.map(({ headers }) => headers['webhook-id']);
    assert.equal(marks[0], marks[1], 'and can tell that it is the same');
  }));

/** Returns once so few ways are left to be told, as a run sees it that only reads. */
async function untilPlanned(notify: NotifiedFleet['notify'], left: number): Promise<void> {
  for (;;) {
    const { stdout } = await notify(pressedAt, '--dry-run', '--json');
    if ((JSON.parse(stdout) as NotifyResult).messages.length <= left) return;
  }
}

test('a scanner that tells nothing is told of, where the cycles go on', () =>
  inFleet(async ({ path, env, notify, others }) => {
    const cycle = [
      'monitor',
      '--fleet',
      'fleet.yaml',
      '--policy',
      'policy.yaml',
      '--scan',
      '--now',
      '2026-11-28T08:00:00Z',
    ];
    const gone = { ...env, BASEKEEPER_TRIVY: join(path, 'no-trivy') };
    assert.match((await basekeeper(cycle, { cwd: path, env: gone })).stdout, /no program at/);
    await notify(pressedAt);
    assert.match(
      others.received[0]?.body ?? '',
      /basekeeper monitor --scan over this fleet: the last one was finished 2026-11-25/,
    );
  }));

test('a mail goes out with the login of the environment, over TLS that is trusted', () =>
  inFleet(async ({ path, env, fleet }) => {
    const server = await startSmtpReceiver('starttls');
    try {
      const mail = `{ server: 127.0.0.1, port: ${server.port}, encryption: starttls, sender: bot@acme.example, userFrom: SMTP_USER, passwordFrom: SMTP_PASSWORD }`;
      await fleet(`  others: [{ email: web@acme.example }]\n  mail: ${mail}\n`);
      const args = ['notify', '--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--now', pressedAt];
      const login = { SMTP_USER: mailLogin.user, SMTP_PASSWORD: mailLogin.pass };
      const distrusted = await basekeeper(args, { cwd: path, env: { ...env, ...login } });
      assert.equal(distrusted.code, 3);
      assert.match(distrusted.stdout, /its certificate is not to be trusted/);
      const trusted = { ...env, ...login, NODE_EXTRA_CA_CERTS: loopbackCertificate };
      const later = args.with(-1, '2026-11-29T09:30:00Z');
      const { code, stdout } = await basekeeper(later, { cwd: path, env: trusted });
      assert.equal(code, 0, stdout);
      assert.doesNotMatch(stdout, new RegExp(mailLogin.pass));
      assert.deepEqual(server.received[0]?.to, ['web@acme.example']);
    } finally {
      await server.close();
    }
  }));
