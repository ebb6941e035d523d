import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { realTrivy } from '../../scripts/scans/real-trivy.ts';
import type { VerifyResult } from '../../src/flows/verify/verify-result.ts';
import { basekeeper, type Run } from '../e2e/command.ts';
import { debianLayer, type Layer } from '../fakes/os-image/os-image.ts';
import { dockerHubAt } from '../fakes/registry/docker-hub-at.ts';
import { placeDatabase } from '../fakes/trivy-db/place-database.ts';
import type { Advisory } from '../fakes/trivy-db/trivy-db.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { runTool } from './run-tool.ts';
import { pushShellBase } from './shell-base.ts';

const real = await startDockerRegistry('open');
const folder = mkdtempSync(join(tmpdir(), 'basekeeper-verify-'));
const repository = join(folder, 'shop');
const registries = join(folder, 'registries.conf');
const trivyFolder = join(folder, 'trivy');
const environment = {
  CONTAINERS_REGISTRIES_CONF: registries,
  BASEKEEPER_STATE: join(folder, 'state'),
  BASEKEEPER_CACHE: join(folder, 'cache'),
  BASEKEEPER_TRIVY: realTrivy,
  TRIVY_CACHE_DIR: trivyFolder,
  TRIVY_SKIP_DB_UPDATE: 'true',
  GITHUB_TOKEN: 'ghp_not_for_builds',
};

const debian = (openssl: string, zlib: string): Layer => ({
  ...debianLayer('12.12', [
    { name: 'libssl3', version: openssl, source: 'openssl' },
    { name: 'zlib1g', version: zlib, source: 'zlib' },
    { name: 'bash', version: '5.2.15-2' },
  ]),
  'etc/feature': 'on\n',
});
const bases: Readonly<Record<string, Layer>> = {
  '1.0': debian('3.0.15-1~deb12u1', '1:1.2.13.dfsg-1'),
  '1.1': debian('3.0.17-1~deb12u3', '1:1.2.13.dfsg-1'),
  '1.2': { ...debian('3.0.17-1~deb12u3', '1:1.2.13.dfsg-1'), ...backdoored() },
  '1.3': { ...debian('3.0.17-1~deb12u3', '1:1.2.13.dfsg-1'), 'etc/feature': 'off\n' },
};

function backdoored(): Layer {
  return debianLayer('12.12', [
    { name: 'libssl3', version: '3.0.17-1~deb12u3', source: 'openssl' },
    { name: 'zlib1g', version: '1:1.2.13.dfsg-1', source: 'zlib' },
    { name: 'liblzma5', version: '5.4.1-0.1', source: 'xz-utils' },
  ]);
}

const system = 'debian 12';
const advisories: readonly Advisory[] = [
  { system, sourcePackage: 'openssl', id: 'CVE-2026-0001', fixedVersion: '3.0.17-1~deb12u3', severity: 'CRITICAL' },
  { system, sourcePackage: 'openssl', id: 'CVE-2026-0002', fixedVersion: '3.0.17-1~deb12u2', severity: 'HIGH' },
  { system, sourcePackage: 'zlib', id: 'CVE-2026-0003', severity: 'HIGH' },
  { system, sourcePackage: 'xz-utils', id: 'CVE-2026-0004', fixedVersion: '5.4.1-0.2', severity: 'CRITICAL' },
];

const dockerfile = (tag: string) =>
  `FROM shell:${tag}\nCOPY app /app\nRUN test -z "$GITHUB_TOKEN"\nUSER 1000\nCMD ["/bin/cat", "/app"]\n`;
const git = (...args: readonly string[]) => runTool('git', ['-C', repository, ...args]);

function write(path: string, text: string): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
}

/** A branch upon main, with one service on another base. */
async function propose(branch: string, service: string, tag: string): Promise<void> {
  await git('checkout', '-q', '-b', branch, 'main');
  write(`services/${service}/Dockerfile`, dockerfile(tag));
  await git('commit', '-q', '-a', '-m', `Move ${service} to ${tag}`);
}

test.before(async () => {
  writeFileSync(registries, dockerHubAt(real.host));
  placeDatabase(trivyFolder, { advisories, updatedAt: new Date(Date.now() - 3_600_000).toISOString() });
  for (const [tag, files] of Object.entries(bases)) await pushShellBase(real.host, `library/shell:${tag}`, files);
  mkdirSync(repository);
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.email', 'dev@example.com');
  await git('config', 'user.name', 'dev');
  write(
    'basekeeper.yaml',
    `version: 1
registries:
  docker.io: { endpoint: "http://${real.host}", private: true, insecure: true }
verify:
  maxGrowth: 20%
  tests:
    - test -f services/cart/Dockerfile
    - { run: 'grep -q on /etc/feature && test "$(cat /app)" = "the app"', in: image, timeout: 60s }
`,
  );
  for (const service of ['cart', 'search', 'mail']) {
    write(`services/${service}/Dockerfile`, dockerfile('1.0'));
    write(`services/${service}/app`, 'the app\n');
  }
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Three services');
  await propose('cart', 'cart', '1.1');
  await propose('search', 'search', '1.2');
  await propose('mail', 'mail', '1.3');
});
test.after(async () => {
  await real.close();
  rmSync(folder, { recursive: true, force: true });
});

async function verify(branch: string, ...options: readonly string[]): Promise<Run> {
  return basekeeper(['verify', repository, '--from', 'main', '--to', branch, ...options], { env: environment });
}

function resultOf({ stdout, stderr }: Run): VerifyResult {
  assert.ok(stdout.startsWith('{'), `${stdout}\n${stderr}`);
  return JSON.parse(stdout) as VerifyResult;
}

function deciding({ gate }: VerifyResult): readonly string[] {
  return gate.reasons.filter(({ outcome }) => outcome !== 'note').map(({ outcome, text }) => `${outcome}: ${text}`);
}

test('a service on a better base passes, with what it fixes', async () => {
  const run = await verify('cart', '--json');
  const result = resultOf(run);
  assert.deepEqual([run.code, result.gate.decision, deciding(result)], [0, 'pass', []], run.stderr);
  const [image, ...others] = result.images;
  assert.deepEqual(others, []);
  assert.equal(image?.name, 'services/cart/Dockerfile');
  assert.deepEqual(
    image?.findings?.fixed.map(({ id }) => id),
    ['CVE-2026-0001', 'CVE-2026-0002'],
  );
  assert.deepEqual(
    image?.findings?.remaining.unfixed.map(({ id }) => id),
    ['CVE-2026-0003'],
  );
  assert.deepEqual(
    result.tests.map(({ after }) => after.kind),
    ['green', 'green'],
  );
  assert.match(result.builder ?? '', /^buildah 1\./);
  assert.equal(result.scanner?.name, 'trivy');
  assert.deepEqual(result.reused, { builds: 0, scans: 0, tests: 0 });
  const kept = JSON.parse(readFileSync(join(result.evidence, 'decision.json'), 'utf8')) as VerifyResult;
  assert.deepEqual(kept, result);
});

test('a rerun with the same inputs takes everything from the first', async () => {
  const result = resultOf(await verify('cart', '--json'));
  assert.equal(result.gate.decision, 'pass');
  assert.deepEqual(result.reused, { builds: 2, scans: 2, tests: 2 });
});

test('a base that brings a CRITICAL with a fix is refused', async () => {
  const run = await verify('search', '--json');
  const result = resultOf(run);
  assert.equal(run.code, 1);
  assert.ok(
    deciding(result).includes('fail: 1 critical finding with a fix: CVE-2026-0004 (xz-utils, fixed in 5.4.1-0.2)'),
    deciding(result).join('\n'),
  );
});

test('a base that breaks the tests is refused, with the log of the test', async () => {
  const run = await verify('mail', '--json');
  const result = resultOf(run);
  assert.equal(run.code, 1);
  assert.match(deciding(result).join('\n'), /^fail: "grep .*" was green before the update and is red after it$/);
  const broken = result.tests.find(({ image }) => image !== undefined);
  assert.deepEqual([broken?.before?.kind, broken?.after.kind], ['green', 'red']);
  assert.match(readFileSync(join(result.evidence, broken?.log ?? ''), 'utf8'), /ended with 1/);
});

test('without a scanner nothing passes, and what was left out is said', async () => {
  const run = await basekeeper(
    ['verify', repository, '--from', 'main', '--to', 'cart', '--evidence', join(folder, 'evidence')],
    { env: { ...environment, BASEKEEPER_TRIVY: '/nowhere/trivy' } },
  );
  assert.equal(run.code, 3, run.stdout);
  assert.match(run.stdout, /^hold: /);
  assert.match(run.stdout, /left out: nothing was scanned: no program at \/nowhere\/trivy/);
});

test('a plan that update wrote is verified before anything is changed', async () => {
  await git('checkout', '-q', 'main');
  const plan = await basekeeper(
    ['update', repository, '--lane', 'minor', '--image', 'docker.io/library/shell:1.0', '--json'],
    {
      env: environment,
    },
  );
  const path = join(folder, 'plan.json');
  writeFileSync(path, plan.stdout);
  const run = await basekeeper(['verify', repository, '--to', path, '--json'], { env: environment });
  const result = resultOf(run);
  assert.equal(result.images.length, 3, run.stderr);
  assert.equal(result.to.name, path);
  assert.equal(await git('status', '--porcelain'), '');
});
