import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Advice } from '../../../src/flows/advise/advice.ts';
import { ScannerError } from '../../../src/ports/scanner.ts';
import { renderAdvice } from '../../../src/render/advise/text.ts';
import { type AdviseWorld, inAdviseWorld } from './advise-world.ts';

const fact = (said: string, run: (world: AdviseWorld) => Promise<void>) => test(said, () => inAdviseWorld(run));

const bookworm = { family: 'debian', release: '12.13', isEndOfLife: false };
const trixie = { family: 'debian', release: '13.2', isEndOfLife: false };
const alpine = { family: 'alpine', release: '3.22.1', isEndOfLife: false };
const tools = { libc6: '2.36', dash: '0.5', apt: '2.6' };

/** openssl 3.0.18 has a critical finding whose fix is 3.0.19, curl 7 a high one without a fix, xz 5 a medium one. */
function publishAdvisories(world: AdviseWorld): void {
  world.scanner.advisories = [
    { id: 'CVE-1', severity: 'critical', package: 'openssl', fixedVersion: '3.0.19' },
    { id: 'CVE-2', severity: 'high', package: 'curl' },
    { id: 'CVE-3', severity: 'medium', package: 'xz' },
  ];
}

const ranks = ({ ranked }: Advice) =>
  ranked.map(({ reference, jump, patchable, remaining }) =>
    [jump, reference.replace('docker.io/library/', ''), patchable, remaining].join(' '),
  );
const text = (advice: Advice) => renderAdvice(advice, { color: false, width: 100, isPinned: false });

const old = { packages: { ...tools, openssl: '3.0.18', curl: '7' }, system: bookworm };
const patched = { packages: { ...tools, openssl: '3.0.19', curl: '7' }, system: bookworm };

fact('the nearest base that clears all comes first, and all are told with what they do', async (world) => {
  publishAdvisories(world);
  world.push('library/node:24.1.0-bookworm', old);
  world.push('library/node:24.1.1-bookworm', old, 'another build');
  const digest = world.push('library/node:24.2.0-bookworm', patched);
  world.push('library/node:26.7.0-trixie', { packages: { ...tools, openssl: '3.0.19', xz: '5' }, system: trixie });
  const advice = await world.advise('node:24.1.0-bookworm');
  assert.deepEqual(advice.recommendation, {
    kind: 'move',
    reference: 'docker.io/library/node:24.2.0-bookworm',
    digest,
  });
  assert.deepEqual(ranks(advice), [
    'minor node:24.2.0-bookworm 0 1',
    'major node:26.7.0-trixie 0 1',
    'none node:24.1.0-bookworm 1 2',
    'patch node:24.1.1-bookworm 1 2',
  ]);
  assert.deepEqual(
    advice.ranked.map(({ move }) => move),
    [
      { fixed: 1, fixedWeighty: 1, added: 0, addedWeighty: 0 },
      { fixed: 2, fixedWeighty: 2, added: 1, addedWeighty: 0 },
      null,
      { fixed: 0, fixedWeighty: 0, added: 0, addedWeighty: 0 },
    ],
  );
  assert.deepEqual(advice.ranked[1]?.breaks, ['debian 13 in place of debian 12']);
  const told = text(advice);
  assert.match(told, /^node:24\.1\.0-bookworm: use node:24\.2\.0-bookworm\n/);
  assert.match(told, /1 finding fixed \(1 of high severity or worse\), 0 added \(0\)/);
  assert.match(told, /node:24\.1\.0-bookworm +present +1 +1 +1 +2 +0\.4 kB\n/);
  assert.match(told, /\nWrite: {2}FROM node:24\.2\.0-bookworm\nor let basekeeper update write it/);
});

fact('what could not be looked into is never ranked', async (world) => {
  publishAdvisories(world);
  world.push('library/node:24.1.0-bookworm', old);
  world.push('library/node:24.2.0-bookworm', { packages: {} });
  world.push('library/node:26.7.0-trixie', { packages: { libc6: '2' }, system: { ...trixie, isEndOfLife: true } });
  const advice = await world.advise('node:24.1.0-bookworm');
  assert.deepEqual(ranks(advice), ['none node:24.1.0-bookworm 1 2']);
  assert.deepEqual(advice.recommendation, { kind: 'stay' });
  const reasons = new Map(advice.unranked.map(({ reference, reason }) => [reference, reason]));
  assert.match(reasons.get('docker.io/library/node:24.2.0-bookworm') ?? '', /neither a system nor packages/);
  assert.match(
    reasons.get('docker.io/library/node:26.7.0-trixie') ?? '',
    /publishes advisories for debian 13\.2 any more/,
  );
  assert.match(reasons.get('docker.io/library/node:26.7.0-trixie-slim') ?? '', /missing or private/);
  assert.match(text(advice), /stay, nothing that was found is better\n[\s\S]*Not ranked, so not known to be better:/);
});

fact('a smaller variant is told with what it breaks', async (world) => {
  publishAdvisories(world);
  world.push('library/node:24', old);
  world.push('library/node:24-alpine', { packages: { musl: '1.2', busybox: '1', 'apk-tools': '2' }, system: alpine });
  world.push('distroless/nodejs26-debian13:nonroot', {
    packages: { libc6: '2.41', openssl: '3.0.19' },
    system: trixie,
  });
  const advice = await world.advise('node:24');
  // The smaller comes first: what breaks is told, and does not rank.
  assert.deepEqual(ranks(advice), [
    'other node:24-alpine 0 0',
    'other gcr.io/distroless/nodejs26-debian13:nonroot 0 0',
    'none node:24 1 2',
  ]);
  assert.deepEqual(
    advice.ranked.map(({ breaks }) => breaks.map((clause) => clause.split(':')[0])),
    [
      ['musl in place of glibc', 'apk in place of apt', 'alpine 3.22 in place of debian 12'],
      ['no shell', 'no package manager', 'debian 13 in place of debian 12'],
      [],
    ],
  );
  assert.match(text(advice), /node:24-alpine\n {4}- musl in place of glibc: programs and native modules/);
});

fact('a pin is refreshed, and the line to write is pinned', async (world) => {
  publishAdvisories(world);
  const before = world.push(
    'library/debian:13-slim',
    { packages: { ...tools, openssl: '3.0.18' }, system: trixie },
    'old',
  );
  const after = world.push(
    'library/debian:13-slim',
    { packages: { ...tools, openssl: '3.0.19' }, system: trixie },
    'new',
  );
  const advice = await world.advise(`debian:13-slim@${before}`);
  const reference = `docker.io/library/debian:13-slim@${after}`;
  assert.deepEqual(advice.recommendation, { kind: 'move', reference, digest: after });
  const told = renderAdvice(advice, { color: false, width: 100, isPinned: true });
  assert.ok(told.includes(`Write:  FROM debian:13-slim@${after}\n`), told);
});

fact('what is past its end is never recommended', async (world) => {
  publishAdvisories(world);
  world.push('library/node:20.11.0-bookworm', { packages: tools, system: bookworm });
  const advice = await world.advise('node:20.11.0-bookworm');
  assert.equal(advice.recommendation.kind, 'unknown');
  assert.match(advice.ranked[0]?.ruledOut ?? '', /^Node\.js 20 reached its end of life on /);
  world.push('library/node:24.2.0-bookworm', patched);
  const better = await world.advise('node:20.11.0-bookworm');
  assert.equal(better.recommendation.kind, 'move');
  assert.match(text(better), /the present one is not to be used: Node\.js 20 reached its end of life/);
});

fact('no more are scanned than asked for, and those left out are named', async (world) => {
  publishAdvisories(world);
  for (const tag of ['24.1.0-bookworm', '24.1.1-bookworm', '24.2.0-bookworm', '26.7.0-bookworm'])
    world.push(`library/node:${tag}`, old, tag);
  const advice = await world.advise('node:24.1.0-bookworm', { maxBases: 1 });
  assert.equal(advice.ranked.length, 2);
  assert.deepEqual(advice.leftOut, [
    'docker.io/library/node:24.2.0-bookworm',
    'docker.io/library/node:26.7.0-bookworm',
  ]);
  assert.match(text(advice), /not scanned, for --max allows no more: node:24\.2\.0-bookworm, node:26\.7\.0-bookworm/);
});

fact('the same content under another name is no other base', async (world) => {
  publishAdvisories(world);
  const digest = world.push('library/node:24.1.0-bookworm', old);
  world.hub.content.tag({ repository: 'library/node', tag: '24.1.1-bookworm', digest });
  const advice = await world.advise('node:24.1.0-bookworm');
  const same = advice.unranked.find(({ reference }) => reference.endsWith('24.1.1-bookworm'));
  assert.equal(same?.reason, 'the same content as docker.io/library/node:24.1.0-bookworm');
  assert.equal(same?.isUnverified, false);
});

fact('without a scanner sizes and steps are told, and nothing of findings', async (world) => {
  world.scanner.refusals.set('describe', new ScannerError('missing', 'no trivy on PATH: install it'));
  world.push('library/node:24.1.0-bookworm', old);
  world.push('library/node:24.2.0-bookworm', patched);
  const advice = await world.advise('node:24.1.0-bookworm');
  assert.deepEqual([advice.scanner, advice.failure, advice.ranked], [null, 'no trivy on PATH: install it', []]);
  const told = text(advice);
  assert.match(told, /nothing can be recommended\n\n {2}no trivy on PATH: install it\n/);
  assert.match(told, /node:24\.2\.0-bookworm +minor +0\.4 kB +the newest of the line 24\n/);
  assert.match(told, /Not there, or not known:\n {2}node:26\.7\.0-trixie-slim/);
  assert.doesNotMatch(told, /CVE|critical|clean/);
});
