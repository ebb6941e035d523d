import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLineHistory } from '../../../src/adapters/workspace/create-line-history.ts';
import type { Waiver } from '../../../src/domain/policy/waiver.ts';
import { proveApprovals } from '../../../src/flows/approvals/prove-approvals.ts';
import type { Forge } from '../../../src/ports/forge.ts';
import { withGithub } from '../../adapters/forge/github/with-github.ts';
import { draft, withGitlab } from '../../adapters/forge/gitlab/with-gitlab.ts';
import { withFolder } from '../../adapters/store/with-folder.ts';
import { commitTo, headOf } from '../../fakes/bare-repository.ts';
import { git } from '../../fakes/git-server.ts';

const policy = 'waivers:\n  - id: W-1\n    image: a\n  - id: W-2\n    image: b\n';

/** What is told of both waivers of `main`. */
async function proofs(bare: string, forge: Forge, approvers: readonly [string, string]) {
  let told: readonly string[] = [];
  await withFolder(async (folder) => {
    git(folder, 'clone', '-q', bare, 'clone');
    const file = join(folder, 'clone/basekeeper.yaml');
    const waivers = approvers.map((approvedBy, at): Waiver => {
      const image = { text: 'a', matches: () => true };
      const own = { id: `W-${at + 1}`, rules: [], reason: 'r', owner: 'eve', approvedBy, expires: '2026-12-01' };
      return { ...own, image: image as unknown as Waiver['image'], file: 'basekeeper.yaml', line: 2 + 2 * at };
    });
    const place = { kind: 'forge', forge, repository: 'acme/shop' } as const;
    const files = new Map([['basekeeper.yaml', { file, text: await readFile(file, 'utf8'), place }]]);
    const found = await proveApprovals(createLineHistory(process.env), waivers, files);
    told = found.map(({ id, proof }) =>
      proof.kind === 'proven'
        ? `${id} ${proof.by.map(({ by, way, team }) => `${by} ${way} ${team ?? ''}`.trim())}`
        : `${id} ${proof.kind}: ${proof.reason.replace(/[0-9a-f]{12} by t: |https?:[^ ,]+/g, '')}`,
    );
  });
  return told;
}

test('on GitLab a group of the owners tells who approved, those of the group around it included', () =>
  withGitlab(async ({ gitlab, project, forge }) => {
    const [ada, bob] = [gitlab.addUser('ada'), gitlab.addUser('bob')];
    gitlab.state.groups.add('acme/security');
    gitlab.state.groupMembers.set('acme', new Set([ada.id]));
    // GitLab does not look into .github.
    const owners = { CODEOWNERS: '[Policy]\n*.yaml @acme/security\n', '.github/CODEOWNERS': '*.yaml @bob\n' };
    commitTo(project.folder, 'main', owners);
    commitTo(project.folder, 'waive', { 'basekeeper.yaml': policy }, headOf(project.folder, 'main'));
    const { pullRequest } = await forge.openPullRequest('acme/shop', { ...draft, branch: 'waive' });
    const one = gitlab.mergeRequest('acme/shop', Number(pullRequest.id));
    one.approverIds.push(bob.id);
    gitlab.merge('acme/shop', one.iid);
    const not = 'CODEOWNERS gives the policy file to @acme/security, not to bob';
    const nobody = 'bob approved , nobody of acme/security did';
    assert.deepEqual(await proofs(project.folder, forge, ['bob', 'acme/security']), [
      `W-1 not-proven: ${not}`,
      `W-2 not-proven: ${nobody}`,
    ]);
    one.approverIds.push(ada.id);
    assert.deepEqual(await proofs(project.folder, forge, ['ada', 'team:security']), [
      'W-1 ada code-owner acme/security',
      'W-2 ada code-owner acme/security',
    ]);
    gitlab.state.groups.delete('acme/security');
    const [first] = await proofs(project.folder, forge, ['ada', 'bob']);
    assert.match(first ?? '', /^W-1 unknown: cannot tell who is of the group acme\/security: there is none/);
  }));

test('each thing is asked for once, and a forge that does not answer is asked no more', () =>
  withGithub(async ({ github, repository, forge }) => {
    for (const login of ['eve', 'ada']) github.addUser(login);
    commitTo(repository.folder, 'waive', { 'basekeeper.yaml': policy }, headOf(repository.folder, 'main'));
    const { pullRequest } = await forge.openPullRequest('acme/shop', { ...draft, branch: 'waive' });
    const pull = github.pull('acme/shop', Number(pullRequest.id));
    pull.reviews.push({ id: 1, login: 'ada', state: 'APPROVED', revision: pull.headRevision });
    github.merge('acme/shop', pull.number);
    github.requests.length = 0;
    assert.deepEqual(await proofs(repository.folder, forge, ['ada', 'ada']), ['W-1 ada approver', 'W-2 ada approver']);
    assert.equal(new Set(github.requests).size, github.requests.length, github.requests.join('\n'));

    github.fault = { times: 1000, status: 503 };
    github.requests.length = 0;
    const told = await proofs(repository.folder, forge, ['ada', 'ada']);
    assert.deepEqual(
      told.map((line) => line.slice(0, 11)),
      ['W-1 unknown', 'W-2 unknown'],
    );
    assert.equal(new Set(github.requests).size, 1, github.requests.join('\n'));
  }));
