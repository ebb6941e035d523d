import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import { basekeeper, basekeeperCommand, type Run, run } from './command.ts';
import { type Monitored, startMonitored } from './monitored.ts';

const day = (number: number) => `2026-11-${number}T08:00:00Z`;
const alpine = { repository: 'library/node', tag: '24-alpine', platforms: ['linux/amd64'] };

async function monitored(
  use: (monitored: Monitored) => Promise<void>,
  files: Readonly<Record<string, string>> = { Dockerfile: 'FROM node:24-alpine\n' },
): Promise<void> {
  const started = await startMonitored(files);
  try {
    await use(started);
  } finally {
    await started.close();
  }
}

async function cycle({ monitor }: Monitored, now: string, ...args: readonly string[]): Promise<MonitorResult> {
  const { stdout, stderr } = await monitor('--json', '--now', now, ...args);
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as MonitorResult;
}

const told = ({ events }: MonitorResult) => events.map(({ kind, newTag }) => (newTag === undefined ? kind : newTag));

function refuses({ code, stdout, stderr }: Run, message: RegExp): void {
  assert.equal(code, 3, stderr + stdout);
  assert.match(stderr, message);
  assert.doesNotMatch(stderr, /this is a bug/);
  assert.equal(stdout, '');
}

for (const kind of ['head', 'list', 'manifest', 'config'] as const)
  test(`news of a run that is killed while it asks for a ${kind} are told once by the next`, () =>
    monitored(
      async (started) => {
        const { hub, path, env } = started;
        const golang = { repository: 'library/golang', platforms: ['linux/amd64'] };
        hub.content.push({ ...alpine, build: 'one' });
        hub.content.pushTags(golang, ['1.27.1-alpine']);
        for (const at of [20, 21]) assert.deepEqual(told(await cycle(started, day(at))), []);
        hub.content.push({ ...alpine, build: 'two' });
        hub.content.pushTags(golang, ['1.27.2-alpine']);
        hub.log.clear();
        const { command, args, environment } = basekeeperCommand([
          'monitor',
          `${path}/tree`,
          '--policy',
          `${path}/policy.yaml`,
          '--now',
          day(22),
        ]);
        const child = spawn(command, args, { env: { ...environment, ...env }, stdio: 'ignore' });
        const closed = once(child, 'close');
        while (hub.log.all(kind).length === 0 && child.exitCode === null)
          await new Promise((resolve) => setImmediate(resolve));
        child.kill('SIGKILL');
        await closed;
        assert.equal(child.signalCode, 'SIGKILL');
        const next = await cycle(started, '2026-11-22T08:05:00Z');
        assert.deepEqual(told(next).toSorted(), ['1.27.2-alpine', 'tag-moved']);
        assert.deepEqual([next.isResumed, next.verified], [true, { count: 2, of: 2 }]);
        assert.deepEqual(told(await cycle(started, day(23))), []);
      },
      { Dockerfile: 'FROM node:24-alpine\nFROM golang:1.27.1-alpine\n' },
    ));

test('a second monitor on one ledger is turned away, and the first goes on', () =>
  monitored(async (started) => {
    const { path, env, hub, monitor } = started;
    hub.content.push(alpine);
    const { command, args, environment } = basekeeperCommand([
      'monitor',
      `${path}/tree`,
      '--policy',
      `${path}/policy.yaml`,
      '--every',
      'daily',
    ]);
    const first = spawn(command, args, { env: { ...environment, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
    const closed = once(first, 'close');
    try {
      await once(first.stdout, 'data');
      refuses(await monitor(), /cannot write the ledger .*: another process writes it now; wait until it ends/);
      assert.equal(first.exitCode, null);
    } finally {
      first.kill('SIGKILL');
    }
    await closed;
    assert.equal((await monitor()).code, 0);
  }));

test('the ledger of a newer program is refused before anything is asked', () =>
  monitored(async (started) => {
    const { hub, path, monitor } = started;
    hub.content.push(alpine);
    await cycle(started, day(20));
    hub.log.clear();
    const ledger = new DatabaseSync(join(path, 'state', 'ledger.sqlite'));
    ledger.exec('update ledger_version set version = 99');
    ledger.close();
    refuses(await monitor(), /a newer basekeeper wrote it \(version 99, this one knows 2\); update basekeeper/);
    assert.deepEqual(hub.log.counts(), {});
  }));

test('a state folder that cannot be written is told', () =>
  monitored(async ({ path, env }) => {
    // Root may write everywhere.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    await mkdir(join(path, 'state'), { mode: 0o555 });
    await chmod(path, 0o755);
    const options = { cwd: path, env: { ...env, BASEKEEPER_CACHE: '' }, ...nobody };
    const refusal = await basekeeper(['monitor', 'tree', '--policy', 'policy.yaml'], options);
    refuses(refusal, /cannot lock the ledger .*make the folder writable/);
  }));

test('a disk that fills up in a cycle ends it as the world does, and the next run goes on', () => {
  const tags = Array.from({ length: 300 }, (_, at) => `1.${at}`);
  return monitored(
    async ({ hub, path, env, monitor }) => {
      hub.content.pushTags({ repository: 'acme/app', platforms: ['linux/amd64'] }, tags);
      const { command, args, environment } = basekeeperCommand(['monitor', 'tree', '--policy', 'policy.yaml']);
      // No file may grow beyond this many KiB.
      const limited = ['-c', 'ulimit -f 300; exec "$@"', 'limited', command, ...args];
      refuses(
        await run('bash', limited, { cwd: path, env: { ...environment, ...env } }),
        /cannot use the ledger .*check the room on the disk/,
      );
      const second = JSON.parse((await monitor('--json')).stdout) as MonitorResult;
      assert.equal(second.isResumed, true);
      assert.deepEqual(second.verified, { count: 300, of: 300 });
      assert.ok(second.asked < 300, `${second.asked} were asked`);
    },
    { Dockerfile: tags.map((tag) => `FROM acme/app:${tag}\n`).join('') },
  );
});

test('a clock that goes backwards neither hides a move nor makes one up', () =>
  monitored(async (started) => {
    const { hub } = started;
    hub.content.push({ ...alpine, build: 'one' });
    await cycle(started, day(25));
    hub.content.push({ ...alpine, build: 'two' });
    const moved = await cycle(started, day(20));
    assert.deepEqual(told(moved), ['tag-moved']);
    for (const later of [day(21), day(22), day(23), day(26)]) {
      const { events, images } = await cycle(started, later);
      assert.deepEqual(events, [], later);
      assert.equal(images[0]?.digest, moved.images[0]?.digest, later);
    }
  }));

test('a cycle that was begun by a clock far ahead is not gone on with', () =>
  monitored(async (started) => {
    const { hub } = started;
    hub.content.push(alpine);
    hub.fail({ fault: { kind: 'status', status: 503 }, on: ['list'], repository: 'library/node' });
    await cycle(started, '2036-11-20T08:00:00Z');
    hub.heal();
    const { isResumed, startedAt, verified } = await cycle(started, day(20));
    assert.equal(isResumed, false);
    assert.equal(startedAt.slice(0, 10), '2026-11-20');
    assert.deepEqual(verified, { count: 1, of: 1 });
  }));

test('a tag that shows two digests by turns is told once, and never as moved back', () =>
  monitored(async (started) => {
    const { hub } = started;
    const said: string[] = [];
    for (let at = 10; at < 20; at += 1) {
      hub.content.push({ ...alpine, build: at % 2 === 0 ? 'one' : 'two' });
      said.push(...told(await cycle(started, day(at))));
    }
    assert.deepEqual(said, ['tag-moved']);
  }));

test('tags that a listing loses and names again are not news', () =>
  monitored(
    async (started) => {
      const { hub } = started;
      const golang = { repository: 'library/golang', platforms: ['linux/amd64'] };
      const releases = ['1.27.1-alpine', '1.27.2-alpine', '1.27.3-alpine'];
      hub.content.pushTags(golang, releases);
      await cycle(started, day(10));
      assert.deepEqual(told(await cycle(started, day(11))), []);
      for (const tag of releases.slice(1)) hub.content.untag('library/golang', tag);
      const shrunk = await cycle(started, day(12));
      assert.deepEqual(told(shrunk), []);
      assert.deepEqual(shrunk.images[0]?.candidates, []);
      hub.content.pushTags(golang, releases.slice(1));
      const again = await cycle(started, day(13));
      assert.equal(again.images[0]?.recommended, '1.27.3-alpine');
      assert.deepEqual(told(again), []);
    },
    { Dockerfile: 'FROM golang:1.27.1-alpine\n' },
  ));

test('a tag whose list alone is refused is not verified, and the run ends as the world says', () =>
  monitored(async (started) => {
    const { hub, monitor } = started;
    hub.content.push(alpine);
    hub.fail({ fault: { kind: 'status', status: 503 }, on: ['list'], repository: 'library/node' });
    const { code, stdout } = await monitor('--now', day(20));
    assert.equal(code, 3);
    assert.match(stdout, /not verified: its list of tags: .*\[unavailable\]/s);
    assert.match(stdout, /^0 of 1 verified: /m);
    hub.heal();
    hub.log.clear();
    const second = await cycle(started, '2026-11-20T08:05:00Z');
    assert.deepEqual([second.isResumed, second.verified], [true, { count: 1, of: 1 }]);
    assert.equal(hub.log.counts().head, undefined, 'the tag was answered for');
  }));

test('names from a tree reach the terminal as text', () =>
  monitored(
    async ({ hub, monitor }) => {
      hub.content.push(alpine);
      const { stdout, stderr } = await monitor('--now', day(20), '--verbose');
      assert.doesNotMatch(stdout + stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
      assert.match(stdout, /\\x1b\]0;owned\\x07/);
    },
    {
      'a\x1b]0;owned\x07/Dockerfile': 'FROM node:24-alpine\n',
      'b\u009b2J\u202e/Dockerfile': 'FROM node:24-alpine\n',
      'c\r\n1 of 1 verified/Dockerfile': 'FROM node:24-alpine\nFROM \x1b[31mnode:\u009b2J\n',
    },
  ));
