import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ApprovalsResult } from '../../src/flows/approvals/prove-approvals.ts';
import { git } from '../fakes/git-server.ts';
import { mergeChange } from './approved-changes.ts';
import { basekeeper } from './command.ts';
import { type OnGithub, proposingOnGithub } from './proposing-on-github.ts';

type Waived = { readonly id?: string; readonly more?: string; readonly approver?: string; readonly expires?: string };

const waiver = ({ id = 'W-1', more = '', approver = 'ada', expires = '2026-11-27' }: Waived = {}) =>
  `  - id: ${id}\n    image: docker.io/library/debian\n    vulnerability: CVE-2026-1\n    package: openssl\n    reason: r${more}\n    owner: eve\n    approvedBy: ${JSON.stringify(approver)}\n    expires: ${expires}\n`;
const policyOf = (...waivers: readonly string[]) => ({
  'basekeeper.yaml': `version: 1\nwaivers:\n${waivers.join('')}`,
});

type World = OnGithub & {
  /** `W-1 proven: ada in`, `W-2 not-proven: …`, of what `main` has; commits and addresses are left out. */
  told(): Promise<readonly string[]>;
};

function onGithub(fact: string, files: Readonly<Record<string, string>>, use: (world: World) => Promise<void>): void {
  test(fact, () =>
    proposingOnGithub({ Dockerfile: 'FROM debian:12\n', ...files }, async (world) => {
      const { github, path, env } = world;
      for (const login of ['eve', 'ada', 'bob']) github.addUser(login);
      github.state.memberships.set('acme/security', new Map([['ada', 'active']]));
      const clone = join(path, 'clone');
      await use({
        ...world,
        async told() {
          git(clone, 'fetch', '-q', world.repository.folder, 'main');
          git(clone, 'reset', '-q', '--hard', 'FETCH_HEAD');
          const args = ['policy', 'approvals', '--fail-on', 'unproven', '--now', '2026-11-25'];
          const { stdout, stderr, code } = await basekeeper([...args, '--json'], { cwd: clone, env });
          assert.match(stdout, /^\{/, stderr);
          const { waivers, proven } = JSON.parse(stdout) as ApprovalsResult;
          assert.equal(code, proven === waivers.length ? 0 : 1);
          const plain = (text: string) => text.replace(/[0-9a-f]{12} by t: |https?:[^ ,]+/g, '');
          return waivers.map(({ id, proof }) =>
            proof.kind === 'proven'
              ? `${id} proven: ${proof.by.map(({ by, way, team = '' }) => `${by} ${way} ${team}`.trim()).join(', ')}`
              : plain(`${id} ${proof.kind}: ${proof.reason}`),
          );
        },
      });
    }),
  );
}

onGithub('what waivers say of their approval is proven by reviews, or told as not proven', {}, async (world) => {
  const { told } = world;
  mergeChange(world, { files: policyOf(waiver()), approvedBy: ['ada'] });
  assert.deepEqual(await told(), ['W-1 proven: ada approver']);
  mergeChange(world, { files: policyOf(waiver(), waiver({ id: 'W-2' })) });
  assert.deepEqual(await told(), ['W-1 proven: ada approver', 'W-2 not-proven: nobody approved , ada did not']);
  // Whoever may push changes what was approved.
  world.commit(policyOf(waiver({ more: ', and more' })));
  assert.match((await told()).join(), /^W-1 not-proven: [0-9a-f]{12} by t came with no merged pull request$/);
});

onGithub('what is made longer, or wider, has to be approved anew', {}, async (world) => {
  const { told } = world;
  mergeChange(world, { files: policyOf(waiver()), approvedBy: ['ada'] });
  mergeChange(world, { files: policyOf(waiver({ expires: '2026-11-29' })), approvedBy: ['bob'] });
  assert.deepEqual(await told(), ['W-1 not-proven: bob approved , ada did not']);
  mergeChange(world, { files: policyOf(waiver({ expires: '2026-11-30' })), approvedBy: ['ada'] });
  assert.deepEqual(await told(), ['W-1 proven: ada approver, ada approver']);
  // No line of it is new.
  world.commit(policyOf(waiver({ expires: '2026-11-30' }).replace('    package: openssl\n', '')));
  assert.match((await told()).join(), /^W-1 not-proven: [0-9a-f]{12} by t came with no merged pull request$/);
});

onGithub('what is changed below a dash that stands alone has to be approved anew', {}, async (world) => {
  const apart = (expires: string) => policyOf(waiver({ expires }).replace('  - id', '  -\n    id'));
  mergeChange(world, { files: apart('2026-11-27'), approvedBy: ['ada'] });
  assert.deepEqual(await world.told(), ['W-1 proven: ada approver']);
  world.commit(apart('2026-11-30'));
  assert.match((await world.told()).join(), /^W-1 not-proven: [0-9a-f]{12} by t came with no merged pull request$/);
});

onGithub('words that an alias takes from another waiver are approved with neither', {}, async (world) => {
  const first = waiver({ approver: 'bob' }).replace('expires: ', 'expires: &day ');
  mergeChange(world, { files: policyOf(first, waiver({ id: 'W-2', expires: '*day' })), approvedBy: ['ada', 'bob'] });
  const [one, two = ''] = await world.told();
  assert.equal(one, 'W-1 proven: bob approver');
  assert.match(two, /^W-2 not-proven: a YAML alias takes words of it from elsewhere in the file.*write them out$/);
});

onGithub('a last line that was taken out has to be approved, too', {}, async (world) => {
  const line = '    package: openssl\n';
  const last = `${waiver().replace(line, '')}${line}`;
  mergeChange(world, { files: policyOf(last, waiver({ id: 'W-2' })), approvedBy: ['ada'] });
  assert.deepEqual(await world.told(), ['W-1 proven: ada approver', 'W-2 proven: ada approver']);
  world.commit(policyOf(last.replace(line, ''), waiver({ id: 'W-2' })));
  assert.deepEqual(await world.told(), [
    'W-1 not-proven: what  merged does not have the waiver as it stands',
    'W-2 proven: ada approver',
  ]);
});

onGithub('nobody approves of his own', {}, async (world) => {
  const { told, github } = world;
  mergeChange(world, { files: policyOf(waiver()), by: 'ada', approvedBy: ['ada'] });
  assert.deepEqual(await told(), ['W-1 not-proven: ada opened ']);
  github.state.emails.set('t@example.com', 'ada');
  mergeChange(world, { files: policyOf(waiver({ id: 'W-2' })), approvedBy: ['ada'] });
  assert.deepEqual(await told(), ['W-2 not-proven: ada wrote commits of ']);
});

onGithub('who approved of an earlier head did not see what was merged', {}, async (world) => {
  mergeChange(world, { files: policyOf(waiver()), approvedEarlierBy: 'ada' });
  assert.deepEqual(await world.told(), ['W-1 not-proven: ada approved an earlier head of , not what was merged']);
});

const owned = { '.github/CODEOWNERS': '*.yaml @acme/security\n' };

onGithub('where CODEOWNERS gives the policy file to a team, one of it has to approve', owned, async (world) => {
  const both = [waiver(), waiver({ id: 'W-2', approver: '@acme/security' }), waiver({ id: 'W-3', approver: 'bob' })];
  mergeChange(world, { files: policyOf(...both), approvedBy: ['ada', 'bob'] });
  assert.deepEqual(await world.told(), [
    'W-1 proven: ada code-owner acme/security',
    'W-2 proven: ada code-owner acme/security',
    'W-3 not-proven: CODEOWNERS gives the policy file to @acme/security, not to bob',
  ]);
});

onGithub('a change that makes its approver an owner proves nothing', owned, async (world) => {
  const smuggled = { ...policyOf(waiver({ approver: 'bob' })), '.github/CODEOWNERS': '*.yaml @bob\n' };
  mergeChange(world, { files: smuggled, approvedBy: ['bob'] });
  assert.deepEqual(await world.told(), [
    'W-1 not-proven: CODEOWNERS gives the policy file to @acme/security, not to bob',
  ]);
});

onGithub('a token that may not see teams is told which permission it lacks', owned, async (world) => {
  const { github, told } = world;
  mergeChange(world, { files: policyOf(waiver()), approvedBy: ['ada'] });
  github.state.tokens.set('ghp_keeper', { login: 'keeper', scopes: ['repo'] });
  assert.match((await told()).join(), /^W-1 unknown: .* the team acme\/security: the token may not.* read:org/);
});

onGithub('a forge that does not answer proves nothing and denies nothing', {}, async (world) => {
  const { github, told } = world;
  mergeChange(world, { files: policyOf(waiver()), approvedBy: ['ada'] });
  github.fault = { times: 1000, status: 503 };
  assert.match((await told()).join(), /^W-1 unknown: cannot .*503/);
});

test('outside of a forge nothing is known', () =>
  proposingOnGithub({ ...policyOf(waiver()) }, async ({ path, env, repository }) => {
    const clone = join(path, 'clone');
    const args = ['policy', 'approvals', '--now', '2026-11-25'];
    const told = async () => (await basekeeper(args, { cwd: clone, env })).stdout;
    git(clone, 'remote', 'set-url', 'origin', repository.folder);
    assert.match(await told(), /approval unknown: its repository lies on no forge that tells of reviews/);
    git(clone, 'remote', 'remove', 'origin');
    assert.match(await told(), /approval unknown: the repository of .* has no remote origin/);
    assert.match(await told(), /0 of 1 approval proven/);
  }));
