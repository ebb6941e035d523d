import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { realTrivy } from '../../scripts/scans/real-trivy.ts';
import type { DeadlinesResult } from '../../src/flows/deadlines/list-deadlines.ts';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import type { VerifyResult } from '../../src/flows/verify/verify-result.ts';
import type { PatchJson } from '../../src/render/patching/json.ts';
import { basekeeper, type Run } from '../e2e/command.ts';
import { commitTo, makeRepository } from '../fakes/bare-repository.ts';
import { git, gitWith, loopbackCertificate, startGitServer } from '../fakes/git-server.ts';
import { startHttpReceiver } from '../fakes/notice-receiver/http-receiver.ts';
import { alpineLayer, debianLayer } from '../fakes/os-image/os-image.ts';
import { dockerHubAt } from '../fakes/registry/docker-hub-at.ts';
import { placeDatabase } from '../fakes/trivy-db/place-database.ts';
import type { Advisory } from '../fakes/trivy-db/trivy-db.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { expectedLives } from './expected-lives.ts';
import { pushShellBase } from './shell-base.ts';

/**
 * Lives of one finding in four repositories, over real git, registry, builder and scanner: closed in time, breached, waived and
 * resumed, and late by the supplier. The instants alone are told.
 */
const registry = await startDockerRegistry('open');
const server = await startGitServer({ isSecure: true });
const [billing, others] = await Promise.all([startHttpReceiver(), startHttpReceiver()]);
const folder = mkdtempSync(join(tmpdir(), 'basekeeper-lives-'));
const secret = 'a-secret-of-more-than-24-bytes';
const env = {
  GIT_SSL_CAINFO: loopbackCertificate,
  CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf'),
  BASEKEEPER_STATE: join(folder, 'state'),
  BASEKEEPER_CACHE: join(folder, 'cache'),
  BASEKEEPER_TRIVY: realTrivy,
  TRIVY_CACHE_DIR: join(folder, 'trivy'),
  TRIVY_SKIP_DB_UPDATE: 'true',
  HOOK_SECRET: secret,
};
const teams = { shop: 'web', billing: 'payments', search: 'search', cache: 'platform' } as const;
type Name = keyof typeof teams;

const advisories: readonly Advisory[] = [
  {
    ...{ system: 'debian 12', sourcePackage: 'openssl', id: 'CVE-2026-0001' },
    ...{ fixedVersion: '3.0.17-1~deb12u3', severity: 'CRITICAL' },
  },
  {
    ...{ system: 'alpine 3.22', sourcePackage: 'busybox', id: 'CVE-2026-0005' },
    ...{ fixedVersion: '1.37.0-r20', severity: 'CRITICAL' },
  },
];
const [old, fresh] = ['bookworm-20261005-slim', 'bookworm-20261116-slim'];
const waiver = `waivers:
  - { id: W-1, image: docker.io/library/debian, vulnerability: CVE-2026-0001, path: "search/**",
      reason: a freeze, owner: search, approvedBy: security, expires: 2026-11-08 }
`;

const bareOf = (name: Name) => makeRepository(server.root, `acme/${name}`);
const dockerfile = (base: string) => `FROM ${base}\nCOPY app /app\nCMD ["/bin/cat", "/app"]\n`;

function placeTrivyDatabase(updatedAt: string): void {
  placeDatabase(env.TRIVY_CACHE_DIR, { advisories, updatedAt });
}

/** @param waivers what stands behind the rest */
function writePolicy(waivers: string): void {
  writeFileSync(
    join(folder, 'policy.yaml'),
    `version: 1
registries:
  docker.io: { endpoint: "http://${registry.host}", private: true, insecure: true }
update: { lanes: [patch], pin: true, labels: [] }
verify:
  tests:
    - { run: 'test "$(cat /app)" = "an app"', in: image, timeout: 60s }
${waivers}`,
  );
}

function writeFleet(file: string, names: readonly Name[]): void {
  const entries = names.map((name) => `  - { url: "${server.origin}/acme/${name}.git", team: ${teams[name]} }\n`);
  const way = (url: string) => `[{ webhook: "${url}", secretFrom: HOOK_SECRET }]`;
  const notify = `notify: { teams: { payments: ${way(billing.url)} }, others: ${way(others.url)} }\n`;
  const text = `version: 1\nprivateHosts: [127.0.0.1]\nrepositories:\n${entries.join('')}${notify}`;
  writeFileSync(join(folder, file), text);
}

test.before(async () => {
  const debian = (release: string, openssl: string) =>
    debianLayer(release, [{ name: 'libssl3', version: openssl, source: 'openssl' }]);
  await pushShellBase(registry.host, `library/debian:${old}`, debian('12.12', '3.0.17-1~deb12u2'));
  await pushShellBase(registry.host, `library/debian:${fresh}`, debian('12.13', '3.0.17-1~deb12u3'));
  const alpine = alpineLayer('3.22.1', [{ name: 'busybox', version: '1.37.0-r19' }]);
  await pushShellBase(registry.host, 'library/alpine:3.22.1', alpine);
  writeFileSync(env.CONTAINERS_REGISTRIES_CONF, dockerHubAt(registry.host));
  for (const name of Object.keys(teams) as Name[]) {
    const bare = bareOf(name);
    for (const key of ['allowFilter', 'allowAnySHA1InWant']) git(bare, 'config', `uploadpack.${key}`, 'true');
    // A waiver holds for paths.
    const path = name === 'search' ? 'search/' : '';
    const base = name === 'cache' ? 'alpine:3.22.1' : `debian:${old}`;
    commitTo(bare, 'main', { [`${path}Dockerfile`]: dockerfile(base), [`${path}app`]: 'an app' });
  }
  writeFleet('fleet.yaml', Object.keys(teams) as Name[]);
  writeFleet('shop.yaml', ['shop']);
  writePolicy('');
});
test.after(async () => {
  await Promise.all([registry.close(), server.close(), billing.close(), others.close()]);
  rmSync(folder, { recursive: true, force: true });
});

function onFleet(at: string, ...command: readonly string[]): Promise<Run> {
  const given = ['--fleet', 'fleet.yaml', '--policy', 'policy.yaml', '--now', at];
  return basekeeper([...command, ...given], { cwd: folder, env });
}

async function monitor(at: string): Promise<Partial<NonNullable<MonitorResult['deadlines']>>> {
  const { code, stdout, stderr } = await onFleet(at, 'monitor', '--scan', '--json');
  assert.equal(code, 0, stderr + stdout);
  const { detected, merged, closed, breached, open, unproven, unasked, unread } =
    (JSON.parse(stdout) as MonitorResult).deadlines ?? assert.fail();
  assert.deepEqual([unproven, unasked, unread], [[], [], []]);
  return { detected, merged, closed, breached, open };
}

async function deadlines(at: string): Promise<DeadlinesResult['episodes']> {
  const { stdout, stderr } = await onFleet(at, 'deadlines', '--json');
  assert.match(stdout, /^\{/, stderr);
  return (JSON.parse(stdout) as DeadlinesResult).episodes;
}

/** `payments running not-proposed ours`, of every open one. */
async function standings(at: string): Promise<readonly string[]> {
  const found = await deadlines(at);
  return found.map(({ team, state, delay }) => `${team} ${state} ${delay?.reason} ${delay?.whose}`).sort();
}

/** A tag of the branch, as old as it says. */
function release(name: Name, tag: string, at: string): void {
  const bare = bareOf(name);
  const made = `tagger t <t@example.com> ${Date.parse(at) / 1000} +0000`;
  const head = git(bare, 'rev-parse', 'main');
  const id = gitWith(bare, `object ${head}\ntype commit\ntag ${tag}\n${made}\n\n${tag}\n`, 'mktag');
  git(bare, 'update-ref', `refs/tags/${tag}`, id);
}

/** Clocks run on while a scanner works: of instants the hour counts, of spans the nearest. */
function inHours(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((inner) => inHours(inner));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inHours(inner, name)]));
  if (typeof value === 'number' && key.endsWith('Ms')) return `${Math.round(value / 3_600_000)} h`;
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:/.test(value) ? value.slice(0, 13) : value;
}

test('one finding lives to its end in time, in a breach by us, over a waiver, and in a breach by the supplier', async () => {
  placeTrivyDatabase('2026-11-02T06:00:00Z');
  assert.deepEqual(await monitor('2026-11-02T08:00:00Z'), { detected: 4, merged: 0, closed: 0, breached: 0, open: 4 });

  const given = ['--fleet', 'shop.yaml', '--policy', 'policy.yaml', '--now', '2026-11-02T10:00:00Z'];
  const proposing = await basekeeper(['update', '--propose', ...given], { cwd: folder, env });
  assert.equal(proposing.code, 0, proposing.stdout + proposing.stderr);
  writePolicy(waiver);
  await monitor('2026-11-02T12:00:00Z');
  assert.deepEqual(await standings('2026-11-02T13:00:00Z'), [
    'payments running not-proposed ours',
    'platform paused awaiting-base supplier',
    'search paused waived nobody',
    'web running proposal-open ours',
  ]);

  const clone = join(folder, 'shop');
  git(folder, 'clone', '-q', bareOf('shop'), clone);
  const [branch = ''] = git(clone, 'for-each-ref', '--format=%(refname:short)', 'refs/remotes/origin/basekeeper').split(
    '\n',
  );
  const verified = await basekeeper(
    [
      ...['verify', clone, '--from', 'main', '--to', branch, '--json'],
      ...['--policy', join(folder, 'policy.yaml'), '--now', '2026-11-02T14:00:00Z'],
    ],
    { env },
  );
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  const { gate, images, evidence } = JSON.parse(verified.stdout) as VerifyResult;
  assert.deepEqual(
    [gate.decision, images.flatMap(({ findings }) => findings?.fixed.map(({ id }) => id) ?? [])],
    ['pass', ['CVE-2026-0001']],
  );
  assert.ok(existsSync(evidence));

  git(clone, 'merge', '-q', '--no-ff', '-m', 'Merge the update', branch);
  git(clone, 'push', '-q', 'origin', 'HEAD:main');
  const merged = await monitor('2026-11-02T16:00:00Z');
  assert.deepEqual(merged, { detected: 0, merged: 1, closed: 0, breached: 0, open: 4 });
  release('shop', 'v1.0.1', '2026-11-02T18:00:00Z');
  const closed = await monitor('2026-11-03T08:00:00Z');
  assert.deepEqual(closed, { detected: 0, merged: 0, closed: 1, breached: 0, open: 3 });

  for (const at of ['2026-11-04T09:00:00Z', '2026-11-04T10:00:00Z']) {
    const told = await onFleet(at, 'notify');
    assert.equal(told.code, 0, told.stdout + told.stderr);
  }
  const [message, ...more] = billing.received;
  assert.equal(more.length, 0, 'once');
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = message?.headers ?? {};
  const signed = createHmac('sha256', secret).update(`${id}.${at}.${message?.body}`).digest('base64');
  assert.equal(signature, `v1,${signed}`);
  assert.match(message?.body ?? '', /CVE-2026-0001/);
  assert.match(message?.body ?? '', /late/);

  writePolicy('');
  placeTrivyDatabase('2026-11-05T06:00:00Z');
  await monitor('2026-11-05T08:00:00Z');
  assert.deepEqual(await standings('2026-11-05T09:00:00Z'), [
    'payments late not-proposed ours',
    'platform running awaiting-base supplier',
    'search running not-proposed ours',
  ]);
  // By hand, and pinned, so that a release proves what it stands on.
  const [, pinned = ''] = /^FROM (\S+)/.exec(git(bareOf('shop'), 'show', 'main:Dockerfile')) ?? [];
  commitTo(bareOf('search'), 'main', { 'search/Dockerfile': dockerfile(pinned) });
  release('search', 'v2.0.0', '2026-11-06T08:00:00Z');
  const resumed = await monitor('2026-11-06T12:00:00Z');
  assert.deepEqual([resumed.closed, resumed.open], [1, 2]);

  const end = '2026-11-08T09:00:00Z';
  const report = await onFleet(end, 'report', '--since', '2026-11-01', '--format', 'json');
  assert.equal(report.code, 0, report.stderr);
  const { episodes, total } = JSON.parse(report.stdout) as PatchJson;
  const { inTimeRate, closedInTime, closedLate, openLate, lateBy } = total;
  assert.deepEqual(
    { inTimeRate, closedInTime, closedLate, openLate, lateBy },
    { inTimeRate: 0.5, closedInTime: 2, closedLate: 0, openLate: 2, lateBy: { supplier: 1, ours: 1 } },
  );
  const told = episodes.map((episode) => ({ ...episode, repository: episode.repository.split('/').at(-1) }));
  assert.deepEqual(inHours(told), expectedLives);

  const open = episodes
    .filter(({ state }) => state !== 'closed')
    .map(({ row: _row, outcome: _outcome, fromFix: _fromFix, ...episode }) => inHours(episode));
  assert.deepEqual(inHours(await deadlines(end)), open);

  const page = await onFleet(end, 'report', '--since', '2026-11-01', '--format', 'html');
  const [, head = ''] = /Audit head after \d+ events: ([0-9a-f]{64})/.exec(page.stdout) ?? [];
  const audit = (...command: readonly string[]) => basekeeper(['audit', ...command], { cwd: folder, env });
  assert.equal((await audit('export', '-o', 'audit.jsonl')).code, 0);
  const proven = await audit('verify', 'audit.jsonl', '--head', head);
  assert.equal(proven.code, 0, proven.stdout + proven.stderr);
});
