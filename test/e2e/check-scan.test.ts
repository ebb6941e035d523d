import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CheckResult } from '../../src/flows/check-result.ts';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import { git } from '../fakes/git-server.ts';
import { laterDatabase } from '../fakes/os-image/scanned-images.ts';
import { basekeeperCommand, type Run } from './command.ts';
import { askedOf } from './monitored.ts';
import { inScannedTree, scanNow } from './scanned.ts';

const files = {
  Dockerfile: 'FROM debian:12-slim AS build\nFROM debian:12-slim\nUSER 1\nCOPY --from=build /a /a\n',
  'b/Dockerfile': 'FROM debian:bookworm-slim\nUSER 1\n',
};

function resultOf({ stdout, stderr }: Run): CheckResult {
  assert.match(stdout, /^\{/, stderr);
  return JSON.parse(stdout) as CheckResult;
}

const found = ({ scans }: CheckResult) =>
  scans?.images.map(({ image, scan }) =>
    [
      image.replace('docker.io/library/', ''),
      ...(scan.kind === 'scanned'
        ? [scan.how, ...scan.findings.filter(({ severity }) => severity === 'critical').map(({ id }) => id)]
        : [scan.kind]),
    ].join(' '),
  );

test('an image is downloaded and scanned once, kept, and matched anew with the next database', () =>
  inScannedTree(files, async ({ hub, push, trivy, run }) => {
    push('library/debian', '12-slim', 'old');
    push('library/debian', 'bookworm-slim', 'old');
    const program = trivy();
    const first = await run('check', '--json');
    assert.equal(first.code, 1, first.stderr + first.stdout);
    assert.deepEqual(found(resultOf(first)), [
      'debian:12-slim scanned CVE-2026-0001',
      'debian:bookworm-slim scanned CVE-2026-0001',
    ]);
    assert.deepEqual(resultOf(first).scans?.contents, { scanned: 1, rematched: 0, kept: 0, reported: 0 });
    // The config to tell the platform; then it and the layer, as they are downloaded.
    assert.equal(askedOf(hub), 'config 3, head 2, manifest 1, ping 1');
    assert.equal(program.runs().filter((verb) => verb === 'image').length, 1);
    const second = resultOf(await run('check', '--json'));
    assert.deepEqual(second.scans?.contents, { scanned: 0, rematched: 0, kept: 1, reported: 0 });
    trivy({ updatedAt: laterDatabase.updatedAt });
    rmSync(program.path.replace(/trivy$/, 'runs'));
    askedOf(hub);
    const third = await run('check', '--json');
    assert.deepEqual(found(resultOf(third)), [
      'debian:12-slim rematched CVE-2026-0001 CVE-2026-0006',
      'debian:bookworm-slim rematched CVE-2026-0001 CVE-2026-0006',
    ]);
    assert.equal(askedOf(hub), 'head 2, ping 1');
    assert.ok(!program.runs().includes('image'));
  }));

test('the text tells a table, and each use why', () =>
  inScannedTree(files, async ({ push, trivy, run }) => {
    push('library/debian', '12-slim', 'old');
    push('library/debian', 'bookworm-slim', 'new');
    trivy();
    const { stdout, code } = await run('check');
    assert.equal(code, 1);
    const text = stdout.replace(/\s+/g, ' ');
    assert.match(
      text,
      /fail: 1 CRITICAL finding with a fix: CVE-2026-0001 in openssl 3\.0\.17-1~deb12u2, fixed in 3\.0\.17-1~deb12u3/,
    );
    assert.match(text, /Vulnerabilities of 2 images by trivy 0\.68\.2, database of 2026-11-25 00:00: 2 scanned/);
    assert.match(text, /debian:12-slim linux\/amd64 1\+0 2\+0 – 0\+1 2026-11-25 00:00 scanned/);
    assert.match(text, /debian:bookworm-slim linux\/amd64 – 1\+0 1\+0 0\+1 2026-11-25 00:00 scanned/);
    assert.match((await run('check', '--format', 'sarif')).stdout, /"ruleId": "unpatched-critical"/);
    assert.match((await run('check', '--format', 'junit')).stdout, /unpatched-critical/);
    assert.match((await run('check', '--format', 'markdown')).stdout, /unpatched-critical/);
  }));

test('what is proposed has no say in what is ignored: the base branch has', () =>
  inScannedTree({ ...files, 'b/Dockerfile': '', '.trivyignore': '' }, async ({ path, push, trivy, run }) => {
    push('library/debian', '12-slim', 'old');
    trivy();
    const tree = join(path, 'tree');
    const write = (id: string) => writeFileSync(join(tree, '.trivyignore'), `${id} # not reachable\n`);
    git(tree, 'init', '-q', '-b', 'main');
    write('CVE-2026-0003');
    git(tree, 'add', '-A');
    git(tree, 'commit', '-qm', 'base');
    write('CVE-2026-0001');
    appendFileSync(join(tree, 'Dockerfile'), 'USER 2\n');
    const suppressed = async (...args: readonly string[]) => {
      const { scans, files: judged } = resultOf(await run('check', '--json', ...args));
      const scan = scans?.images[0]?.scan;
      assert.ok(scan?.kind === 'scanned');
      const rules = judged.flatMap(({ uses }) => uses.flatMap((use) => use.rules.map(({ rule }) => rule)));
      return [rules.includes('unpatched-critical'), scan.suppressed.map(({ id, statement }) => `${id} ${statement}`)];
    };
    assert.deepEqual(await suppressed('--changed-since', 'main'), [true, ['CVE-2026-0003 not reachable']]);
    assert.deepEqual(await suppressed(), [false, ['CVE-2026-0001 not reachable']]);
  }));

test('what could not be looked into ends with 3, and everything else is told', () =>
  inScannedTree(
    { Dockerfile: 'FROM debian:12-slim AS a\nFROM debian:11 AS b\nFROM busybox AS c\nFROM scratch\n' },
    async ({ push, trivy, run }) => {
      push('library/debian', '12-slim', 'old');
      push('library/busybox', 'latest', 'scratch');
      trivy();
      const run1 = await run('check', '--json', '--fail-on', 'never');
      assert.equal(run1.code, 3);
      assert.deepEqual(found(resultOf(run1)), [
        'busybox:latest unscannable',
        'debian:11 failed',
        'debian:12-slim scanned CVE-2026-0001',
      ]);
      assert.match(resultOf(run1).summary.notChecked.join('\n'), /known vulnerabilities: .*busybox:latest/);
    },
  ));

for (const [what, mischief] of [
  ['crashes', { image: 'crashes' }],
  ['writes half a report', { image: 'writes half' }],
  ['tells of another image', { image: 'tells of another' }],
  ['has no database', { download: 'lacks a database' }],
] as const)
  test(`a scanner that ${what} proves nothing, and nothing is kept of it`, () =>
    inScannedTree(files, async ({ push, trivy, run }) => {
      push('library/debian', '12-slim', 'old');
      push('library/debian', 'bookworm-slim', 'new');
      trivy({ mischief });
      const { code, stdout } = await run('check', '--json');
      assert.equal(code, 3);
      const { scans } = JSON.parse(stdout) as CheckResult;
      assert.ok(scans?.images.every(({ scan }) => scan.kind === 'failed'));
      trivy();
      assert.deepEqual(resultOf(await run('check', '--json')).scans?.contents.scanned, 2);
    }));

test('without a scanner the run says so once, with what to do, and asks no registry', () =>
  inScannedTree(files, async ({ hub, run }) => {
    const { code, stdout } = await run('check');
    assert.equal(code, 3);
    assert.equal(stdout.match(/no program at/g)?.length, 1, stdout);
    assert.deepEqual(hub.log.lines(), []);
  }));

test('a database that is two days old proves nothing', () =>
  inScannedTree(files, async ({ push, trivy, run }) => {
    push('library/debian', '12-slim', 'old');
    push('library/debian', 'bookworm-slim', 'new');
    trivy({ updatedAt: '2026-11-23T07:00:00Z' });
    const { code, stdout } = await run('check', '--json');
    assert.equal(code, 3);
    assert.deepEqual(found(JSON.parse(stdout) as CheckResult), ['debian:12-slim stale', 'debian:bookworm-slim stale']);
  }));

test('monitor --scan looks into each content once for all that use it, and tells where a fix is lacking', () =>
  inScannedTree(files, async ({ push, trivy, run }) => {
    push('library/debian', '12-slim', 'old');
    push('library/debian', 'bookworm-slim', 'new');
    const program = trivy();
    const json = await run('monitor', '--json');
    assert.equal(json.code, 0, json.stderr + json.stdout);
    const { scans } = JSON.parse(json.stdout) as MonitorResult;
    assert.deepEqual(
      scans?.images.map(({ image, uses }) => [image, uses.length]),
      [
        ['docker.io/library/debian:12-slim', 2],
        ['docker.io/library/debian:bookworm-slim', 1],
      ],
    );
    assert.equal(program.runs().filter((verb) => verb === 'image').length, 2);
    const { stdout } = await run('monitor');
    assert.match(
      stdout.replace(/\s+/g, ' '),
      /In use, with a fix that they lack: debian:12-slim \(linux\/amd64\): 1 CRITICAL and 2 HIGH; 2 uses in 1 tree/,
    );
    trivy({ version: '0.69.4' });
    assert.equal((await run('monitor')).code, 3);
  }));

test('an interrupted scan leaves no image on the disk, and nothing of it is kept', () =>
  inScannedTree(files, async ({ path, env, push, trivy, run }) => {
    push('library/debian', '12-slim', 'old');
    push('library/debian', 'bookworm-slim', 'old');
    const program = trivy({ mischief: { image: 'hangs' } });
    const temporary = join(path, 'tmp');
    mkdirSync(temporary);
    const { command, args, environment } = basekeeperCommand([
      ...['check', join(path, 'tree'), '--scan', '--policy', join(path, 'policy.yaml'), '--now', scanNow],
    ]);
    const child = spawn(command, args, { stdio: 'ignore', env: { ...environment, ...env, TMPDIR: temporary } });
    const timer = setInterval(() => {
      if (!existsSync(join(path, 'trivy-program', 'child'))) return;
      clearInterval(timer);
      child.kill('SIGINT');
    }, 40);
    const [code] = await once(child, 'exit');
    clearInterval(timer);
    assert.equal(code, 130);
    await program.childEnded();
    assert.deepEqual(
      readdirSync(temporary).filter((name) => name.startsWith('basekeeper-')),
      [],
    );
    trivy();
    assert.equal(resultOf(await run('check', '--json')).scans?.contents.scanned, 1);
  }));
