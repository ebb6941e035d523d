import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CheckResult } from '../../src/flows/check-result.ts';
import type { DeadlinesResult } from '../../src/flows/deadlines/list-deadlines.ts';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import { git } from '../fakes/git-server.ts';
import { writeTrivyProgram } from '../fakes/trivy-program/trivy-program.ts';
import { mergeChange } from './approved-changes.ts';
import { basekeeper, type Run } from './command.ts';
import { type OnGithub, proposingOnGithub } from './proposing-on-github.ts';
import { pushScanned } from './scanned.ts';

type World = OnGithub & {
  /** Of the waiver that lasts until that day. */
  policyOf(expires: string, proof?: 'off' | 'asked' | 'required'): Readonly<Record<string, string>>;
  /** With what `main` has, at an instant. */
  run(at: string, ...args: readonly string[]): Promise<Run>;
};

/** `debian:12-slim`, which ships, has CVE-2026-0003 (HIGH) in zlib, and W-1 waives it. */
function waiving(fact: string, use: (world: World) => Promise<void>): void {
  test(fact, () =>
    proposingOnGithub({ Dockerfile: 'FROM debian:12-slim\nUSER 1\n' }, async (world) => {
      const { github, hub, path } = world;
      for (const login of ['eve', 'ada']) github.addUser(login);
      pushScanned(hub, path, { repository: 'library/debian', tag: '12-slim' }, 'old');
      const [clone, home] = [join(path, 'clone'), join(path, 'trivy-program')];
      const env = { ...world.env, BASEKEEPER_TRIVY: join(home, 'trivy') };
      await use({
        ...world,
        policyOf: (expires, proof = 'required') => ({
          'basekeeper.yaml': `version: 1
approvalProof: ${proof}
registries:
  docker.io: { endpoint: "${hub.origin}", private: true, insecure: true }
waivers:
  - id: W-1
    image: "docker.io/library/debian:*"
    vulnerability: CVE-2026-0003
    reason: not reachable
    owner: eve
    approvedBy: ada
    expires: ${expires}
`,
        }),
        async run(at, ...args) {
          git(clone, 'fetch', '-q', world.repository.folder, 'main');
          git(clone, 'reset', '-q', '--hard', 'FETCH_HEAD');
          writeTrivyProgram(home, { version: '0.68.2', updatedAt: `${at.slice(0, 10)}T00:00:00Z` });
          return basekeeper([...args, '--now', at], { cwd: clone, env });
        },
      });
    }),
  );
}

const today = '2026-11-25T08:00:00Z';

async function checked({ run }: World, ...args: readonly string[]) {
  const { stdout, stderr } = await run(today, 'check', '--scan', '--json', ...args);
  assert.match(stdout, /^\{/, stderr);
  const { scans, policyFindings, approvals, summary } = JSON.parse(stdout) as CheckResult;
  const told = policyFindings.filter(({ rule }) => rule === 'unproven-waiver');
  return {
    waived: scans?.waivers.map(({ id }) => id),
    told: told.map(({ verdict, reason }) => `${verdict} ${reason.slice(0, reason.indexOf(':'))}`),
    proofs: approvals?.map(({ id, proof }) => `${id} ${proof.kind}`),
    isUnasked: summary.notChecked.some((clause) => clause.startsWith('whether waivers are approved')),
  };
}

waiving('check --online counts a waiver that has to be proven only where it is, and tells why not', async (world) => {
  const { github, policyOf, run } = world;
  mergeChange(world, { files: policyOf('2026-12-20', 'asked') });
  const asked = 'info that ada approved of waiver W-1 is not proven';
  const proofs = ['W-1 not-proven'];
  assert.deepEqual(await checked(world, '--online'), { waived: ['W-1'], told: [asked], proofs, isUnasked: false });
  const left = 'warn waiver W-1 is not counted';
  mergeChange(world, { files: policyOf('2026-12-20') });
  assert.deepEqual(await checked(world, '--online'), { waived: [], told: [left], proofs, isUnasked: false });
  // Nobody is asked.
  assert.deepEqual(await checked(world), { waived: ['W-1'], told: [], proofs: undefined, isUnasked: true });

  mergeChange(world, { files: { 'basekeeper.yaml': 'version: 1\n' } });
  mergeChange(world, { files: policyOf('2026-12-20'), approvedBy: ['ada'] });
  const proven = { waived: ['W-1'], told: [], proofs: ['W-1 proven'], isUnasked: false };
  assert.deepEqual(await checked(world, '--online'), proven);
  for (const format of ['text', 'markdown', 'html', 'sarif']) {
    const { stdout } = await run(today, 'check', '--scan', '--online', '--format', format);
    const plain = stdout.replaceAll('\\', '').replace(/\s+/g, ' ');
    assert.match(plain, /CVE-2026-0003 in .* until 2026-12-20 by W-1, approved by ada/, format);
    assert.match(plain, /waiver W-1 until 2026-12-20, by ada: approved by ada in http/, format);
  }
  github.fault = { times: 10_000, status: 401 };
  const down = { waived: [], told: [left], proofs: ['W-1 unknown'], isUnasked: false };
  assert.deepEqual(await checked(world, '--online'), down);
});

waiving('a clock stands still for a proven waiver, and goes on standing while nobody can be asked', async (world) => {
  const { github, policyOf, run } = world;
  const cycle = async (at: string) => {
    const { stdout, stderr } = await run(at, 'monitor', '--scan', '--json');
    assert.match(stdout, /^\{/, stderr);
    const { deadlines } = JSON.parse(stdout) as MonitorResult;
    const listed = await run(at.replace('T08', 'T09'), 'deadlines', '--json');
    const { episodes } = JSON.parse(listed.stdout) as DeadlinesResult;
    const waiver = episodes.find(({ id }) => id === 'CVE-2026-0003')?.pause?.waiver ?? undefined;
    return [
      ...(deadlines?.words.approvals.map(({ proof }) => proof.kind) ?? []),
      ...(deadlines?.words.waiverFindings.map(({ rule, verdict }) => `${rule} ${verdict}`) ?? []),
      waiver === undefined ? 'runs' : `waived, ${waiver.approval?.proof}`,
    ];
  };
  mergeChange(world, { files: policyOf('2026-12-20') });
  assert.deepEqual(await cycle('2026-11-25T08:00:00Z'), ['not-proven', 'unproven-waiver warn', 'runs']);
  mergeChange(world, { files: { 'basekeeper.yaml': 'version: 1\n' } });
  mergeChange(world, { files: policyOf('2026-12-20'), approvedBy: ['ada'] });
  assert.deepEqual(await cycle('2026-11-26T08:00:00Z'), ['proven', 'waived, proven']);
  for (const format of ['text', 'markdown', 'html', 'csv', 'json']) {
    const { stdout } = await run('2026-11-26T09:00:00Z', 'report', '--since', '2026-11-01', '--format', format);
    assert.match(stdout, /W-1/, format);
    assert.match(stdout, /2026-12-2[01]/, format);
    assert.match(stdout, /\bada in http|proven: ada/, format);
  }
  const shown = await run('2026-11-26T09:00:00Z', 'deadlines');
  assert.match(shown.stdout.replace(/\s+/g, ' '), /by W-1, approved by ada \(proven: ada in http/);

  github.fault = { times: 10_000, status: 401 };
  assert.deepEqual(await cycle('2026-11-27T08:00:00Z'), ['unknown', 'unproven-waiver info', 'waived, proven']);
  // Another waiver, of which nothing was proven yet.
  mergeChange(world, { files: policyOf('2026-12-22') });
  assert.deepEqual(await cycle('2026-11-28T08:00:00Z'), ['unknown', 'unproven-waiver warn', 'runs']);
});

waiving('what was proven does not hold for a waiver whose last line was taken out since', async (world) => {
  const { github, policyOf, run, commit } = world;
  const clock = async (at: string) => {
    await run(at, 'monitor', '--scan', '--json');
    const { stdout } = await run(at.replace('T08', 'T09'), 'deadlines', '--json');
    const { episodes } = JSON.parse(stdout) as DeadlinesResult;
    return episodes.find(({ id }) => id === 'CVE-2026-0003')?.pause?.waiver?.id ?? 'runs';
  };
  const text = policyOf('2026-12-20')['basekeeper.yaml'] ?? '';
  mergeChange(world, { files: { 'basekeeper.yaml': `${text}    path: Dockerfile\n` }, approvedBy: ['ada'] });
  assert.equal(await clock('2026-11-25T08:00:00Z'), 'W-1');
  commit({ 'basekeeper.yaml': text });
  github.fault = { times: 10_000, status: 401 };
  assert.equal(await clock('2026-11-26T08:00:00Z'), 'runs');
});
