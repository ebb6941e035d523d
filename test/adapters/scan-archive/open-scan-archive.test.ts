import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, readFileSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openScanArchive } from '../../../src/adapters/scan-archive/open-scan-archive.ts';
import { ScanArchiveError } from '../../../src/ports/scan-archive.ts';
import { digestOf, keptScan } from '../../contracts/scan-archive.contract.ts';
import { withFolder } from '../store/with-folder.ts';

const first = digestOf(1);
const start = keptScan(first).databaseAt;

function filesIn(folder: string): readonly string[] {
  return globSync('*/*/*', { cwd: folder })
    .sort()
    .map((path) => join(folder, path));
}

test('of one digest the newest two are kept', () =>
  withFolder(async (folder) => {
    const archive = openScanArchive(folder);
    for (const at of [0, 1, 2, 3, 4]) await archive.keep(keptScan(first, start + at));
    await archive.keep(keptScan(digestOf(2)));
    assert.deepEqual(
      filesIn(folder).map((path) => path.replace(/^.*-0*/, '')),
      [`${start + 3}.json.gz`, `${start + 4}.json.gz`, `${start}.json.gz`],
    );
  }));

test('what nothing was kept of for 90 days is removed', () =>
  withFolder(async (folder) => {
    for (const at of [1, 2]) await openScanArchive(folder).keep(keptScan(digestOf(at)));
    const [one = '', two = ''] = filesIn(folder);
    const daysAgo = (days: number) => Date.now() / 1000 - days * 86_400;
    utimesSync(one, daysAgo(91), daysAgo(91));
    utimesSync(two, daysAgo(89), daysAgo(89));
    await openScanArchive(folder).keep(keptScan(digestOf(3)));
    assert.deepEqual(
      [1, 2, 3].map((at) => filesIn(folder).some((path) => path.includes(digestOf(at).slice('sha256:'.length)))),
      [false, true, true],
    );
  }));

for (const [what, damage] of [
  ['cut', (path: string) => truncateSync(path, 40)],
  ['emptied', (path: string) => truncateSync(path, 0)],
  ['changed in the middle', (path: string) => writeFileSync(path, readFileSync(path).fill(0, 30, 60))],
  ['of another format', (path: string) => writeFileSync(path, gzipSync('{"format":2}'))],
  ['no object', (path: string) => writeFileSync(path, gzipSync('null'))],
  ['a scan of another digest', (path: string) => writeFileSync(path, packedOf(digestOf(9)))],
] as const)
  test(`a file that was ${what} was not kept, and the one before it still counts`, () =>
    withFolder(async (folder) => {
      const archive = openScanArchive(folder);
      await archive.keep(keptScan(first, start));
      await archive.keep(keptScan(first, start + 1));
      const [older = '', newer = ''] = filesIn(folder);
      damage(newer);
      assert.equal((await archive.find(first, 'trivy'))?.databaseAt, start);
      damage(older);
      assert.equal(await archive.find(first, 'trivy'), undefined);
      await archive.keep(keptScan(first, start + 1));
      assert.equal((await archive.find(first, 'trivy'))?.databaseAt, start + 1);
    }));

function packedOf(digest: string): Buffer {
  return gzipSync(JSON.stringify({ format: 1, ...keptScan(digest) }));
}

test('what unpacks without end is not read', () =>
  withFolder(async (folder) => {
    const archive = openScanArchive(folder);
    await archive.keep(keptScan(first));
    writeFileSync(filesIn(folder)[0] ?? '', gzipSync(Buffer.alloc(257 * 1024 * 1024)));
    assert.equal(await archive.find(first, 'trivy'), undefined);
  }));

test('a link in the place of a file is not followed', () =>
  withFolder(async (folder) => {
    const archive = openScanArchive(`${folder}/scans`);
    writeFileSync(`${folder}/elsewhere`, packedOf(first));
    const own = `${folder}/scans/00/${first.slice('sha256:'.length)}`;
    mkdirSync(own, { recursive: true });
    symlinkSync(`${folder}/elsewhere`, `${own}/trivy-${String(start).padStart(16, '0')}.json.gz`);
    assert.equal(await archive.find(first, 'trivy'), undefined);
  }));

test('a folder that cannot be written is told, with what to do', () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/scans`, 'a file');
    const archive = openScanArchive(`${folder}/scans`);
    const refusal = (error: unknown) =>
      error instanceof ScanArchiveError && /ENOTDIR.*BASEKEEPER_CACHE/.test(error.message);
    await assert.rejects(archive.keep(keptScan(first)), refusal);
    await assert.rejects(archive.find(first, 'trivy'), refusal);
  }));

const program = `
  import { openScanArchive } from ${JSON.stringify(join(import.meta.dirname, '../../../src/adapters/scan-archive/open-scan-archive.ts'))};
  const { folder, scan, from, to } = JSON.parse(process.env.WORK);
  const archive = openScanArchive(folder);
  // Large enough that a write takes a while.
  scan.report = Array.from({ length: 20_000 }, (_, at) => String(at * 7919)).join();
  for (let at = from; at < to; at += 1) {
    await archive.keep({ ...scan, databaseAt: scan.databaseAt + at });
    if (at === from) process.stdout.write('begun');
  }
`;

/** A process of its own that keeps scans of one digest, one after the other. */
function keepElsewhere(folder: string, from: number, to: number): ChildProcess {
  const env = { WORK: JSON.stringify({ folder, scan: keptScan(first), from, to }) };
  return spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

test('a process that is killed while it keeps leaves only whole scans, and its rest is cleared away', () =>
  withFolder(async (folder) => {
    const archive = openScanArchive(folder);
    for (let round = 0; round < 3; round += 1) {
      const child = keepElsewhere(folder, round * 1000, round * 1000 + 100_000);
      const ended = once(child, 'close');
      await once(child.stdout ?? child, 'data');
      child.kill('SIGKILL');
      await ended;
      const kept = await archive.find(first, 'trivy');
      assert.ok(kept?.report.endsWith(`${19_999 * 7919}`));
    }
    const abandoned = join(folder, '00', first.slice('sha256:'.length), 'abandoned.tmp');
    writeFileSync(abandoned, 'half');
    utimesSync(abandoned, 1, 1);
    await archive.keep(keptScan(first, start + 1_000_000));
    assert.ok(!filesIn(folder).includes(abandoned));
  }));

test('two processes keep scans of the same image at the same time', () =>
  withFolder(async (folder) => {
    const archive = openScanArchive(folder);
    const children = [keepElsewhere(folder, 0, 40), keepElsewhere(folder, 20, 60)];
    const codes = children.map(async (child) => (await once(child, 'close'))[0] as number);
    await once(children[0]?.stdout ?? process, 'data');
    while (children.some(({ exitCode }) => exitCode === null)) {
      const kept = await archive.find(first, 'trivy');
      assert.ok(kept?.report.endsWith(`${19_999 * 7919}`));
    }
    assert.deepEqual(await Promise.all(codes), [0, 0]);
    assert.equal((await archive.find(first, 'trivy'))?.databaseAt, start + 59);
    assert.equal(filesIn(folder).length, 2);
  }));
