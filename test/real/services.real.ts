import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { realTrivy } from '../../scripts/scans/real-trivy.ts';
import type { SettleResult } from '../../src/flows/merge/settle-result.ts';
import type { VerifyResult } from '../../src/flows/verify/verify-result.ts';
import { basekeeper } from '../e2e/command.ts';
import { startGithub } from '../e2e/proposing-on-github.ts';
import { git } from '../fakes/git-server.ts';
import { alpineLayer } from '../fakes/os-image/os-image.ts';
import { dockerHubAt } from '../fakes/registry/docker-hub-at.ts';
import type { Advisory } from '../fakes/trivy-db/trivy-db.ts';
import { type DebianBases, makeDebianBases } from './debian-bases.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { pushDatabase } from './push-database.ts';
import { pushTree } from './push-tree.ts';
import { pushShellBase } from './shell-base.ts';

const example = join(import.meta.dirname, '..', '..', 'examples', 'status-page');
const real = await startDockerRegistry('open');
const { github, server, env: ofGithub, addRepository, close: closeGithub } = await startGithub();
const folder = mkdtempSync(join(tmpdir(), 'basekeeper-services-'));
const environment: Record<string, string> = {
  ...ofGithub,
  CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf'),
  BASEKEEPER_STATE: join(folder, 'state'),
  BASEKEEPER_CACHE: join(folder, 'cache'),
  BASEKEEPER_TRIVY: realTrivy,
  TRIVY_CACHE_DIR: join(folder, 'trivy'),
};
/** Each is the example on a base of its own. */
const services = { 'status-page': undefined, 'mirror-page': 'alpine:3.22.1', 'legacy-page': 'alpine:3.21.4' } as const;
type Service = keyof typeof services;
let debian: DebianBases;

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
  writeFileSync(
    join(folder, 'policy.yaml'),
    `version: 1
registries:
  docker.io: { endpoint: "http://${real.host}", private: true, insecure: true }
update: { lanes: [patch], labels: [], reviewers: [ada], automerge: true }
verify:
  maxGrowth: 10%
  tests:
    - { run: 'SERVICES=shop=up sh /app/write-page.sh | grep -q "shop is up"', in: image, timeout: 60s }
`,
  );
  github.state.now = Date.now();
  github.addUser('ada');
  for (const service of Object.keys(services) as readonly Service[]) {
    const repository = addRepository(`acme/${service}`, filesOf(service));
    repository.collaborators.add('ada');
    repository.requiredChecks.push({ context: 'basekeeper verify', appId: null });
  }
  const addresses = Object.keys(services).map((name) => `  - { url: "${server.origin}/acme/${name}.git" }\n`);
  const fleet = `version: 1\nprivateHosts: [127.0.0.1]\nrepositories:\n${addresses.join('')}`;
  writeFileSync(join(folder, 'fleet.yaml'), fleet);
  const { code, stdout, stderr } = await onFleet('update', '--propose');
  assert.equal(code, 0, stdout + stderr);
});
test.after(async () => {
  await closeGithub();
  await real.close();
  rmSync(folder, { recursive: true, force: true });
});

function filesOf(service: Service): Readonly<Record<string, string>> {
  const read = (name: string) => readFileSync(join(example, name), 'utf8');
  const [base, dockerfile, script] = [services[service], read('Dockerfile'), read('write-page.sh')];
  return {
    Dockerfile: base === undefined ? dockerfile : dockerfile.replace(/^FROM .*/, `FROM ${base}`),
    'write-page.sh': service === 'legacy-page' ? script.replace('set -eu\n', `set -eu\n. /${names}\n`) : script,
  };
}

function onFleet(...command: readonly string[]) {
  const given = ['--fleet', 'fleet.yaml', '--policy', 'policy.yaml'];
  return basekeeper([...command, ...given], { cwd: folder, env: environment });
}

/** As its own CI does: verifies the proposal in a clone, and what the gate says is the check that its branch requires. */
async function checkProposal(service: Service): Promise<VerifyResult> {
  const pull = github.pull(`acme/${service}`, 1);
  const bare = github.repository(`acme/${service}`).folder;
  const clone = join(folder, service);
  git(folder, 'clone', '-q', bare, clone);
  const revisions = ['--from', 'main', '--to', `origin/${pull.branch}`];
  const { code, stdout, stderr } = await basekeeper(
    ['verify', clone, ...revisions, '--policy', join(folder, 'policy.yaml'), '--json'],
    { env: environment },
  );
  assert.ok(stdout.startsWith('{'), `${stdout}\n${stderr}`);
  const head = git(bare, 'rev-parse', pull.branch);
  github.runCheck(`acme/${service}`, head, 'basekeeper verify', code === 0 ? 'success' : 'failure');
  const result = JSON.parse(stdout) as VerifyResult;
  assert.equal(code, { pass: 0, fail: 1, hold: 3 }[result.gate.decision]);
  return result;
}

/** What became of a service's pull request in a run that looks at those of all. */
async function settle(service: Service): Promise<string> {
  const { stdout, stderr } = await onFleet('settle', '--json');
  assert.ok(stdout.startsWith('{'), `${stdout}\n${stderr}`);
  const { repositories } = JSON.parse(stdout) as SettleResult;
  const rows = repositories.find(({ name }) => name.includes(service))?.rows ?? [];
  return rows.map(({ action, reason }) => (reason === undefined ? action : `${action}: ${reason}`)).join('; ');
}

function deciding({ gate }: VerifyResult): readonly string[] {
  return gate.reasons.flatMap(({ outcome, text }) => (outcome === 'note' ? [] : [`${outcome}: ${text}`]));
}

const onMain = (service: Service) => git(github.repository(`acme/${service}`).folder, 'show', 'main:Dockerfile');

test('a service on Debian is found better with its security updates and merged, by fixes of real changelogs and severities of the test', async (context) => {
  const result = await checkProposal('status-page');
  assert.deepEqual(deciding(result), []);
  const [image] = result.images;
  const fixed = new Set(image?.findings?.fixed.map(({ id }) => id));
  const named = new Set(debian.fixes.flatMap(({ ids }) => ids));
  assert.ok(named.size > 0);
  assert.deepEqual([...fixed].sort(), [...named].sort());
  assert.deepEqual(image?.findings?.added, []);
  assert.equal(await settle('status-page'), 'merge');
  assert.notEqual(github.pull('acme/status-page', 1).mergedAt, null);
  assert.match(onMain('status-page'), /^FROM debian:bookworm-20261116-slim/);
  const { release, difference, fixes } = debian;
  context.diagnostic(
    `Debian ${release}, which differs by ${difference}: ${fixed.size} fixed in ${fixes.length} source packages`,
  );
});

test('a base of Alpine that adds a CRITICAL with a fix is refused', async () => {
  const result = await checkProposal('mirror-page');
  const reason = 'fail: 1 critical finding with a fix: CVE-2026-0004 (xz-libs, fixed in 5.8.1-r1)';
  assert.equal(deciding(result)[0], reason);
  assert.equal(await settle('mirror-page'), 'review: basekeeper verify failed');
  assert.deepEqual(github.pull('acme/mirror-page', 1).reviewers, ['ada']);
  assert.match(onMain('mirror-page'), /^FROM alpine:3\.22\.1\n/);
});

test('a base on which a service breaks its tests is refused', async () => {
  const result = await checkProposal('legacy-page');
  assert.match(deciding(result)[0] ?? '', /^fail: ".*" was green before the update and is red after it$/);
  assert.equal(await settle('legacy-page'), 'review: basekeeper verify failed');
  assert.match(onMain('legacy-page'), /^FROM alpine:3\.21\.4\n/);
});
