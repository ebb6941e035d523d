import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decideGate, decisionOf } from '../../../src/domain/verify/gate.ts';
import type { ImageFacts, SideFacts, TestFacts, TestOutcome } from '../../../src/domain/verify/gate-facts.ts';
import { defaultVerify, type VerifySettings } from '../../../src/domain/verify/verify-settings.ts';
import type { Scan } from '../../../src/domain/vulnerability/scan.ts';
import { databaseAt, image, scan, side } from './facts.ts';

const command = { run: 'npm test', in: 'host', timeoutMs: 60_000 } as const;
const tested: VerifySettings = { ...defaultVerify, tests: [command] };
const green: TestFacts = { command, after: { kind: 'green' } };

/** Decision and what decides, without notes. */
function decides(images: readonly ImageFacts[], settings = tested, tests: readonly TestFacts[] = [green]): string {
  const { decision, reasons } = decideGate({ images, tests, unproven: [] }, settings);
  const deciding = reasons
    .filter(({ outcome }) => outcome !== 'note')
    .map(({ outcome, text }) => `${outcome}: ${text}`);
  return [decision, ...deciding].join('\n');
}

const built = (sizeBytes: number): Partial<SideFacts> => ({ build: { kind: 'built', sizeBytes } });
const broken: Partial<SideFacts> = {
  build: { kind: 'failed', message: 'step 3 ended with 1' },
  scan: { kind: 'none', message: 'it was not built' },
};
const scanned = (one: Scan, at = databaseAt): Partial<SideFacts> => ({
  scan: { kind: 'scanned', scan: one, databaseAt: at },
});

for (const [fact, before, after, expected] of [
  [
    'an image that loses findings',
    side(['CVE-1 zlib critical 1.3', 'CVE-2 glibc high']),
    side(['CVE-2 glibc high']),
    'pass',
  ],
  [
    'a CRITICAL with a fix, though it was there before',
    side(['CVE-1 zlib critical 1.3']),
    side(['CVE-1 zlib critical 1.3']),
    'fail\nfail: 1 critical finding with a fix: CVE-1 (zlib, fixed in 1.3)',
  ],
  [
    'a CRITICAL without a fix that was there before',
    side(['CVE-1 zlib critical']),
    side(['CVE-1 zlib critical']),
    'pass',
  ],
  [
    'a CRITICAL without a fix that is new',
    side(),
    side(['CVE-1 zlib critical']),
    'fail\nfail: 1 critical finding, 0 before the update; added: CVE-1 (zlib)',
  ],
  [
    'more of a severity that the policy names',
    side(['CVE-1 zlib high']),
    side(['CVE-2 glibc high 2.4', 'CVE-3 bash high']),
    'fail\nfail: 2 high findings, 1 before the update; added: CVE-2 (glibc, fixed in 2.4), CVE-3 (bash)',
  ],
  ['as many of a severity, though others', side(['CVE-1 zlib high']), side(['CVE-2 glibc high']), 'pass'],
  ['more of a severity that it does not name', side(), side(['CVE-1 zlib medium 1.3', 'CVE-2 zlib low']), 'pass'],
  [
    'a finding that is rated higher now',
    side(['CVE-1 zlib medium']),
    side(['CVE-1 zlib high']),
    'fail\nfail: 1 high finding, 0 before the update; rated higher than before',
  ],
  [
    'a new image that the scanner cannot see',
    side(['CVE-1 zlib high']),
    side([], scanned(without(scan([])))),
    'hold\nhold: the scanner knows neither system nor packages of the new image, so that no findings mean nothing',
  ],
  [
    'a new system past its end of life',
    side(),
    side([], scanned(scan([], { isEndOfLife: true }))),
    'hold\nhold: the system of the new image is past its end of life, so that few findings mean nothing',
  ],
  [
    'an old system past its end of life, of which little was known',
    side([], scanned(scan([], { isEndOfLife: true }))),
    side(['CVE-1 zlib high']),
    'hold\nhold: the system of the old image is past its end of life, so that few findings mean nothing',
  ],
  [
    'a CRITICAL in a system past its end of life',
    side(),
    side([], scanned(scan(['CVE-1 zlib critical 1.3'], { isEndOfLife: true }))),
    [
      'fail',
      'fail: 1 critical finding with a fix: CVE-1 (zlib, fixed in 1.3)',
      'fail: 1 critical finding, 0 before the update; added: CVE-1 (zlib, fixed in 1.3)',
      'hold: the system of the new image is past its end of life, so that few findings mean nothing',
    ].join('\n'),
  ],
  [
    'no scanner',
    side([], { scan: { kind: 'none', message: 'there is no trivy' } }),
    side([], { scan: { kind: 'none', message: 'there is no trivy' } }),
    'hold\nhold: the new image was not scanned: there is no trivy\nhold: the old image was not scanned: there is no trivy',
  ],
  [
    'an old database',
    side(),
    side([], { scan: { kind: 'stale', message: 'its database is of 2026-01-01' } }),
    'hold\nhold: the scan of the new image is too old to prove anything: its database is of 2026-01-01',
  ],
  [
    'a scanner that crashed over the old image',
    side([], { scan: { kind: 'failed', message: 'it ended without a report' } }),
    side(),
    'hold\nhold: the scan of the old image failed: it ended without a report',
  ],
  [
    'two databases, which make differences of their own',
    side(['CVE-1 zlib high']),
    side([], scanned(scan([]), '2026-11-25T12:00:00Z')),
    'hold\nhold: old and new image were scanned with different databases (2026-11-25T06:00:00Z and 2026-11-25T12:00:00Z)',
  ],
  [
    'a build that the update breaks',
    side(),
    side([], broken),
    'fail\nfail: built before the update, and does not build after it: step 3 ended with 1',
  ],
  [
    'a build that was broken before',
    side([], broken),
    side([], broken),
    'hold\nhold: does not build, and did not before the update either: step 3 ended with 1',
  ],
  [
    'a build that the update mends',
    side([], broken),
    side(),
    'hold\nhold: could not be built as it was before the update, so nothing can be compared: step 3 ended with 1',
  ],
  [
    'a machine that could not build',
    side(),
    side([], { ...broken, build: { kind: 'unknown', message: 'no space left' } }),
    'hold\nhold: could not be built: no space left',
  ],
  ['growth where the policy sets no bound', side(), side([], built(900_000_000)), 'pass'],
  [
    'a multi-stage rule that is newly broken',
    side([], { multiStage: [{ rule: 'build-tools', reason: 'gcc ships' }] }),
    side([], {
      multiStage: [
        { rule: 'build-tools', reason: 'gcc ships' },
        { rule: 'builder-as-base', reason: 'golang is a builder image' },
      ],
    }),
    'fail\nfail: builder-as-base: golang is a builder image',
  ],
  [
    'a platform that the old base had',
    side(),
    side([], { basePlatforms: ['linux/amd64'] }),
    'hold\nhold: the new base is no longer there for linux/arm64; no file says which are needed',
  ],
] as const) {
  test(`${fact}: ${expected.split('\n')[0]}`, () => assert.equal(decides([image(before, after)]), expected));
}

function without({ system: _, ...rest }: Scan): Scan {
  return rest;
}

test('growth is held against the bound of the policy, which may be reached', () => {
  const settings = { ...tested, maxGrowthPercent: 20 };
  assert.equal(decides([image(side(), side([], built(120_000_000)))], settings), 'pass');
  assert.equal(
    decides([image(side(), side([], built(120_000_001)))], settings),
    'fail\nfail: grows by 20.1%; the policy allows 20%',
  );
});

test('platforms that the build names have to be there', () => {
  const after = side([], { basePlatforms: ['linux/amd64'] });
  assert.equal(decides([image(side(), after, ['linux/amd64'])]), 'pass');
  assert.equal(
    decides([image(side(), after, ['linux/amd64', 'linux/arm64'])]),
    'fail\nfail: the new base is not there for linux/arm64',
  );
  const { basePlatforms: _, ...unknown } = after;
  assert.match(decides([image(side(), unknown, ['linux/amd64', 'linux/arm64'])]), /^hold\nhold: nobody could say/);
  assert.equal(decides([image(side(), unknown, ['linux/amd64'])]), 'pass');
});

for (const [after, before, expected] of [
  ['green', undefined, 'pass'],
  ['flaky', undefined, 'hold\nhold: "npm test" is flaky: red, and green when it was run once more'],
  ['red', 'green', 'fail\nfail: "npm test" was green before the update and is red after it'],
  ['late', 'green', 'fail\nfail: "npm test" was green before the update and did not end within its time after it'],
  ['red', 'red', 'hold\nhold: "npm test" is red; it was red before the update too'],
  ['red', 'late', 'hold\nhold: "npm test" is red; it was red before the update too'],
  ['red', 'flaky', 'hold\nhold: "npm test" is red; it was flaky before the update'],
  ['red', undefined, 'hold\nhold: "npm test" is red; whether it was before the update is not known: nobody asked'],
] as const) {
  test(`tests that are ${after} now and were ${before ?? 'not asked'} before: ${expected.split('\n')[0]}`, () => {
    const outcome = (kind: Exclude<TestOutcome['kind'], 'unknown'>): TestOutcome => ({ kind });
    const facts = { command, after: outcome(after), ...(before === undefined ? {} : { before: outcome(before) }) };
    assert.equal(decides([image(side(), side())], tested, [facts]), expected);
  });
}

test('tests that were not run are no proof', () => {
  assert.equal(decides([image(side(), side())], tested, []), 'hold\nhold: "npm test" was not run');
});

test('a policy without tests passes, and the note says so', () => {
  const gate = decideGate({ images: [image(side(), side())], tests: [], unproven: [] }, defaultVerify);
  assert.equal(gate.decision, 'pass');
  assert.deepEqual(
    gate.reasons.map(({ outcome, text }) => `${outcome}: ${text}`),
    ['note: no tests are configured (verify.tests of the policy file)'],
  );
});

test('a changed image that nothing is built of holds the update', () => {
  const unproven = [{ name: 'compose.yaml:4', reason: 'postgres:17 is run as it is, and was not looked at' }];
  assert.equal(decideGate({ images: [], tests: [], unproven }, defaultVerify).decision, 'hold');
});

test('nothing to verify is a pass that says so', () => {
  const gate = decideGate({ images: [], tests: [], unproven: [] }, tested);
  assert.equal(gate.decision, 'pass');
  assert.deepEqual(
    gate.reasons.map(({ text }) => text),
    ['nothing changed that an image is built on'],
  );
});

test('one image is decided by what is said of it and of all', () => {
  const good = { ...image(side(), side()), name: 'good' };
  const bad = { ...image(side(), side(['CVE-1 zlib critical 1.3'])), name: 'bad' };
  const gate = decideGate({ images: [good, bad], tests: [green], unproven: [] }, tested);
  assert.deepEqual([gate.decision, decisionOf(gate, 'good'), decisionOf(gate, 'bad')], ['fail', 'pass', 'fail']);
});

const findings = fc.uniqueArray(
  fc
    .tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('critical', 'high', 'medium', 'low', 'unknown'),
      fc.constantFrom('', ' 1.3'),
    )
    .map(([id, severity, fix]) => `CVE-${id} zlib ${severity}${fix}`),
  { selector: (text) => text.split(' ')[0] },
);
const sides = fc
  .record({
    found: findings,
    isEndOfLife: fc.boolean(),
    isBuilt: fc.boolean(),
    sizeBytes: fc.integer({ min: 0, max: 1000 }),
  })
  .map(({ found, isEndOfLife, isBuilt, sizeBytes }) =>
    side([], { ...scanned(scan(found, { isEndOfLife })), ...(isBuilt ? built(sizeBytes) : broken) }),
  );

test('one more finding in the new image never turns a fail into anything else, nor a hold into a pass', () => {
  fc.assert(
    fc.property(
      sides,
      sides,
      fc.constantFrom('critical', 'high', 'low'),
      fc.constantFrom('', ' 9'),
      (before, after, severity, fix) => {
        const settings = { ...tested, maxGrowthPercent: 20 };
        const decide = (now: SideFacts) =>
          decideGate({ images: [image(before, now)], tests: [green], unproven: [] }, settings).decision;
        if (after.scan.kind !== 'scanned') return;
        const more = scan([`CVE-99 openssl ${severity}${fix}`]).findings;
        const worse = { ...after.scan.scan, findings: [...after.scan.scan.findings, ...more] };
        const [first, second] = [decide(after), decide({ ...after, ...scanned(worse) })];
        if (first === 'fail') assert.equal(second, 'fail');
        if (first === 'hold') assert.notEqual(second, 'pass');
      },
    ),
  );
});

test('a pass means: both built and seen, no CRITICAL with a fix, tests green', () => {
  const outcomes = fc.constantFrom<TestOutcome['kind']>('green', 'flaky', 'red', 'late');
  fc.assert(
    fc.property(sides, sides, outcomes, outcomes, (before, after, now, earlier) => {
      const kind = (of: TestOutcome['kind']) => ({ kind: of }) as TestOutcome;
      const tests = [{ command, after: kind(now), before: kind(earlier) }];
      if (decideGate({ images: [image(before, after)], tests, unproven: [] }, tested).decision !== 'pass') return;
      for (const { build, scan: outcome } of [before, after]) {
        assert.equal(build.kind, 'built');
        assert.ok(outcome.kind === 'scanned' && outcome.scan.system?.isEndOfLife === false);
      }
      assert.ok(
        after.scan.kind === 'scanned' &&
          after.scan.scan.findings.every(
            ({ severity, fixedVersion }) => severity !== 'critical' || fixedVersion === undefined,
          ),
      );
      assert.equal(now, 'green');
    }),
  );
});
