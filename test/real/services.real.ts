import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { realTrivy } from '../../scripts/scans/real-trivy.ts';
import type { VerifyResult } from '../../src/flows/verify/verify-result.ts';
import { basekeeper } from '../e2e/command.ts';
import { alpineLayer } from '../fakes/os-image/os-image.ts';
import { dockerHubAt } from '../fakes/registry/docker-hub-at.ts';
import type { Advisory } from '../fakes/trivy-db/trivy-db.ts';
import { type DebianBases, makeDebianBases } from './debian-bases.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { pushDatabase } from './push-database.ts';
import { pushTree } from './push-tree.ts';
import { runTool } from './run-tool.ts';
import { pushShellBase } from './shell-base.ts';

const example = join(import.meta.dirname, '..', '..', 'examples', 'status-page');
const real = await startDockerRegistry('open');
const folder = mkdtempSync(join(tmpdir(), 'basekeeper-services-'));
const repository = join(folder, 'services');
const environment: Record<string, string> = {
  CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf'),
  BASEKEEPER_STATE: join(folder, 'state'),
  BASEKEEPER_CACHE: join(folder, 'cache'),
  BASEKEEPER_TRIVY: realTrivy,
  TRIVY_CACHE_DIR: join(folder, 'trivy'),
};
let debian: DebianBases;

const git = (...args: readonly string[]) => runTool('git', ['-C', repository, ...args]);

/** Each fix that Debian's changelogs name, with a severity of our own: CRITICAL for the first of each package, else HIGH. */
function advisoriesOf({ fixes }: DebianBases): readonly Advisory[] {
  return fixes.flatMap(({ sourcePackage, fixedVersion, ids }) =>
    ids.map(
      (id, at): Advisory => ({
        ...{ system: 'debian 12', sourcePackage, id, fixedVersion },
        severity: at === 0 ? 'CRITICAL' : 'HIGH',
      }),
    ),
  );
}

/** What the third service reads of its base. */
const names = 'usr/share/legacy/names';
const busybox = { name: 'busybox', version: '1.37.0-r19' };

test.before(async () => {
  debian = await makeDebianBases(join(folder, 'debian'));
  await pushTree(real.host, 'library/debian:bookworm-20261005-slim', debian.released);
  await pushTree(real.host, 'library/debian:bookworm-20261116-slim', debian.updated);
  const alpine = (release: string, ...more: readonly (typeof busybox)[]) => alpineLayer(release, [busybox, ...more]);
  await pushShellBase(real.host, 'library/alpine:3.22.1', alpine('3.22.1'));
  await pushShellBase(real.host, 'library/alpine:3.22.2', alpine('3.22.2', { name: 'xz-libs', version: '5.8.1-r0' }));
  await pushShellBase(real.host, 'library/alpine:3.21.4', { ...alpine('3.21.4'), [names]: 'set -- $SERVICES\n' });
  await pushShellBase(real.host, 'library/alpine:3.21.5', alpine('3.21.5'));
  environment.TRIVY_DB_REPOSITORY = await pushDatabase(real.host, {
    advisories: [
      ...advisoriesOf(debian),
      {
        system: 'alpine 3.22',
        sourcePackage: 'xz-libs',
        id: 'CVE-2026-0004',
        fixedVersion: '5.8.1-r1',
        severity: 'CRITICAL',
      },
    ],
    updatedAt: new Date(Date.now() - 3_600_000).toISOString(),
  });
  writeFileSync(join(folder, 'registries.conf'), dockerHubAt(real.host));
  mkdirSync(repository);
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.email', 'dev@example.com');
  await git('config', 'user.name', 'dev');
  writeFileSync(
    join(repository, 'basekeeper.yaml'),
    `version: 1
registries:
  docker.io: { endpoint: "http://${real.host}", private: true, insecure: true }
verify:
  maxGrowth: 10%
  tests:
    - { run: 'SERVICES=shop=up sh /app/write-page.sh | grep -q "shop is up"', in: image, timeout: 60s }
`,
  );
  for (const [service, base] of [
    ['status-page', undefined],
    ['mirror-page', 'alpine:3.22.1'],
    ['legacy-page', 'alpine:3.21.4'],
  ] as const) {
    cpSync(example, join(repository, service), { recursive: true });
    const path = join(repository, service, 'Dockerfile');
    if (base !== undefined) writeFileSync(path, readFileSync(path, 'utf8').replace(/^FROM .*/, `FROM ${base}`));
  }
  const script = join(repository, 'legacy-page', 'write-page.sh');
  writeFileSync(script, readFileSync(script, 'utf8').replace('set -eu\n', `set -eu\n. /${names}\n`));
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Three pages of what is up');
});
test.after(async () => {
  await real.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Updates one image on a branch of its own, and has the branch verified. */
async function updateAndVerify(image: string): Promise<VerifyResult & { readonly code: number | null }> {
  const branch = image.replaceAll(/[/:]/g, '-');
  await git('checkout', '-q', '-b', branch, 'main');
  const update = ['update', repository, '--write', '--lane', 'patch', '--image', `docker.io/library/${image}`];
  const written = await basekeeper(update, { env: environment });
  assert.equal(written.code, 0, written.stdout + written.stderr);
  await git('commit', '-q', '-a', '-m', `Update ${image}`);
  const { code, stdout, stderr } = await basekeeper(
    ['verify', repository, '--from', 'main', '--to', branch, '--json'],
    { env: environment },
  );
  assert.ok(stdout.startsWith('{'), `${stdout}\n${stderr}`);
  return { ...(JSON.parse(stdout) as VerifyResult), code };
}

function failures({ gate }: VerifyResult): readonly string[] {
  return gate.reasons.flatMap(({ outcome, image, text }) =>
    outcome === 'note' ? [] : [`${outcome}: ${image}: ${text}`],
  );
}

test('a service on Debian is found better with its security updates, by fixes of real changelogs and severities of the test', async (context) => {
  const result = await updateAndVerify('debian:bookworm-20261005-slim');
  assert.deepEqual([result.code, failures(result)], [0, []]);
  const [image] = result.images;
  assert.equal(image?.after.scan.kind === 'scanned' && image.after.scan.system?.family, 'debian');
  const fixed = new Set(image?.findings?.fixed.map(({ id }) => id));
  const named = new Set(debian.fixes.flatMap(({ ids }) => ids));
  assert.ok(named.size > 0);
  assert.deepEqual([...fixed].sort(), [...named].sort());
  assert.deepEqual(image?.findings?.added, []);
  context.diagnostic(
    `${debian.release}, the two differ by ${debian.difference}: ${fixed.size} fixed in ${debian.fixes.length} source packages`,
  );
});

test('a base of Alpine that adds a CRITICAL with a fix is refused', async () => {
  const result = await updateAndVerify('alpine:3.22.1');
  assert.equal(result.code, 1);
  assert.deepEqual(
    failures(result)[0],
    'fail: mirror-page/Dockerfile: 1 critical finding with a fix: CVE-2026-0004 (xz-libs, fixed in 5.8.1-r1)',
  );
});

test('a base on which a service breaks its tests is refused', async () => {
  const result = await updateAndVerify('alpine:3.21.4');
  assert.equal(result.code, 1);
  assert.match(
    failures(result)[0] ?? '',
    /^fail: legacy-page\/Dockerfile: ".*" was green before the update and is red after it$/,
  );
});
