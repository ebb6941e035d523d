import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import { askedOf, type Monitored, startMonitored } from './monitored.ts';

const day = (number: number) => `2026-11-${number}T08:00:00Z`;

async function monitored(
  files: Readonly<Record<string, string>>,
  use: (monitored: Monitored) => Promise<void>,
  options: Parameters<typeof startMonitored>[1] = {},
): Promise<void> {
  const started = await startMonitored(files, options);
  try {
    await use(started);
  } finally {
    await started.close();
  }
}

async function resultOf(run: ReturnType<Monitored['monitor']>, code = 0): Promise<MonitorResult> {
  const { stdout, stderr, code: exit } = await run;
  assert.equal(exit, code, stderr + stdout);
  return JSON.parse(stdout) as MonitorResult;
}

const alpineOn = (base: string) => ({
  'org.opencontainers.image.base.name': 'docker.io/library/alpine:3.22',
  'org.opencontainers.image.base.digest': `sha256:${base.repeat(64)}`,
});
const node = { repository: 'library/node', tag: '24-alpine' };
const platforms = (annotations: Record<string, string>) => [
  { platform: 'linux/amd64', annotations },
  { platform: 'linux/arm64/v8', annotations },
];

test('a first cycle asks by HEAD and listing alone; the second reads sizes; then nothing more', () =>
  monitored(
    { Dockerfile: 'FROM node:24-alpine\n', 'b/Dockerfile': 'FROM node:24-alpine\nFROM node:22.1.0\n' },
    async ({ hub, monitor }) => {
      hub.content.push({ ...node, platforms: platforms(alpineOn('a')) });
      hub.content.pushTags({ repository: 'library/node', platforms: ['linux/amd64'] }, ['22.1.0', '22.2.0']);
      const first = await resultOf(monitor('--json', '--now', day(23)));
      assert.equal(askedOf(hub), 'head 2, list 1, ping 1');
      assert.deepEqual(first.verified, { count: 2, of: 2 });
      assert.deepEqual(first.events, []);
      assert.equal(first.images[0]?.recommended, '22.2.0');
      assert.equal(first.images[1]?.uses.length, 2);
      const second = await resultOf(monitor('--json', '--now', day(24)));
      // Two images with their platform and config, and the candidate; where the base is named no config is read.
      assert.match(askedOf(hub), /^config 2, head 3, list 1, manifest 6, ping 1$/);
      assert.ok((second.images[1]?.platforms[0]?.sizeBytes ?? 0) > 0);
      assert.equal(second.images[1]?.platforms[0]?.osRelease, 'Alpine Linux 3.22');
      await resultOf(monitor('--json', '--now', day(25)));
      assert.equal(askedOf(hub), 'head 2, list 1, ping 1');
    },
  ));

test('a moved tag is told with its cause, once; what nobody uses is no event', () =>
  monitored({ Dockerfile: 'FROM node:24-alpine\n' }, async ({ hub, monitor }) => {
    hub.content.push({ ...node, platforms: platforms(alpineOn('a')), build: 'one' });
    await resultOf(monitor('--json', '--now', day(20)));
    hub.content.push({ ...node, platforms: platforms(alpineOn('a')), build: 'one', attestations: 'others' });
    assert.deepEqual((await resultOf(monitor('--json', '--now', day(21)))).events, []);
    hub.content.push({ ...node, platforms: platforms(alpineOn('b')), build: 'two' });
    const moved = await resultOf(monitor('--json', '--now', day(22)));
    assert.deepEqual(
      moved.events.map(({ reference, kind, cause, uses }) => [reference, kind, cause?.kind, uses]),
      [['docker.io/library/node:24-alpine', 'tag-moved', 'base-moved', 1]],
    );
    assert.deepEqual((await resultOf(monitor('--json', '--now', day(23)))).events, []);
    const { stdout } = await monitor('--now', day(24), '--verbose');
    assert.match(stdout, /1 of 1 verified: 0 events/);
  }));

test('a new version and a vanished tag are told', () =>
  monitored({ Dockerfile: 'FROM golang:1.27.1-alpine\nFROM acme/tool:7\n' }, async ({ hub, monitor }) => {
    hub.content.pushTags({ repository: 'library/golang', platforms: ['linux/amd64'] }, ['1.27.1-alpine']);
    hub.content.pushTags({ repository: 'acme/tool', platforms: ['linux/amd64'] }, ['7', '8']);
    await resultOf(monitor('--json', '--now', day(20)));
    hub.content.pushTags({ repository: 'library/golang', platforms: ['linux/amd64'] }, [
      '1.27.2-alpine',
      '1.28rc1-alpine',
    ]);
    hub.content.untag('acme/tool', '7');
    const { events, images, verified } = await resultOf(monitor('--json', '--now', day(21)), 3);
    assert.deepEqual(events.map(({ kind, newTag }) => [kind, newTag]).sort(), [
      ['tag-gone', undefined],
      ['version-released', '1.27.2-alpine'],
    ]);
    assert.deepEqual(verified, { count: 1, of: 2 });
    assert.equal(images[0]?.refusals[0]?.code, 'not-found');
  }));

test('mirrors, aliases and spellings of one image are asked for once', () =>
  monitored(
    {
      Dockerfile:
        'FROM node:24-alpine\nFROM docker.io/library/node:24-alpine\nFROM mirror.gcr.io/library/node:24-alpine\n',
    },
    async ({ hub, monitor }) => {
      hub.content.push({ ...node, platforms: ['linux/amd64'] });
      const { images } = await resultOf(monitor('--json', '--now', day(23)));
      assert.equal(images.length, 1);
      assert.equal(images[0]?.uses.length, 3);
      assert.equal(askedOf(hub), 'head 1, list 1, ping 1');
    },
  ));

test('a throttled image is not verified, the others are, and the next run goes on with the cycle', () =>
  monitored({ Dockerfile: 'FROM node:24-alpine\nFROM golang:1.27.1\n' }, async ({ hub, monitor }) => {
    hub.content.push({ ...node, platforms: ['linux/amd64'] });
    hub.content.pushTags({ repository: 'library/golang', platforms: ['linux/amd64'] }, ['1.27.1']);
    hub.fail({ fault: { kind: 'status', status: 503 }, on: ['head'], repository: 'library/node' });
    const first = await resultOf(monitor('--json', '--now', day(23)), 3);
    assert.deepEqual(first.verified, { count: 1, of: 2 });
    hub.heal();
    hub.log.clear();
    const second = await resultOf(monitor('--json', '--now', '2026-11-23T08:10:00Z'));
    assert.equal(second.isResumed, true);
    assert.deepEqual(second.verified, { count: 2, of: 2 });
    assert.equal(hub.log.counts().head, 1);
  }));

test('an address that is not public is refused, and the refusal names the setting', () =>
  monitored(
    { Dockerfile: 'FROM 127.0.0.1:9/acme/base:1\nFROM 169.254.169.254/latest/meta-data:1\n' },
    async ({ hub, monitor }) => {
      const { images } = await resultOf(monitor('--json', '--now', day(23)), 3);
      for (const { image, refusals } of images) {
        assert.equal(refusals[0]?.code, 'refused', JSON.stringify(refusals));
        assert.match(refusals[0]?.message ?? '', new RegExp(`registries\\."${image.split('/')[0]}"\\.private: true`));
      }
      assert.equal(askedOf(hub), '');
    },
  ));

test('a dry run asks and writes nothing down', () =>
  monitored({ Dockerfile: 'FROM node:24-alpine\n' }, async ({ hub, monitor }) => {
    hub.content.push({ ...node, platforms: ['linux/amd64'] });
    assert.equal((await resultOf(monitor('--json', '--dry-run', '--now', day(22)))).isDryRun, true);
    hub.content.push({ ...node, platforms: ['linux/amd64'], build: 'two' });
    // To the next one it is the first look: the tag did not move.
    const { events, images } = await resultOf(monitor('--json', '--now', day(23)));
    assert.deepEqual(events, []);
    assert.match(images[0]?.since ?? '', /^2026-11-23T/);
  }));

test('a cycle that is killed goes on where it was: nothing that was answered is asked again', () => {
  const tags = Array.from({ length: 60 }, (_, at) => `1.${at}`);
  const dockerfile = tags.map((tag) => `FROM acme/app:${tag}\n`).join('');
  const settings = 'maxInFlight: 4, requestsPerSecond: 1000';
  return monitored(
    { Dockerfile: dockerfile },
    async ({ hub, path, env, monitor }) => {
      hub.content.pushTags({ repository: 'acme/app', platforms: ['linux/amd64'] }, tags);
      const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
      const args = [main, 'monitor', `${path}/tree`, '--policy', `${path}/policy.yaml`, '--now', day(23)];
      const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
      while (hub.log.all('head').length < 30) await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const before = hub.log.all('head').map(({ path: asked }) => asked);
      hub.log.clear();
      const result = await resultOf(monitor('--json', '--now', '2026-11-23T08:01:00Z'));
      const again = hub.log.all('head').filter(({ path: asked }) => before.includes(asked)).length;
      assert.ok(again <= 4, `${again} were asked again`);
      assert.ok(hub.log.all('head').length < 40);
      assert.equal(result.isResumed, true);
      assert.deepEqual(result.verified, { count: 60, of: 60 });
    },
    { settings },
  );
});

test('a fleet file names the trees; one that is not there is told, and the others go on', () =>
  monitored({ Dockerfile: 'FROM node:24-alpine\n' }, async ({ hub, path, monitor: _, env }) => {
    hub.content.push({ ...node, platforms: ['linux/amd64'] });
    const { writeFile } = await import('node:fs/promises');
    const { basekeeper } = await import('./command.ts');
    await writeFile(
      join(path, 'fleet.yaml'),
      'version: 1\nrepositories:\n  - { path: tree, team: shop }\n  - { path: missing }\n',
    );
    const args = ['monitor', '--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--json', '--now', day(23)];
    const { code, stdout, stderr } = await basekeeper(args, { cwd: path, env });
    assert.equal(code, 1, stderr);
    const result = JSON.parse(stdout) as MonitorResult;
    assert.deepEqual(result.verified, { count: 1, of: 1 });
    assert.deepEqual(result.trees[0], { tree: 'tree', team: 'shop', files: 1 });
    assert.match(result.problems[0]?.message ?? '', /there is no file or folder/);
  }));

for (const [args, message] of [
  [['--every', 'hourly'], /--every takes daily or weekly/],
  [['--once', '--every', 'daily'], /exclude each other/],
  [['--max-reads', 'many'], /no whole number/],
  [['--fleet', 'missing.yaml', 'tree'], /leave out the paths/],
] as const)
  test(`monitor ${args.join(' ')} is wrong usage`, async () => {
    const { basekeeper } = await import('./command.ts');
    const { code, stderr } = await basekeeper(['monitor', ...args]);
    assert.equal(code, 2);
    assert.match(stderr, message);
  });
