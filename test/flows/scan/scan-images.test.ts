import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolders } from '../../../src/adapters/storage/temporary-folders.ts';
import type { ScanFacts } from '../../../src/domain/policy/scan-facts.ts';
import { defaultScanSettings } from '../../../src/domain/policy/scan-settings.ts';
import type { ScanAnswers } from '../../../src/flows/scan/scan-images.ts';
import { scanKey } from '../../../src/flows/scan/scan-key.ts';
import { ScanArchiveError } from '../../../src/ports/scan-archive.ts';
import { ScannerError } from '../../../src/ports/scanner.ts';
import { debian, hour, now, reference, type ScanWorld, withWorld } from './scan-world.ts';

const old = { packages: { openssl: '3.0.18' }, system: debian };
const critical = {
  id: 'CVE-2026-1',
  severity: 'critical',
  package: 'openssl',
  fixedVersion: '3.0.19',
} as const;

const fact = (said: string, run: (world: ScanWorld) => Promise<void>) => test(said, () => withWorld(run));

function factsOf({ facts }: ScanAnswers, name: string, platform?: string): ScanFacts | undefined {
  return facts.get(scanKey(reference(name), platform));
}

function waysOf({ result }: ScanAnswers): readonly string[] {
  return result.images.map(({ image, platform, scan }) =>
    [image.replace('docker.io/library/', ''), platform, scan.kind === 'scanned' ? scan.how : scan.kind].join(' '),
  );
}

fact('a content is scanned once, whatever tags and platforms name it', async (world) => {
  const [digest = ''] = world.push('debian:12', { 'linux/amd64': old, 'linux/arm64': { packages: {} } });
  world.registry.tag('debian:bookworm', 'debian:12');
  world.scanner.advisories = [critical];
  const answers = await world.run([
    'debian:12',
    'debian:bookworm',
    'debian:12 linux/amd64',
    `debian@${world.registry.digest('debian:12')}`,
    `debian@${digest}`,
  ]);
  assert.deepEqual(world.scanner.calls, ['describe', `scan ${digest.slice(-4)}`]);
  assert.deepEqual(answers.result.contents, { scanned: 1, rematched: 0, kept: 0, reported: 0 });
  assert.deepEqual(factsOf(answers, 'debian:bookworm'), {
    kind: 'scanned',
    ...{ digest, platform: 'linux/amd64', how: 'scanned', scanner: 'trivy 0.68.2' },
    ...{ databaseAt: '2026-11-25T11:00:00Z', isEndOfLife: false, suppressed: [] },
    namedDigest: world.registry.digest('debian:bookworm'),
    findings: [
      {
        ...{ id: 'CVE-2026-1', severity: 'critical', sourcePackage: 'openssl', packages: ['openssl'] },
        ...{ installedVersion: '3.0.18', fixedVersion: '3.0.19', status: 'fixed', severities: {} },
      },
    ],
  });
  assert.equal(answers.result.images.length, 4, 'a use that names the platform is the same image');
});

fact('the platform of the use is scanned, else linux/amd64, else the first', async (world) => {
  world.push('debian:12', { 'linux/arm64': old, 'linux/amd64': old });
  world.push('arm:1', { 'linux/arm64': old, 'linux/s390x': old });
  const answers = await world.run(['debian:12', 'debian:12 linux/arm64', 'arm:1', 'arm:1 linux/amd64']);
  assert.deepEqual(waysOf(answers), [
    'arm:1 linux/amd64 failed',
    'arm:1 linux/arm64 scanned',
    'debian:12 linux/amd64 scanned',
    'debian:12 linux/arm64 scanned',
  ]);
  assert.deepEqual(factsOf(answers, 'arm:1', 'linux/amd64'), {
    kind: 'failed',
    message: 'arm:1 cannot be scanned for linux/amd64: it is published only for linux/arm64, linux/s390x',
  });
});

fact('with the same database nothing is scanned or downloaded again', async (world) => {
  world.push('debian:12', { 'linux/amd64': old });
  world.scanner.advisories = [critical];
  const first = await world.run(['debian:12']);
  world.registry.asked.length = 0;
  const again = await world.run(['debian:12']);
  assert.deepEqual(waysOf(again), ['debian:12 linux/amd64 kept']);
  assert.deepEqual(world.registry.asked, ['resolve 12']);
  assert.deepEqual({ ...factsOf(again, 'debian:12'), how: 'scanned' }, factsOf(first, 'debian:12'));
});

fact('a newer database is asked about what was found installed, and no image is downloaded', async (world) => {
  const [digest = ''] = world.push('debian:12', { 'linux/amd64': old });
  await world.run(['debian:12']);
  world.scanner.advisories = [critical];
  world.scanner.description = { ...world.scanner.description, databaseAt: now };
  world.registry.asked.length = 0;
  const answers = await world.run(['debian:12']);
  assert.deepEqual(waysOf(answers), ['debian:12 linux/amd64 rematched']);
  assert.deepEqual(world.registry.asked, ['resolve 12']);
  const facts = factsOf(answers, 'debian:12');
  assert.equal(facts?.kind === 'scanned' && facts.findings[0]?.id, 'CVE-2026-1');
  const kept = await world.ports.archive.find(digest, 'trivy');
  const { layers, user, sizeBytes, platform, system } = kept?.scan ?? {};
  assert.deepEqual(
    { layers, user, sizeBytes, platform, system },
    { layers: [digest], user: 'app', sizeBytes: 7, platform: 'linux/amd64', system: debian },
  );
  assert.deepEqual(waysOf(await world.run(['debian:12'])), ['debian:12 linux/amd64 kept']);
  world.scanner.description = { ...world.scanner.description, databaseAt: now + 1 };
  assert.deepEqual(waysOf(await world.run(['debian:12'])), ['debian:12 linux/amd64 rematched'], 'again and again');
});

fact('an inventory that the scanner cannot read costs a scan', async (world) => {
  world.push('debian:12', { 'linux/amd64': old });
  await world.run(['debian:12']);
  world.scanner.description = { ...world.scanner.description, databaseAt: now };
  world.scanner.refusals.set('rematch', new ScannerError('malformed', 'trivy wrote no report'));
  assert.deepEqual(waysOf(await world.run(['debian:12'])), ['debian:12 linux/amd64 scanned']);
});

fact('another version of the scanner looks at the image itself', async (world) => {
  world.push('debian:12', { 'linux/amd64': old });
  await world.run(['debian:12']);
  world.scanner.description = { ...world.scanner.description, version: '0.70.0' };
  assert.deepEqual(waysOf(await world.run(['debian:12'])), ['debian:12 linux/amd64 scanned']);
});

fact('a scan with a newer database than ours is as good', async (world) => {
  world.push('debian:12', { 'linux/amd64': old });
  await world.run(['debian:12']);
  world.scanner.description = { ...world.scanner.description, databaseAt: now - 2 * hour };
  assert.deepEqual(waysOf(await world.run(['debian:12'])), ['debian:12 linux/amd64 kept']);
});

fact('a database that is too old proves nothing, and nothing is downloaded for it', async (world) => {
  world.push('debian:12', { 'linux/amd64': old });
  world.scanner.description = { ...world.scanner.description, databaseAt: now - 49 * hour };
  const answers = await world.run(['debian:12']);
  assert.deepEqual(factsOf(answers, 'debian:12'), {
    kind: 'stale',
    message:
      'the vulnerability database is of 2026-11-23T11:00:00Z, too old to prove anything: let the scanner fetch a newer one',
  });
  assert.deepEqual(world.scanner.calls, ['describe']);
  assert.deepEqual(
    waysOf(await world.run(['debian:12'], { terms: { ...defaultScanSettings, maxDatabaseAgeMs: 50 * hour } })),
    ['debian:12 linux/amd64 scanned'],
  );
  assert.equal(factsOf(await world.run(['debian:12']), 'debian:12')?.kind, 'stale', 'nor does it from the archive');
});

fact('no findings in what the scanner cannot see into are never clean', async (world) => {
  world.push('scratchy:1', { 'linux/amd64': { packages: {} } });
  assert.equal(factsOf(await world.run(['scratchy:1']), 'scratchy:1')?.kind, 'unscannable');
  assert.equal(factsOf(await world.run(['scratchy:1']), 'scratchy:1')?.kind, 'unscannable', 'nor when it was kept');
});

fact('a system past its end is told', async (world) => {
  world.push('debian:9', { 'linux/amd64': { ...old, system: { ...debian, isEndOfLife: true } } });
  const facts = factsOf(await world.run(['debian:9']), 'debian:9');
  assert.equal(facts?.kind === 'scanned' && facts.isEndOfLife, true);
});

fact('a scanner that is missing is told once, and no registry is asked', async (world) => {
  world.push('debian:12', { 'linux/amd64': old });
  world.scanner.refusals.set('describe', new ScannerError('missing', 'there is no trivy: install it'));
  const { result } = await world.run(['debian:12', 'debian:13']);
  assert.equal(result.failure, 'there is no trivy: install it');
  assert.equal(result.scanner, undefined);
  assert.deepEqual(
    result.images.map(({ scan }) => scan),
    Array.from({ length: 2 }, () => ({ kind: 'failed', message: 'no scanner answered' })),
  );
  assert.deepEqual(world.registry.asked, []);
});

fact('what one image is refused is told of it, and the others are scanned', async (world) => {
  world.push('debian:12', { 'linux/amd64': old });
  world.push('node:24', { 'linux/amd64': old });
  world.push('python:3', { 'linux/amd64': old });
  world.registry.refused.add('library/node');
  const answers = await world.run(['debian:12', 'node:24', 'ruby:3']);
  assert.deepEqual(waysOf(answers), ['debian:12 linux/amd64 scanned', 'node:24  failed', 'ruby:3  failed']);
  assert.deepEqual(factsOf(answers, 'node:24'), { kind: 'failed', message: 'library/node is down' });
  world.scanner.refusals.set('scan', new ScannerError('late', 'trivy was ended after 300 s'));
  assert.deepEqual(factsOf(await world.run(['python:3']), 'python:3'), {
    kind: 'failed',
    message: 'trivy was ended after 300 s',
  });
});

fact('an archive that cannot be used is told once, and images are scanned all the same', async (world) => {
  world.push('debian:12', { 'linux/amd64': old });
  world.push('node:24', { 'linux/amd64': old });
  const refuse = async () => {
    throw new ScanArchiveError('the disk is full');
  };
  for (const archive of [
    { ...world.ports.archive, keep: refuse },
    { find: refuse, keep: refuse },
  ]) {
    Object.assign(world.ports, { archive });
    const answers = await world.run(['debian:12', 'node:24']);
    assert.deepEqual(waysOf(answers), ['debian:12 linux/amd64 scanned', 'node:24 linux/amd64 scanned']);
    assert.deepEqual(answers.result.notes, ['the disk is full']);
  }
});

fact('few images are scanned at a time', async (world) => {
  const names = Array.from({ length: 12 }, (_, at) => `base:${at}`);
  for (const name of names) world.push(name, { 'linux/amd64': old });
  const { result } = await world.run(names);
  assert.equal(result.contents.scanned, 12);
  assert.ok(world.scanner.mostUnderWay > 1 && world.scanner.mostUnderWay <= 4, `${world.scanner.mostUnderWay}`);
});

fact('where no temporary folder can be made no image is scanned, and that is told', async (world) => {
  world.push('debian:12', { 'linux/amd64': old });
  Object.assign(world.ports, { folders: temporaryFolders('/nowhere') });
  assert.deepEqual(factsOf(await world.run(['debian:12']), 'debian:12'), {
    kind: 'failed',
    message: 'cannot make a temporary folder in /nowhere (ENOENT): make room there or name another folder in TMPDIR',
  });
});
