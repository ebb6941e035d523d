import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ComparisonResult } from '../../src/flows/compare.ts';
import { inScannedImages } from './scanned-images.ts';

const report = (name: string) => join(import.meta.dirname, '..', 'fixtures', 'scans', `${name}.json`);
const baseName = 'org.opencontainers.image.base.name';

test('two references are scanned with one database and set beside each other, with sizes per platform', () =>
  inScannedImages(async ({ push, run, trivy }) => {
    const before = push('debian:12.9', 'old');
    push('debian:12.12', 'new', { arm64: 'old' });
    const { code, stdout, stderr } = await run('compare', 'debian:12.9', 'debian:12.12');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /image +debian:12\.9 +debian:12\.12\n/);
    assert.match(stdout, / {2}linux\/amd64 +10\.4 kB +10\.5 kB\n {2}linux\/arm64 +not published +10\.4 kB\n/);
    assert.match(stdout, /2 findings fixed, 2 remaining \(1 with a fix\), 1 added/);
    assert.doesNotMatch(stdout, /note/, 'one scanner, one database');
    assert.equal(trivy.runs().filter((run) => run === 'download').length, 1);
    const json = await run('compare', 'debian:12.9', 'debian:12.12', '--json');
    const result = JSON.parse(json.stdout) as ComparisonResult;
    assert.equal(result.before.published?.digest, before);
    assert.deepEqual(
      result.after.published?.sizes.map(({ platform }) => platform),
      ['linux/amd64', 'linux/arm64'],
    );
    assert.deepEqual([result.before.databaseAt, result.after.databaseAt], Array(2).fill('2026-11-25T00:00:00Z'));
  }));

test('--platform names the image that is scanned', () =>
  inScannedImages(async ({ push, run }) => {
    push('debian:12', 'new', { arm64: 'old' });
    const { stdout } = await run('compare', 'debian:12', report('new'), '--platform', 'linux/arm64', '--json');
    const { before } = JSON.parse(stdout) as ComparisonResult;
    assert.equal(before.system?.release, '12.9');
  }));

test('the base that an image names tells its findings from those of the application', () =>
  inScannedImages(async ({ push, run }) => {
    push('debian:12.9', 'old');
    push('app:1', 'app-on-old', { annotations: { [baseName]: 'docker.io/library/debian:12.9' } });
    push('app:2', 'new');
    const { stdout } = await run('compare', 'app:1', 'app:2', '--json');
    const { before, after } = JSON.parse(stdout) as ComparisonResult;
    assert.deepEqual(before.origins, {
      ...{ base: 'debian:12.9', known: 'annotation', evidence: 'layers' },
      ...{ inBase: 4, inApp: 0, mitigated: [] },
    });
    assert.equal(after.origins, null);
  }));

test('a base that an image names and nobody has is a note', () =>
  inScannedImages(async ({ push, run }) => {
    push('app:1', 'app-on-old', { annotations: { [baseName]: 'docker.io/library/gone:1' } });
    push('app:2', 'new');
    const { code, stdout } = await run('compare', 'app:1', 'app:2');
    assert.equal(code, 0);
    assert.match(
      stdout.replaceAll('\n', ' '),
      /app:1: the base that its annotation names could not be looked into: gone:1: /,
    );
  }));

test('the provenance of a build names its images, and the layers which of them is below', () =>
  inScannedImages(async ({ path, push, run }) => {
    const digest = push('debian:12.9', 'old');
    push('debian:12.12', 'new');
    push('app:1', 'app-on-old', { annotations: { [baseName]: 'docker.io/library/debian:12.12' } });
    const materials = ['debian@12.12', 'debian@12.9', 'gone@1'].map((name) => ({ uri: `pkg:docker/${name}` }));
    await writeFile(join(path, 'provenance.json'), JSON.stringify({ predicate: { materials } }));
    const { stdout, stderr } = await run(
      'compare',
      report('old'),
      'app:1',
      '--provenance',
      'provenance.json',
      '--json',
    );
    assert.equal(stderr, '');
    const { before, after } = JSON.parse(stdout) as ComparisonResult;
    const told = { base: 'debian:12.9', known: 'provenance', evidence: 'layers', inBase: 4, inApp: 0, mitigated: [] };
    assert.deepEqual([before.origins, after.origins], [told, told]);
    assert.notEqual(after.published?.digest, digest);
    const half = await run('compare', 'app:1', 'app:1', '--provenance', report('old'));
    assert.equal(half.code, 2);
    assert.match(half.stderr, /old\.json is no provenance as BuildKit writes it/);
  }));

test('--base names a reference as well', () =>
  inScannedImages(async ({ push, run }) => {
    push('debian:12.9', 'old');
    push('app:1', 'app-on-old');
    const { stdout } = await run('compare', report('old'), 'app:1', '--base', 'debian:12.9');
    assert.match(stdout, /base +debian:12\.9 +debian:12\.9\n/);
    assert.match(stdout, /findings +4 of the base, 0 of the application/);
  }));

test('what cannot be scanned is no comparison: it ends with 3', () =>
  inScannedImages(async ({ push, run, trivy }) => {
    push('debian:12.9', 'old');
    push('app:1', 'scratch');
    const gone = await run('compare', 'debian:12.9', 'debian:13');
    assert.equal(gone.code, 3);
    assert.match(gone.stderr, /nothing can be compared: debian:13: .*debian:13/);
    const blind = await run('compare', 'debian:12.9', 'app:1');
    assert.equal(blind.code, 3);
    assert.match(blind.stderr, /app:1: trivy found neither a system nor packages/);
    rmSync(trivy.path);
    const scannerless = await run('compare', 'debian:12.9', 'debian:12.9');
    assert.equal(scannerless.code, 3);
    assert.match(scannerless.stderr, /nothing can be compared: no program at .*: install Trivy/);
    assert.equal(scannerless.stdout, '');
  }));

test('a file that is there is a report, and the way to the image of its name is told', () =>
  inScannedImages(async ({ path, push, run }) => {
    push('debian', 'old');
    await writeFile(join(path, 'debian'), 'FROM scratch\n');
    const { code, stderr } = await run('compare', 'debian', report('new'));
    assert.equal(code, 2);
    assert.match(
      stderr,
      /debian is no whole JSON document; if the image is meant, write .*docker\.io\/library\/debian/,
    );
  }));
