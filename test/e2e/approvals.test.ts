import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ApprovalsResult } from '../../src/flows/prove-approvals.ts';
import { commitTo, headOf } from '../fakes/bare-repository.ts';
import { git } from '../fakes/git-server.ts';
import { basekeeper } from './command.ts';
import { type OnGithub, proposingOnGithub } from './proposing-on-github.ts';

const waiver = (id: string, more = '') =>
  `  - id: ${id}\n    image: docker.io/library/debian\n    vulnerability: CVE-2026-1\n    reason: r${more}\n    owner: eve\n    approvedBy: ada\n    expires: 2026-11-27\n`;
const policyOf = (...waivers: readonly string[]) => `version: 1\nwaivers:\n${waivers.join('')}`;

/** Eve asks for it, and somebody looks at it before it is merged. */
function merged({ github, repository }: OnGithub, text: string, approver: string | undefined): void {
  const number = repository.pulls.length + 1;
  const branch = `change-${number}`;
  const head = commitTo(repository.folder, branch, { 'basekeeper.yaml': text }, headOf(repository.folder, 'main'));
  const { now } = github.state;
  repository.pulls.push({
    ...{ id: 100 + number, number, login: 'eve', branch, headRepositoryId: repository.id, baseBranch: 'main' },
    ...{ title: 'waive', body: null, state: 'open', isDraft: false, createdAt: now, updatedAt: now },
    ...{ closedAt: null, mergedAt: null, headRevision: head, baseRevision: headOf(repository.folder, 'main') ?? '' },
    ...{ labels: [], assignees: [], reviewers: [], teams: [], comments: [], autoMerge: null },
    reviews: approver === undefined ? [] : [{ id: 1, login: approver, state: 'APPROVED', revision: head }],
  });
  github.merge('acme/shop', number);
}

test('what waivers say of their approval is proven by reviews, or told as not proven', () =>
  proposingOnGithub({ Dockerfile: 'FROM debian:12\n' }, async (world) => {
    const { github, path, env } = world;
    for (const login of ['eve', 'ada']) github.addUser(login);
    const clone = join(path, 'clone');
    const told = async () => {
      git(clone, 'fetch', '-q', world.repository.folder, 'main');
      git(clone, 'reset', '-q', '--hard', 'FETCH_HEAD');
      const args = ['policy', 'approvals', '--fail-on', 'unproven', '--now', '2026-11-25'];
      const { stdout, stderr, code } = await basekeeper([...args, '--json'], { cwd: clone, env });
      assert.match(stdout, /^\{/, stderr);
      const { waivers } = JSON.parse(stdout) as ApprovalsResult;
      const text = await basekeeper(args, { cwd: clone, env });
      assert.equal(text.stdout.includes('approval not proven'), code === 1);
      return waivers.map(
        ({ id, proof }) =>
          `${id} ${proof.kind === 'proven' ? 'proven' : proof.reason.replace(/[0-9a-f]{12} |https?:[^ ,]+/g, '')}`,
      );
    };
    merged(world, policyOf(waiver('W-1')), 'ada');
    assert.deepEqual(await told(), ['W-1 proven']);
    merged(world, policyOf(waiver('W-1'), waiver('W-2')), undefined);
    assert.deepEqual(await told(), ['W-1 proven', 'W-2 by t: nobody approved , ada did not']);
    // Whoever may push changes what was approved.
    world.commit({ 'basekeeper.yaml': policyOf(waiver('W-1', ', and more')) });
    assert.deepEqual(await told(), ['W-1 by t came with no merged pull request']);
  }));

test('outside of a repository nothing is proven', () =>
  proposingOnGithub({ 'basekeeper.yaml': policyOf(waiver('W-1')) }, async ({ path, env }) => {
    git(join(path, 'clone'), 'remote', 'remove', 'origin');
    const args = ['policy', 'approvals', '--now', '2026-11-25'];
    const { stdout, code } = await basekeeper(args, { cwd: join(path, 'clone'), env });
    assert.equal(code, 0);
    assert.match(stdout, /approval not proven: the repository of .* has no remote origin/);
    assert.match(stdout, /0 of 1 approval proven/);
  }));
