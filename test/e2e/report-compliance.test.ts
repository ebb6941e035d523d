import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PatchJson } from '../../src/render/patching/json.ts';
import { basekeeper } from './command.ts';
import { inScannedTree, type Scanned } from './scanned.ts';

const waiver =
  'waivers:\n  - { id: W-1, image: "docker.io/acme/**", rule: prohibited, reason: bought, owner: a, approvedBy: b, expires: 2026-12-20 }\n';
const unused =
  '  - { id: W-2, image: "docker.io/gone/**", rule: prohibited, reason: bought, owner: a, approvedBy: b, expires: 2026-12-20 }\n';

/** A fleet of two folders, and of one that is not there. */
async function makeFleet({ path }: Scanned): Promise<void> {
  const repositories = ['shop', 'cart', 'gone'].map((name) => `  - { path: ${name}, team: ${name} }`);
  await writeFile(join(path, 'fleet.yaml'), `version: 1\nrepositories:\n${repositories.join('\n')}\n`);
  for (const name of ['shop', 'cart']) await mkdir(join(path, name));
  await writeFile(join(path, 'shop', 'Dockerfile'), 'FROM debian:12-slim\n');
  await writeFile(join(path, 'cart', 'Dockerfile'), 'FROM acme/base:1\n');
}

function run({ path, env }: Scanned, ...args: readonly string[]) {
  return basekeeper([...args, '--fleet', 'fleet.yaml', '--policy', 'policy.yaml'], { cwd: path, env });
}

async function monitor(world: Scanned, at: string, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(world, 'monitor', '--json', '--now', at, ...args);
  assert.notEqual(code, 70, stderr);
}

async function report(world: Scanned, at: string, since: string): Promise<PatchJson> {
  const { stdout, stderr } = await run(world, 'report', '--now', at, '--since', since, '--format', 'json');
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as PatchJson;
}

const categoriesOf = ({ compliance }: PatchJson) =>
  compliance.byCategory.filter(({ uses, usesBefore }) => uses + usesBefore > 0);
const tallyOf = ({ compliance }: PatchJson, id: string) => {
  const found = compliance.byCriterion.find(({ criterion }) => criterion === id);
  assert.ok(found !== undefined);
  const { pass, info, waived, warn, fail, unknown, passShare } = found;
  return { pass, info, waived, warn, fail, unknown, passShare };
};
const none = { pass: 0, info: 0, waived: 0, warn: 0, fail: 0, unknown: 0 };

test('a fleet over three days: what is prohibited, then waived, then mended; nothing unknown passes', () =>
  inScannedTree({}, async (world) => {
    const { path, push, trivy } = world;
    push('library/debian', '12-slim', 'old');
    push('acme/base', '1', 'old');
    await makeFleet(world);
    await monitor(world, '2026-11-23T08:00:00Z');
    const first = await report(world, '2026-11-23T20:00:00Z', '2026-11-23');
    assert.deepEqual(
      categoriesOf(first).map(({ category, uses, share }) => [category, uses, share]),
      [
        ['permitted', 1, 0.5],
        ['prohibited', 1, 0.5],
      ],
    );
    assert.deepEqual(tallyOf(first, 'official-source'), { ...none, pass: 1, fail: 1, passShare: 0.5 });
    assert.deepEqual(tallyOf(first, 'no-unpatched-critical'), { ...none, unknown: 2, passShare: 0 }, 'nobody scanned');
    assert.deepEqual(first.compliance.repositories, {
      lookedAt: 2,
      notLookedAt: [{ repository: join(path, 'gone'), lastAt: null }],
    });

    await appendFile(join(path, 'policy.yaml'), waiver + unused);
    trivy({ updatedAt: '2026-11-24T00:00:00Z' });
    await monitor(world, '2026-11-24T08:00:00Z', '--scan');
    const second = await report(world, '2026-11-24T20:00:00Z', '2026-11-23');
    assert.deepEqual(tallyOf(second, 'official-source'), { ...none, pass: 1, waived: 1, passShare: 0.5 });
    assert.deepEqual(tallyOf(second, 'no-unpatched-critical'), { ...none, fail: 2, passShare: 0 });
    const [covering, idle] = second.waivers;
    assert.deepEqual(
      [covering?.id, covering?.seenSince.slice(0, 10), covering?.until, covering?.approvedBy, covering?.covers],
      ['W-1', '2026-11-24', '2026-12-20', 'b', 1],
    );
    assert.deepEqual(
      covering?.places.map((row) => second.compliance.places[row - 1]?.reference),
      ['docker.io/acme/base:1'],
    );
    assert.deepEqual([idle?.id, idle?.covers, idle?.places, idle?.episodes], ['W-2', 0, [], []]);

    await writeFile(join(path, 'cart', 'Dockerfile'), 'FROM debian:12-slim\n');
    push('library/debian', '12-slim', 'new');
    trivy({ updatedAt: '2026-11-25T00:00:00Z' });
    await monitor(world, '2026-11-25T08:00:00Z', '--scan');
    const third = await report(world, '2026-11-25T20:00:00Z', '2026-11-23');
    assert.deepEqual(
      categoriesOf(third).map(({ category, uses, share, shareBefore }) => [category, uses, share, shareBefore]),
      [
        ['permitted', 2, 1, 0.5],
        ['prohibited', 0, 0, 0.5],
      ],
    );
    const prohibited = third.compliance.trend.map(({ byCategory }) => byCategory.prohibited);
    assert.deepEqual([prohibited.length, prohibited[1], prohibited.at(-1)], [12, 1, 0]);
    const later = await report(world, '2026-12-25T00:00:00Z', '2026-12-01');
    assert.deepEqual(
      later.compliance.repositories.notLookedAt.map(({ lastAt }) => lastAt?.slice(0, 10) ?? null),
      ['2026-11-25', '2026-11-25', null],
      'how they stand is not known',
    );
    assert.equal(later.compliance.uses, 0);

    const csv = await run(world, 'report', '--format', 'csv', '--of', 'compliance', '--now', '2026-11-25T20:00:00Z');
    assert.match(
      csv.stdout,
      /^row,repository,.*\r\n1,.*,Dockerfile,1,docker\.io\/library\/debian:12-slim,permitted,pass,/,
    );
    assert.equal((await run(world, 'report', '--of', 'compliance')).code, 2);
    const text = await run(world, 'report', '--now', '2026-11-25T20:00:00Z', '--since', '2026-11-23');
    assert.match(text.stdout, /Base images: 2 image uses in 2 repositories: 2 permitted\./);
  }));

test('a dry run keeps nothing', () =>
  inScannedTree({}, async (world) => {
    world.push('library/debian', '12-slim', 'old');
    world.push('acme/base', '1', 'old');
    await makeFleet(world);
    await monitor(world, '2026-11-23T08:00:00Z', '--dry-run');
    assert.equal((await report(world, '2026-11-23T20:00:00Z', '2026-11-23')).compliance.uses, 0);
  }));
