import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ComparisonResult } from '../../src/flows/compare.ts';
import { basekeeper, makeTree } from './command.ts';

const report = (name: string) => join(import.meta.dirname, '..', 'fixtures', 'scans', `${name}.json`);
const compare = (before: string, after: string, ...args: readonly string[]) =>
  basekeeper(['compare', report(before), report(after), ...args]);

test('two reports tell what is fixed, what remains and what is added', async () => {
  const { code, stdout } = await compare('old', 'new');
  assert.equal(code, 0);
  assert.match(stdout, /critical +1 +0 +0 +0\n/);
  assert.match(
    stdout,
    /Fixed:\n {2}critical {2}CVE-2026-0001 {2}libssl3, openssl .* → 3\.0\.17-1~deb12u3\n.*no longer installed/,
  );
  assert.match(stdout, /Remaining, with a fix:\n {2}high {2}CVE-2026-0004 {2}perl-base/);
  assert.match(stdout, /Added:\n {2}medium {2}CVE-2026-0005 {2}xz-utils/);
  assert.match(stdout, /Packages: 1 removed, 1 added, 2 changed\./);
  assert.match(stdout, /user +root +65532/);
  assert.match(stdout, /2 findings fixed, 2 remaining \(1 with a fix\), 1 added/);
});

test('--json has the whole of it', async () => {
  const { stdout } = await compare('old', 'new', '--json');
  const result = JSON.parse(stdout) as ComparisonResult;
  const { fixed, remaining, added } = result.findings;
  assert.deepEqual(
    [fixed, remaining.patchable, remaining.unfixed, added].map((list) => list.map(({ id }) => id)),
    [['CVE-2026-0001', 'CVE-2026-0003'], ['CVE-2026-0004'], ['CVE-2026-0002'], ['CVE-2026-0005']],
  );
  assert.deepEqual(
    result.packages?.removed.map(({ name }) => name),
    ['curl'],
  );
  assert.equal(result.before.worth, 'ok');
});

for (const [what, before, after, said] of [
  ['a scan that could not see', 'old', 'scratch', /Nothing can be said/],
  ['a system past its end', 'end-of-life', 'new', /past its end[\s\S]*few\s+findings mean nothing/],
  ['findings that somebody took out', 'old', 'suppressed', /taken out of the report by ignore:\s+CVE-2026-0001/],
] as const)
  test(`${what} is no comparison without a word`, async () =>
    assert.match((await compare(before, after)).stdout, said));

test('what is no report is wrong usage', async () => {
  const { path, remove } = await makeTree({ 'half.json': '{"SchemaVersion": 2, "Art', 'other.json': '{}' });
  try {
    for (const [file, message] of [
      ['half.json', /is no whole JSON document/],
      ['other.json', /is no report of Trivy \(--format json\) or Grype/],
      ['none.json', /there is no file .*none\.json/],
      ['', /is no file/],
    ] as const) {
      const { code, stderr, stdout } = await basekeeper(['compare', report('old'), join(path, file)]);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
    }
  } finally {
    await remove();
  }
});

/** The application upgraded openssl so that one finding is gone, and brought curl with a finding of its own. */
async function upgradedOnOld(): Promise<string> {
  const layer = `sha256:${'a'.repeat(64)}`;
  const app = JSON.parse(await readFile(report('app-on-old'), 'utf8'), (_, value) => {
    if (!Array.isArray(value)) return value;
    return value
      .filter((one) => one.VulnerabilityID !== 'CVE-2026-0001')
      .map((one) =>
        one.VulnerabilityID === 'CVE-2026-0003' ? { ...one, InstalledVersion: '8', Layer: { DiffID: layer } } : one,
      );
  });
  return JSON.stringify(app);
}

test('--base tells the findings of the base from those of the application', async () => {
  const { path, remove } = await makeTree({ 'app.json': await upgradedOnOld() });
  const app = join(path, 'app.json');
  try {
    const { code, stdout, stderr } = await basekeeper(['compare', app, app, '--base', report('old'), '--json']);
    assert.equal(code, 0, stderr);
    const { after, findings } = JSON.parse(stdout) as ComparisonResult;
    assert.deepEqual(
      { ...after.origins, mitigated: after.origins?.mitigated.map(({ id }) => id) },
      {
        ...{ base: report('old'), known: 'given' },
        evidence: 'layers',
        inBase: 2,
        inApp: 1,
        mitigated: ['CVE-2026-0001'],
      },
    );
    const { patchable, unfixed } = findings.remaining;
    assert.deepEqual(
      [...patchable, ...unfixed].map(({ id, origin }) => [id, origin?.part]),
      [
        ['CVE-2026-0003', 'app'],
        ['CVE-2026-0004', 'base'],
        ['CVE-2026-0002', 'base'],
      ],
    );
    const text = await basekeeper(['compare', report('old'), app, '--base', report('old')]);
    assert.match(text.stdout, /findings +4 of the base, 0 of the application +2 of the base, 1 of the application\n/);
    assert.match(text.stdout, /Of the new base alone, mitigated by the application:\n +critical +CVE-2026-0001/);
  } finally {
    await remove();
  }
});

test('a base that an image is not built on tells by packages, one of several not at all', async () => {
  const one = await compare('old', 'app-on-old', '--base', report('new'));
  assert.match(one.stdout, /told by packages/);
  const two = await compare('old', 'app-on-old', '--base', report('new'), '--base', report('end-of-life'));
  assert.match(two.stdout.replaceAll('\n', ' '), /old\.json: it begins with the layers of none of these bases/);
});
