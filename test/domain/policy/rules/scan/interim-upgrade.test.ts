import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDockerfile } from '../../../../../src/domain/dockerfile/parse-dockerfile.ts';
import type { RuleSubject } from '../../../../../src/domain/policy/rule.ts';
import { interimUpgrade } from '../../../../../src/domain/policy/rules/scan/interim-upgrade.ts';
import type { ScanFacts } from '../../../../../src/domain/policy/scan-facts.ts';
import { clean, finding, fixed, scanWith } from '../../../deadline/tracked.ts';

const mark = '# basekeeper interim CVE-2026-0001 openssl: remove when the base has 3.0.17-1';
const run =
  'RUN apt-get update && apt-get install -y --no-install-recommends --only-upgrade libssl3 && rm -rf /var/lib/apt/lists/*';

function said(lines: readonly string[], scan: ScanFacts, at = 0, more: Partial<RuleSubject> = {}): readonly string[] {
  const dockerfile = parseDockerfile(`${lines.join('\n')}\n`, { buildArgs: {} });
  const use = dockerfile.uses[at];
  // As much of a subject as this rule looks at.
  const subject = { use, dockerfile, scan, ...more } as unknown as RuleSubject;
  return interimUpgrade
    .find(subject)
    .map(({ line, reason, fix }) => `${line}: ${reason}${fix === undefined ? '' : ` → ${fix}`}`);
}

const has = scanWith([finding()]);
const marked = ['FROM debian:12-slim', mark, run];
const caughtUp = '2: the base has caught up: its scan is free of CVE-2026-0001 in openssl';
const unknown =
  '2: whether the upgrade for CVE-2026-0001 in openssl is needed still is not known: the scan of the base does not tell';

for (const [what, lines, scan, expected] of [
  ['no mark', ['FROM debian:12-slim', run], has, []],
  [
    'needed',
    marked,
    has,
    ['2: the upgrade for CVE-2026-0001 in openssl is needed still: the base has no openssl 3.0.17-1'],
  ],
  ['caught up', marked, clean, [`${caughtUp} → remove lines 2–3; basekeeper update --interim --write does`]],
  [
    'caught up, and the RUN does more',
    ['FROM debian:12-slim', mark, `${run} && make`],
    clean,
    [`${caughtUp} → remove the mark and what the RUN of lines 2–3 upgrades: it does other things as well`],
  ],
  ['a failed scan', marked, { kind: 'failed', message: 'no answer' }, [unknown]],
  ['a system without advisories', marked, scanWith([], { isEndOfLife: true }), [unknown]],
  [
    'taken out by an ignore file',
    marked,
    scanWith([], {
      suppressed: [{ id: 'CVE-2026-0001', sourcePackage: 'openssl', status: 'ignored', source: '.trivyignore' }],
    }),
    [unknown],
  ],
  [
    'in a stage built on one',
    ['FROM debian:12-slim AS base', 'FROM base', mark, run],
    clean,
    [`${caughtUp.replace('2:', '3:')} → remove lines 3–4; basekeeper update --interim --write does`],
  ],
] as const)
  test(`interim-upgrade: ${what}`, () => assert.deepEqual(said(lines, scan), expected));

test('interim-upgrade: the line of another base is not its own', () => {
  const lines = [...marked, 'FROM alpine:3.24'];
  assert.deepEqual([said(lines, has, 0).length, said(lines, has, 1)], [1, []]);
});

const reference = { registry: 'docker.io', repository: 'library/debian', tag: '12-slim' };
const critical = finding({ ...fixed, severity: 'critical', purls: ['pkg:deb/debian/libssl3@3.0.16-1'] });

test('interim-upgrade: tells the line of a CRITICAL finding with a fix, until a mark names it', () => {
  const scan = scanWith([critical]);
  assert.deepEqual(said(['FROM debian:12-slim'], scan, 0, { reference }), [
    'undefined: until the base is patched, an upgrade in the Dockerfile mends CVE-2026-0001 in openssl → ' +
      `write below its line, or have basekeeper update --interim --write do it: ${run}`,
  ]);
  assert.equal(said(marked, scan, 0, { reference }).length, 1);
});

test('interim-upgrade: tells why there is none', () => {
  const distroless = { registry: 'gcr.io', repository: 'distroless/base-debian12' };
  assert.deepEqual(said(['FROM gcr.io/distroless/base-debian12'], scanWith([critical]), 0, { reference: distroless }), [
    'undefined: CVE-2026-0001 in openssl has no interim upgrade: the image has no package manager → take another base',
  ]);
});

for (const [what, scan, more] of [
  ['a HIGH finding', scanWith([{ ...critical, severity: 'high' }]), {}],
  ['a CRITICAL one without a fix', scanWith([finding({ severity: 'critical' })]), {}],
  ['a tag that has moved on', scanWith([critical]), { registry: { tag: { kind: 'moved', digest: 'sha256:1' } } }],
] as const)
  test(`interim-upgrade: none for ${what}`, () =>
    assert.deepEqual(said(['FROM debian:12-slim'], scan, 0, { reference, ...more } as Partial<RuleSubject>), []));
