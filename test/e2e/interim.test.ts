import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CheckResult } from '../../src/flows/check-result.ts';
import type { UpdateResult } from '../../src/flows/update/update-result.ts';
import { basekeeper, type Run } from './command.ts';
import { inScannedTree, type Scanned, scanNow } from './scanned.ts';

const dockerfile = 'FROM debian:12-slim AS app\r\n# the program\r\nCOPY app /app\r\nCMD ["/app"]\r\n';
const mark = '# basekeeper interim CVE-2026-0001 openssl: remove when the base has 3.0.17-1~deb12u3';
const run =
  'RUN apt-get update && apt-get install -y --no-install-recommends --only-upgrade libssl3 openssl && rm -rf /var/lib/apt/lists/*';
const upgraded = dockerfile.replace('AS app\r\n', `AS app\r\n${mark}\r\n${run}\r\n`);

function interim({ path, env }: Scanned, ...args: readonly string[]): Promise<Run> {
  const fixed = ['--policy', join(path, 'policy.yaml'), '--now', scanNow];
  return basekeeper(['update', join(path, 'tree'), '--interim', ...fixed, ...args], { cwd: path, env });
}

function text({ path }: Scanned): Promise<string> {
  return readFile(join(path, 'tree', 'Dockerfile'), 'utf8');
}

test('the upgrade of a package is written, held against each scan, and removed once the base has caught up', () =>
  inScannedTree({ Dockerfile: dockerfile }, async (world) => {
    world.trivy();
    world.push('library/debian', '12-slim', 'old');
    const seen = await interim(world);
    assert.equal(seen.code, 0, seen.stderr);
    assert.ok(seen.stdout.replace(/\s+/g, ' ').includes(run), seen.stdout);
    assert.match((await interim(world, '--diff')).stdout, /\+# basekeeper interim CVE-2026-0001 openssl/);
    assert.equal(await text(world), dockerfile, 'nothing is written without --write');

    const written = await interim(world, '--write');
    assert.equal(written.code, 0, written.stdout + written.stderr);
    assert.equal(await text(world), upgraded);
    const again = JSON.parse((await interim(world, '--json')).stdout) as UpdateResult;
    assert.deepEqual(again.trees[0]?.changes, [], 'it is there once');
    const needed = await world.run('check', '--json');
    assert.match(
      ruleOf(needed, 'interim-upgrade'),
      /openssl is needed still: the base has no openssl 3\.0\.17-1~deb12u3/,
    );

    world.trivy({ mischief: { image: 'crashes', sbom: 'crashes' }, updatedAt: '2026-11-25T06:00:00Z' });
    world.push('library/debian', '12-slim', 'new');
    const failed = await interim(world, '--write');
    assert.equal(failed.code, 3, failed.stdout);
    assert.equal(await text(world), upgraded, 'a scan that failed removes nothing');

    world.trivy();
    const caughtUp = await world.run('check', '--json');
    assert.match(ruleOf(caughtUp, 'interim-upgrade'), /the base has caught up.*remove lines 2–3/);
    assert.equal((await interim(world, '--write')).code, 0);
    assert.equal(await text(world), dockerfile);
  }));

test('where a newer content in the line is free of it, that is to be taken instead', () =>
  inScannedTree({ Dockerfile: 'FROM scratch\n' }, async (world) => {
    world.trivy();
    const digest = world.push('library/debian', '12-slim', 'old');
    world.push('library/debian', '12-slim', 'new');
    await writeFile(join(world.path, 'tree', 'Dockerfile'), `FROM debian:12-slim@${digest}\n`);
    const { stdout, code } = await interim(world, '--write');
    assert.equal(code, 0);
    assert.match(
      stdout.replace(/\s+/g, ' '),
      /scans free of CVE-2026-0001: take it instead, basekeeper update writes it/,
    );
    assert.equal(await text(world), `FROM debian:12-slim@${digest}\n`);
  }));

test('an image without a package manager gets no line, and the reason is told', () =>
  inScannedTree({ Dockerfile: 'FROM debian:12-slim-distroless\n' }, async (world) => {
    world.trivy();
    world.push('library/debian', '12-slim-distroless', 'old');
    const { stdout } = await interim(world, '--write');
    assert.match(stdout.replace(/\s+/g, ' '), /CVE-2026-0001 in openssl: the image has no package manager/);
    assert.equal(await text(world), 'FROM debian:12-slim-distroless\n');
    const { stdout: checked } = await world.run('check', '--json');
    assert.match(checked, /openssl has no interim upgrade: the image has no package manager/);
  }));

test('check tells the line itself, and a mark that marks nothing', () =>
  inScannedTree({ Dockerfile: `FROM debian:12-slim\n${mark}\n\nCMD ["/app"]\n` }, async (world) => {
    world.trivy();
    world.push('library/debian', '12-slim', 'old');
    const { stdout } = await world.run('check', '--json');
    const { files } = JSON.parse(stdout) as CheckResult;
    assert.deepEqual(
      files[0]?.problems.map(({ code, line }) => [code, line]),
      [['interim-mark', 2]],
    );
    assert.ok(ruleOf({ stdout }, 'interim-upgrade').includes(run), stdout);
  }));

test('what it cannot be asked together with is told', () =>
  inScannedTree({}, async (world) => {
    for (const [args, said] of [
      [['--pin'], /--interim changes no image/],
      [['--propose'], /--interim goes with --scan/],
    ] as const) {
      const { code, stderr } = await interim(world, ...args);
      assert.deepEqual([code, said.test(stderr)], [2, true], stderr);
    }
  }));

function ruleOf({ stdout }: Pick<Run, 'stdout'>, id: string): string {
  const { files } = JSON.parse(stdout) as CheckResult;
  const rules = files.flatMap(({ uses }) => uses.flatMap((use) => use.rules));
  const { reason = '', fix = '' } = rules.find(({ rule }) => rule === id) ?? {};
  return `${reason} ${fix}`;
}
