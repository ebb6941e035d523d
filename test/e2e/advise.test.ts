import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import type { Advice } from '../../src/flows/advise/advice.ts';
import { inScannedImages } from './scanned-images.ts';

test('advise scans what could follow, and recommends what clears', () =>
  inScannedImages(async ({ push, run, trivy }) => {
    push('ubuntu:22.04', 'old');
    const digest = push('ubuntu:26.04', 'new');
    const { code, stdout, stderr } = await run('advise', 'ubuntu:22.04', '--severity', 'critical');
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^ubuntu:22\.04: use ubuntu:26\.04\n\n {2}no finding of critical severity with a fix is left\n/,
    );
    assert.match(stdout, /2 findings fixed \(1 of critical severity\), 1 added \(0\)/);
    assert.match(stdout, /ubuntu:26\.04 +major +0 +1 +0 +3 +2 +1 +10\.5 kB\n/);
    assert.match(stdout, /- runs as 65532 in place of root\n/);
    assert.match(stdout, /\nWrite: {2}FROM ubuntu:26\.04\n/);
    const json = await run('advise', 'ubuntu:22.04', '--severity', 'critical', '--json');
    const advice = JSON.parse(json.stdout) as Advice;
    assert.deepEqual(advice.recommendation, { kind: 'move', reference: 'docker.io/library/ubuntu:26.04', digest });
    assert.deepEqual(advice.scanner, { name: 'trivy 0.68.2', databaseAt: '2026-11-25T00:00:00Z' });
    assert.equal(trivy.runs().filter((run) => run === 'image').length, 2, 'the second run finds both scans kept');
  }));

test('what cannot be looked into is told, and never better', () =>
  inScannedImages(async ({ push, run }) => {
    push('ubuntu:22.04', 'old');
    push('ubuntu:26.04', 'scratch');
    const { code, stdout } = await run('advise', 'ubuntu:22.04');
    assert.equal(code, 0);
    assert.match(stdout, /^ubuntu:22\.04: stay, nothing that was found is better\n/);
    assert.match(
      stdout,
      /Not ranked, so not known to be better:\n {2}ubuntu:26\.04 \(major\)\n {4}trivy found neither/,
    );
  }));

for (const [what, state, said] of [
  ['a scanner that crashes', { mischief: { image: 'crashes' } }, /ubuntu:22\.04 \(present\) cannot scan .*ubuntu/],
  ['a database that is too old', { updatedAt: '2026-11-01T00:00:00Z' }, /too old to prove anything/],
] as const)
  test(`${what} recommends nothing and ends with 3`, () =>
    inScannedImages(async ({ push, run }) => {
      push('ubuntu:22.04', 'old');
      push('ubuntu:26.04', 'new');
      const { code, stdout } = await run('advise', 'ubuntu:22.04');
      assert.equal(code, 3);
      assert.match(stdout, /^ubuntu:22\.04: nothing can be recommended\n/);
      assert.match(stdout.replaceAll(/\n +/g, ' '), said);
      assert.doesNotMatch(stdout, /Write:/);
    }, state));

test('without a scanner steps and sizes are told, not a word on findings, and it ends with 3', () =>
  inScannedImages(async ({ push, run, trivy }) => {
    push('ubuntu:22.04', 'old');
    push('ubuntu:26.04', 'new');
    rmSync(trivy.path);
    const { code, stdout } = await run('advise', 'ubuntu:22.04');
    assert.equal(code, 3);
    assert.match(
      stdout,
      /nothing can be recommended\n\n {2}no program at .*trivy, which BASEKEEPER_TRIVY names: install Trivy/,
    );
    assert.match(stdout, /ubuntu:26\.04 +major +10\.5 kB +the newest major step/);
    assert.doesNotMatch(stdout, /CVE|critical/);
  }));

test('wrong options are wrong usage', () =>
  inScannedImages(async ({ run }) => {
    for (const [args, message] of [
      [['scratch'], /scratch is empty/],
      [['Not A Name'], /is no image reference/],
      [['ubuntu:22.04', '--severity', 'low'], /write critical or high/],
      [['ubuntu:22.04', '--max', '0'], /write a number from 1 to 50/],
      [['ubuntu:22.04', '--platform', 'a/b/c/d'], /is no platform/],
    ] as const) {
      const { code, stderr, stdout } = await run('advise', ...args);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
    }
  }));
