import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PatchReport } from '../../src/flows/deadlines/report-patching.ts';
import { git, gitWith } from '../fakes/git-server.ts';
import { ask, listed, look } from './followed.ts';
import { inScannedTree, type Scanned } from './scanned.ts';

/** The tree as a git repository, with a first commit. */
function repositoryOf({ path }: Scanned) {
  const folder = join(path, 'tree');
  git(folder, 'init', '-q', '-b', 'main');
  const commit = async (dockerfile: string) => {
    await writeFile(join(folder, 'Dockerfile'), dockerfile);
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'change');
  };
  /** A tag that says when it was made. */
  const tag = (name: string, at: string) => {
    const head = git(folder, 'rev-parse', 'HEAD');
    const made = `tagger t <t@example.com> ${Date.parse(at) / 1000} +0000`;
    const id = gitWith(folder, `object ${head}\ntype commit\ntag ${name}\n${made}\n\n${name}\n`, 'mktag');
    git(folder, 'update-ref', `refs/tags/${name}`, id);
  };
  return { commit, tag };
}

async function due(world: Scanned, at: string): Promise<readonly string[]> {
  return (await listed(world, at)).filter((line) => !line.includes('watching'));
}

async function reported(world: Scanned, at: string): Promise<readonly string[]> {
  const { stdout } = await ask(world, 'report', at, '--since', '2026-11-01', '--format', 'json');
  const { episodes } = JSON.parse(stdout) as PatchReport;
  return episodes.map(({ id, state, isInTime, fault }) => `${id} ${state} ${isInTime} ${fault}`).sort();
}

test('a life from detection over base and merge to the release that ends it, in time', () =>
  inScannedTree({ Dockerfile: '' }, async (world) => {
    const [old, fresh] = [world.push('library/debian', '12-slim', 'old'), world.push('library/debian', 'next', 'new')];
    const { commit, tag } = repositoryOf(world);
    await commit(`FROM debian:12-slim@${old}\n`);
    tag('v1.0.0', '2026-11-20T00:00:00Z');
    const first = await look(world, '2026-11-25T08:00:00Z');
    assert.deepEqual([first.detected, first.unread], [4, []]);
    assert.ok((await due(world, '2026-11-25T09:00:00Z')).includes('CVE-2026-0001 critical paused awaiting-base'));

    world.push('library/debian', '12-slim', 'new');
    await look(world, '2026-11-25T12:00:00Z');
    assert.ok((await due(world, '2026-11-25T13:00:00Z')).includes('CVE-2026-0001 critical running not-proposed'));

    // A release that was cut too early has it still.
    tag('v1.0.1', '2026-11-25T14:00:00Z');
    await commit(`FROM debian:12-slim@${fresh}\n`);
    assert.equal((await look(world, '2026-11-25T18:00:00Z')).merged, 2);
    assert.ok((await due(world, '2026-11-25T19:00:00Z')).includes('CVE-2026-0001 critical running not-released'));

    tag('v1.0.2', '2026-11-26T06:00:00Z');
    assert.equal((await look(world, '2026-11-26T08:00:00Z')).closed, 2);
    const { stdout } = await ask(world, 'report', '2026-11-26T09:00:00Z', '--format', 'json');
    const life = (JSON.parse(stdout) as PatchReport).episodes.find(({ id }) => id === 'CVE-2026-0001');
    assert.deepEqual(life?.closed, { at: '2026-11-26T06:00:00Z', because: 'released' });
    assert.deepEqual([life.isInTime, life.missedReleases], [true, ['v1.0.1']]);
    assert.deepEqual(await reported(world, '2026-12-20T00:00:00Z'), [
      'CVE-2026-0001 closed true null',
      'CVE-2026-0002 watching null null',
      'CVE-2026-0003 closed true null',
      'CVE-2026-0004 late false supplier',
      'CVE-2026-0005 paused null null',
      // The next database knew it, and no base has a fix.
      'CVE-2026-0006 late false supplier',
    ]);
  }));

test('a life that was waived, went on when the waiver was taken back, and ended late by our delay', () =>
  inScannedTree({ Dockerfile: '' }, async (world) => {
    const { path, push } = world;
    const old = push('library/debian', '12-slim', 'old');
    const { commit } = repositoryOf(world);
    await commit(`FROM debian:12-slim@${old}\n`);
    const fresh = push('library/debian', '12-slim', 'new');
    const policy = join(path, 'policy.yaml');
    await appendFile(policy, 'deadlines: { releases: branch }\n');
    const plain = await readFile(policy, 'utf8');
    await look(world, '2026-11-25T08:00:00Z');
    const critical = async (at: string) => (await due(world, at)).find((line) => line.startsWith('CVE-2026-0001'));
    assert.equal(await critical('2026-11-25T09:00:00Z'), 'CVE-2026-0001 critical running not-proposed');

    const waiver = '{ id: W-1, image: docker.io/library/debian, rule: unpatched-critical, reason: certified, owner: a';
    await writeFile(policy, `${plain}waivers: [${waiver}, approvedBy: b, expires: 2026-11-30 }]\n`);
    await look(world, '2026-11-26T08:00:00Z');
    assert.equal(await critical('2026-11-28T09:00:00Z'), 'CVE-2026-0001 critical paused waived');

    await writeFile(policy, plain);
    await look(world, '2026-11-29T08:00:00Z');
    assert.equal(await critical('2026-11-30T07:00:00Z'), 'CVE-2026-0001 critical running not-proposed');
    assert.equal(await critical('2026-11-30T09:00:00Z'), 'CVE-2026-0001 critical late not-proposed');

    await commit(`FROM debian:12-slim@${fresh}\n`);
    await look(world, '2026-12-01T08:00:00Z');
    assert.ok((await reported(world, '2026-12-01T09:00:00Z')).includes('CVE-2026-0001 closed false ours'));
  }));
