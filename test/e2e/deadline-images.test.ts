import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PatchJson } from '../../src/render/patching/json.ts';
import { git, gitWith } from '../fakes/git-server.ts';
import { basekeeper } from './command.ts';
import { ask, listed, look } from './followed.ts';
import { inScannedTree, type Scanned } from './scanned.ts';

const revision = 'org.opencontainers.image.revision';

/** The tree as a git repository whose commits say when they were made, which is released as an image. */
async function releasedAsImage({ path }: Scanned, policy = 'docker.io/acme/shop: { path: Dockerfile }') {
  await appendFile(join(path, 'policy.yaml'), `deadlines: { releaseImages: { ${policy} } }\n`);
  const folder = join(path, 'tree');
  git(folder, 'init', '-q', '-b', 'main');
  return (at: string, dockerfile: string): string => {
    const blob = gitWith(folder, dockerfile, 'hash-object', '-w', '--stdin');
    const tree = gitWith(folder, `100644 blob ${blob}\tDockerfile\n`, 'mktree');
    const who = `t <t@example.com> ${Date.parse(at) / 1000} +0000`;
    const head = git(folder, 'for-each-ref', '--format=parent %(objectname)%0a', 'refs/heads/main').trim();
    const text = `tree ${tree}\n${head === '' ? '' : `${head}\n`}author ${who}\ncommitter ${who}\n\nchange\n`;
    const id = gitWith(folder, text, 'hash-object', '-t', 'commit', '-w', '--stdin');
    git(folder, 'update-ref', 'refs/heads/main', id);
    git(folder, 'reset', '-q', '--hard');
    return id;
  };
}

async function critical(world: Scanned, at: string): Promise<string | undefined> {
  return (await listed(world, at)).find((line) => line.startsWith('CVE-2026-0001'));
}

async function reported(world: Scanned, at: string) {
  const { stdout } = await ask(world, 'report', at, '--since', '2026-11-01', '--format', 'json');
  return (JSON.parse(stdout) as PatchJson).episodes.find(({ id }) => id === 'CVE-2026-0001');
}

test('a life that ends with the image that was built from what was merged, not with the git tag', () =>
  inScannedTree({ Dockerfile: '' }, async (world) => {
    const commit = await releasedAsImage(world);
    const [old, fresh] = [world.push('library/debian', '12-slim', 'old'), world.push('library/debian', 'next', 'new')];
    const first = commit('2026-11-20T00:00:00Z', `FROM debian:12-slim@${old}\n`);
    world.publish('acme/shop', '1.0.0', { on: 'old', like: 'app-on-old', labels: { [revision]: first } });
    world.publish('acme/shop', 'latest', { on: 'new', like: 'new', labels: { [revision]: first } });
    assert.deepEqual((await look(world, '2026-11-25T08:00:00Z')).unreadImages, []);

    // Built before what mends it was merged, and tagged as a release all the same.
    const second = commit('2026-11-25T12:00:00Z', `FROM debian:12-slim@${fresh}\n`);
    git(join(world.path, 'tree'), 'tag', 'v1.0.1', second);
    world.publish('acme/shop', '1.0.1', {
      ...{ on: 'old', like: 'app-on-old', labels: { [revision]: first }, createdAt: '2026-11-25T14:00:00Z' },
    });
    const merged = await look(world, '2026-11-25T18:00:00Z');
    assert.deepEqual([merged.merged, merged.closed], [2, 0]);
    assert.equal(await critical(world, '2026-11-25T19:00:00Z'), 'CVE-2026-0001 critical running not-released');

    // What says that it is of 1970 was published when it was seen.
    const shipped = world.publish('acme/shop', '1.0.2', {
      ...{ on: 'new', like: 'new', labels: { [revision]: second }, createdAt: '1970-01-01T00:00:01Z' },
    });
    assert.equal((await look(world, '2026-11-26T08:00:00Z')).closed, 2);
    const life = await reported(world, '2026-11-26T09:00:00Z');
    assert.deepEqual(
      [life?.closed?.at.slice(0, 16), life?.closed?.because, life?.isInTime],
      ['2026-11-26T08:00', 'released', true],
    );
    assert.deepEqual(life?.missedReleases, ['docker.io/acme/shop:1.0.1']);
    const { stdout } = await basekeeper(['audit', 'export'], { cwd: world.path, env: world.env });
    const released = stdout.split('\n').filter((line) => line.includes('"kind":"released"'));
    assert.ok(released.length === 2 && released.every((line) => line.includes(`"digest":"${shipped}"`)), stdout);
  }));

test('an upgrade above the base ends it with the image, and an image without the upgrade brings it back', () =>
  inScannedTree({ Dockerfile: '' }, async (world) => {
    const commit = await releasedAsImage(world);
    const old = world.push('library/debian', '12-slim', 'old');
    commit('2026-11-20T00:00:00Z', `FROM debian:12-slim@${old}\n`);
    await look(world, '2026-11-25T08:00:00Z');

    const upgrade = commit('2026-11-25T10:00:00Z', `FROM debian:12-slim@${old}\nRUN apt-get install -y openssl\n`);
    // Of the same commit, but of another base: it proves nothing of this one.
    const labels = { [revision]: upgrade };
    world.publish('acme/shop', '1.0.1', { on: 'new', like: 'new', labels, createdAt: '2026-11-25T11:00:00Z' });
    assert.equal((await look(world, '2026-11-25T12:00:00Z')).closed, 0);
    world.publish('acme/shop', '1.0.2', { on: 'old', like: 'new', labels, createdAt: '2026-11-25T13:00:00Z' });
    assert.equal((await look(world, '2026-11-25T14:00:00Z')).closed, 2);
    assert.equal((await reported(world, '2026-11-25T15:00:00Z'))?.closed?.at, '2026-11-25T13:00:00Z');

    const again = await look(world, '2026-11-26T08:00:00Z');
    assert.deepEqual([again.reopened, again.closed], [0, 0], 'the base has it, what ships does not');
    world.publish('acme/shop', '1.0.3', { on: 'old', like: 'app-on-old', labels, createdAt: '2026-11-26T09:00:00Z' });
    assert.equal((await look(world, '2026-11-26T10:00:00Z')).reopened, 2);
  }));

test('each release that proves nothing is told with the reason, and what cannot be read is never up to date', () =>
  inScannedTree({ Dockerfile: '' }, async (world) => {
    const commit = await releasedAsImage(
      world,
      'docker.io/acme/shop: { path: Dockerfile }, docker.io/acme/gone: { path: Dockerfile }, 127.0.0.1:1/acme/own: { path: Dockerfile }',
    );
    const [old, fresh] = [world.push('library/debian', '12-slim', 'old'), world.push('library/debian', 'next', 'new')];
    commit('2026-11-20T00:00:00Z', `FROM debian:12-slim@${old}\n`);
    await look(world, '2026-11-25T08:00:00Z');
    commit('2026-11-25T10:00:00Z', `FROM debian:12-slim@${fresh}\n`);
    world.publish('acme/shop', '1.0.1', { on: 'new', like: 'new' });
    world.publish('acme/shop', '1.0.2', { on: 'new', like: 'new', labels: { [revision]: 'f'.repeat(40) } });
    const { closed, unreadImages } = await look(world, '2026-11-25T12:00:00Z');
    assert.equal(closed, 0);
    const told = unreadImages.map(({ image, reason }) => `${image}: ${reason}`);
    for (const [at, expected] of [
      /^docker\.io\/acme\/gone: .*acme\/gone/,
      /^127\.0\.0\.1:1\/acme\/own: .*private/,
      /^docker\.io\/acme\/shop:1\.0\.1: it names no commit/,
      /^docker\.io\/acme\/shop:1\.0\.2: it names the commit ffffffffffff, which is not in the repository$/,
    ].entries())
      assert.match(told[at] ?? '', expected);
    world.trivy({ updatedAt: '2026-11-25T00:00:00Z' });
    const { stdout } = await world.run('monitor', '--now', '2026-11-25T13:00:00Z');
    assert.match(
      stdout.replaceAll(/\s+/g, ' '),
      /docker\.io\/acme\/shop:1\.0\.1, which \S+ is released as, ends nothing: it names no commit/,
    );

    // The git tag of its version says which commit it is of.
    git(join(world.path, 'tree'), 'tag', 'v1.0.1');
    assert.equal((await look(world, '2026-11-25T14:00:00Z')).closed, 2);
  }));
