import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkExitCode } from '../../../src/flows/exit-code.ts';
import { ScannerError } from '../../../src/ports/scanner.ts';
import { breaches, judge } from '../judged.ts';
import { debian, hour, now, type ScanWorld, withWorld } from './scan-world.ts';

const fact = (said: string, run: (world: ScanWorld) => Promise<void>) => test(said, () => withWorld(run));

const vulnerable = { packages: { openssl: '3.0.18' }, system: debian };
const critical = { id: 'CVE-2026-1', severity: 'critical', package: 'openssl', fixedVersion: '3.0.19' } as const;
const Dockerfile = 'FROM debian:12-slim AS build\nFROM debian:12-slim\nUSER 1\nCOPY --from=build /a /a\n';

const scanBreaches = (use: Parameters<typeof breaches>[0]) =>
  breaches(use).filter((one) => /critical|high|unanswered/.test(one));

fact('an unpatched CRITICAL fails what ships and warns what builds', async (world) => {
  world.push('debian:12-slim', { 'linux/amd64': vulnerable });
  world.scanner.advisories = [critical];
  const result = await world.judge({ Dockerfile });
  assert.deepEqual(result.files[0]?.uses.map(scanBreaches), [['unpatched-critical warn'], ['unpatched-critical fail']]);
  assert.equal(checkExitCode(result, 'fail', 'warn'), 1);
  assert.equal(result.scans?.contents.scanned, 1);
  assert.doesNotMatch(result.summary.notChecked.join(), /vulnerabilities/);
});

fact('the policy says whose severity counts', async (world) => {
  world.push('debian:12-slim', { 'linux/amd64': vulnerable });
  world.scanner.advisories = [
    { ...critical, severity: 'low', severities: { debian: 'low', nvd: 'high', ghsa: 'critical' } },
  ];
  const breached = async (policy: string) => {
    const result = await world.judge({ Dockerfile }, { policy: `version: 1\n${policy}` });
    return result.files[0]?.uses.flatMap(scanBreaches);
  };
  assert.deepEqual(await breached(''), []);
  assert.deepEqual(await breached('scanner: { severity: vendor }\n'), []);
  assert.deepEqual(await breached('scanner: { severity: nvd }\n'), ['high-findings info', 'high-findings warn']);
  assert.deepEqual(await breached('scanner: { severity: worst }\n'), [
    'unpatched-critical warn',
    'unpatched-critical fail',
  ]);
});

fact('each use is judged by the platform that it is built for', async (world) => {
  world.push('debian:12-slim', { 'linux/amd64': { packages: {}, system: debian }, 'linux/arm64': vulnerable });
  world.scanner.advisories = [critical];
  const text = 'FROM --platform=linux/arm64/v8 debian:12-slim AS a\nFROM debian:12-slim\nCOPY --from=a /a /a\n';
  const result = await world.judge({ Dockerfile: text });
  assert.deepEqual(result.files[0]?.uses.map(scanBreaches), [['unpatched-critical warn'], []]);
  const { scans } = await world.judge({ Dockerfile }, { platform: 'linux/arm64' });
  assert.deepEqual(
    scans?.images.map(({ platform }) => platform),
    ['linux/arm64'],
  );
});

fact('what could not be scanned is unknown, ends with 3, and a waiver takes it out', async (world) => {
  world.push('debian:12-slim', { 'linux/amd64': vulnerable });
  world.scanner.refusals.set('scan', new ScannerError('late', 'trivy was ended after 600 s'));
  const result = await world.judge({ Dockerfile });
  assert.deepEqual(result.files[0]?.uses.map(scanBreaches), [['scan-unanswered unknown'], ['scan-unanswered unknown']]);
  assert.equal(checkExitCode(result, 'never', 'warn'), 3);
  assert.match(
    result.summary.notChecked.join('\n'),
    /known vulnerabilities: .*debian:12-slim \(trivy was ended after 600 s\)/,
  );
  const waiver =
    'id: W-1, image: "docker.io/library/debian:*", rule: scan-unanswered, reason: r, owner: o, expires: 2026-12-01';
  const waived = await world.judge({ Dockerfile }, { policy: `version: 1\nwaivers: [{ ${waiver} }]\n` });
  assert.equal(checkExitCode(waived, 'never', 'warn'), 0);
});

fact('a scanner that is missing is told whole only once', async (world) => {
  world.scanner.refusals.set('describe', new ScannerError('missing', 'no trivy on PATH: install it'));
  const result = await world.judge({ Dockerfile });
  assert.equal(JSON.stringify(result.files).includes('on PATH'), false);
  assert.equal(result.summary.notChecked.filter((clause) => clause.includes('no trivy on PATH')).length, 1);
  assert.equal(checkExitCode(result, 'fail', 'warn'), 3);
});

fact('scratch and what the tree builds itself are not scanned, and that is said', async (world) => {
  world.push('debian:12-slim', { 'linux/amd64': vulnerable });
  const result = await world.judge({
    'compose.yaml': 'services: { a: { build: { context: ., dockerfile: Dockerfile }, image: "acme/base:1" } }\n',
    Dockerfile: 'FROM debian:12-slim\nUSER 1\n',
    'app/Dockerfile': 'FROM acme/base:1 AS build\nFROM scratch\nCOPY --from=build /a /a\n',
  });
  assert.deepEqual(
    result.scans?.images.map(({ image }) => image),
    ['docker.io/library/debian:12-slim'],
  );
  assert.match(
    result.summary.notChecked.join('\n'),
    /scratch, which has nothing inside[\s\S]*that the tree builds itself/,
  );
});

fact('the policy says how old a database may be', async (world) => {
  world.push('debian:12-slim', { 'linux/amd64': vulnerable });
  world.scanner.description = { ...world.scanner.description, databaseAt: now - 5 * hour };
  const verdicts = async (maxDatabaseAge: string) => {
    const policy = `version: 1\nscanner: { maxDatabaseAge: ${maxDatabaseAge} }\n`;
    const { scans } = await world.judge({ Dockerfile }, { policy });
    return scans?.images.map(({ scan }) => scan.kind);
  };
  assert.deepEqual(await verdicts('4h'), ['stale']);
  assert.deepEqual(await verdicts('1d'), ['scanned']);
});

/** As Grype 0.104 writes it, as far as it is read. */
function grypeReport(digest: string, built: string): string {
  const severity = { id: 'CVE-2026-1', severity: 'Critical', fix: { versions: ['3.0.19'], state: 'fixed' } };
  return JSON.stringify({
    matches: [{ vulnerability: severity, artifact: { name: 'openssl', version: '3.0.18', type: 'deb' } }],
    source: {
      type: 'image',
      target: { userInput: 'debian', manifestDigest: digest, os: 'linux', architecture: 'amd64' },
    },
    distro: { name: 'debian', version: '12' },
    descriptor: { name: 'grype', version: '0.104.0', db: { status: { built } } },
  });
}

const policy = 'version: 1\nscanner: { reports: ["scans/**.json"] }\n';

fact('a report counts for the image of its digest, where no scanner answers', async (world) => {
  const [digest = ''] = world.push('debian:12-slim', { 'linux/amd64': vulnerable });
  world.scanner.refusals.set('describe', new ScannerError('missing', 'no trivy on PATH'));
  const files = { Dockerfile, 'scans/debian.json': grypeReport(digest, '2026-11-25T06:00:00Z') };
  const result = await world.judge(files, { policy });
  assert.deepEqual(result.files.find(({ path }) => path === 'Dockerfile')?.uses.map(scanBreaches)[1], [
    'unpatched-critical fail',
  ]);
  assert.deepEqual(result.scans?.contents, { scanned: 0, rematched: 0, kept: 0, reported: 1 });
  assert.deepEqual(result.scans?.uncounted, []);
  const unconfigured = await world.judge(files);
  assert.equal(unconfigured.scans?.contents.reported, 0, 'a tree does not name its own reports');
});

fact('a report that proves nothing is told with why', async (world) => {
  const [digest = ''] = world.push('debian:12-slim', { 'linux/amd64': vulnerable });
  const trivy = JSON.stringify({
    SchemaVersion: 2,
    ArtifactName: 'x',
    Metadata: { RepoDigests: [`debian@${digest}`] },
  });
  world.scanner.refusals.set('scan', new ScannerError('crashed', 'trivy ended'));
  const { scans } = await world.judge(
    {
      Dockerfile,
      'scans/1-half.json': '{"matches": [',
      'scans/2-trivy.json': trivy,
      'scans/3-old.json': grypeReport(digest, '2026-11-20T06:00:00Z'),
      'scans/4-future.json': grypeReport(digest, '2027-11-20T06:00:00Z'),
      'scans/5-other.json': grypeReport(`sha256:${'f'.repeat(64)}`, '2026-11-25T06:00:00Z'),
      'scans/6-undated.json': grypeReport(digest, 'yesterday'),
    },
    { policy },
  );
  assert.deepEqual(
    scans?.uncounted.map(({ path, reason }) => `${path} ${reason}`),
    [
      'scans/1-half.json is no whole JSON document',
      'scans/2-trivy.json does not tell when its database was built, as no report of Trivy does',
      'scans/3-old.json has a database of 2026-11-20T06:00:00Z, which is too old',
      'scans/4-future.json has a database of the future, 2027-11-20T06:00:00Z',
      'scans/5-other.json is of no image of the tree that was not scanned in this run',
      'scans/6-undated.json does not tell when its database was built',
    ],
  );
  assert.equal(scans?.images[0]?.scan.kind, 'failed');
});

fact('what VEX and ignore files of the tree say takes findings out, and is told where it does not', async (world) => {
  world.push('debian:12-slim', {
    'linux/amd64': { packages: { openssl: '3.0.18', zlib: '1', perl: '1' }, system: debian },
  });
  world.scanner.advisories = [
    critical,
    { id: 'CVE-2026-2', severity: 'critical', package: 'zlib', fixedVersion: '2' },
    { id: 'CVE-2026-3', severity: 'critical', package: 'perl', fixedVersion: '2' },
  ];
  const vex = {
    ...{
      '@context': 'https://openvex.dev/ns/v0.2.0',
      author: 'security@example.com',
      timestamp: '2026-11-01T00:00:00Z',
    },
    statements: [
      {
        vulnerability: { name: 'CVE-2026-1' },
        products: [{ '@id': `pkg:oci/debian@${world.registry.digest('debian:12-slim').replace(':', '%3A')}` }],
        ...{ status: 'not_affected', justification: 'vulnerable_code_not_in_execute_path' },
      },
    ],
  };
  const files = {
    Dockerfile,
    '.trivyignore': 'CVE-2026-2 exp:2026-12-31\nCVE-2025-9\n',
    'vex/debian.json': JSON.stringify(vex),
  };
  const result = await world.judge(files, {
    policy: 'version: 1\nvex: [{ path: "vex/*.json", author: security@example.com }]\n',
  });
  const scan = result.scans?.images[0]?.scan;
  assert.ok(scan?.kind === 'scanned');
  assert.deepEqual(
    scan.findings.map(({ id }) => id),
    ['CVE-2026-3'],
  );
  assert.deepEqual(
    scan.suppressed.map(({ id, source, until }) => [id, source, until]),
    [
      ['CVE-2026-1', 'vex/debian.json:1', undefined],
      ['CVE-2026-2', '.trivyignore:1', '2026-12-31'],
    ],
  );
  assert.match(
    result.files.find(({ path }) => path === 'Dockerfile')?.uses[1]?.rules[0]?.reason ?? '',
    /^1 CRITICAL .*CVE-2026-3/,
  );
  assert.deepEqual(
    result.policyFindings.map(({ rule, path, line }) => [rule, path, line]),
    [['unused-statement', '.trivyignore', 2]],
  );
});

fact('what a proposal adds to an ignore file takes nothing out, what it removes still does', async (world) => {
  world.push('debian:12-slim', { 'linux/amd64': { packages: { openssl: '3.0.18', zlib: '1' }, system: debian } });
  world.scanner.advisories = [critical, { id: 'CVE-2026-2', severity: 'critical', package: 'zlib', fixedVersion: '2' }];
  const files = { Dockerfile, '.trivyignore': 'CVE-2026-1\n' };
  const result = await world.judge(files, { base: { '.trivyignore': 'CVE-2026-2\n' } });
  const scan = result.scans?.images[0]?.scan;
  assert.ok(scan?.kind === 'scanned');
  assert.deepEqual(
    [scan.findings.map(({ id }) => id), scan.suppressed.map(({ id }) => id)],
    [['CVE-2026-1'], ['CVE-2026-2']],
  );
});

fact('an exception from a rule of scans is not told as unused by a run that does not scan', async (world) => {
  world.push('debian:12-slim', { 'linux/amd64': { packages: {}, system: debian } });
  const files = { Dockerfile: `# basekeeper: ignore=high-findings until=2026-12-01 -- known\n${Dockerfile}` };
  const waiver =
    'id: W-1, image: "docker.io/library/debian:*", rule: unpatched-critical, reason: r, owner: o, approvedBy: a, expires: 2026-12-01';
  const policy = `version: 1\nwaivers: [{ ${waiver} }]\n`;
  const unused = ({ policyFindings }: Awaited<ReturnType<typeof world.judge>>) =>
    policyFindings.map(({ rule }) => rule);
  assert.deepEqual(unused(await judge(files, { policy, now: new Date(now).toISOString() })), []);
  assert.deepEqual(unused(await world.judge(files, { policy })), ['unused-waiver', 'unused-ignore']);
});

test('a CRITICAL finding is waived by two people, and by no comment', () =>
  withWorld(async (world) => {
    world.push('debian:12-slim', { 'linux/amd64': vulnerable });
    world.scanner.advisories = [critical];
    const ignored = `# basekeeper: ignore=unpatched-critical until=2026-12-01 -- known\n${Dockerfile}`;
    assert.equal(checkExitCode(await world.judge({ Dockerfile: ignored }), 'fail', 'warn'), 1);
    const waiver =
      'id: W-1, image: "docker.io/library/debian:*", rule: unpatched-critical, reason: r, owner: o, expires: 2026-12-01';
    await assert.rejects(
      world.judge({ Dockerfile }, { policy: `version: 1\nwaivers: [{ ${waiver} }]\n` }),
      /waives unpatched-critical: it needs approvedBy/,
    );
    const waived = await world.judge(
      { Dockerfile },
      { policy: `version: 1\nwaivers: [{ ${waiver}, approvedBy: lead }]\n` },
    );
    assert.equal(checkExitCode(waived, 'fail', 'warn'), 0);
  }));
