import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readApprover } from '../../../../src/domain/policy/approval/approver.ts';
import { membershipsToAsk, proveApproval } from '../../../../src/domain/policy/approval/prove-approval.ts';
import type { ReviewedCommit, ReviewedPullRequest } from '../../../../src/domain/policy/approval/reviewed-commit.ts';

const url = 'https://github.example/acme/shop/pull/1';
const commit = (...pullRequests: ReviewedCommit['pullRequests']): ReviewedCommit => ({
  ...{ revision: 'a'.repeat(40), author: 'Eve', pullRequests },
});
const pull = (approvedBy: readonly string[], more: Partial<ReviewedPullRequest> = {}): ReviewedPullRequest => ({
  ...{ url, author: 'eve', writers: ['eve'], approvedBy, approvedEarlier: [] },
  ...{ into: { kind: 'default' }, owners: [], memberships: [], ...more },
});
const of = (login: string, is: ReviewedPullRequest['memberships'][number]['is'], team = 'acme/security') => ({
  memberships: [{ team, login, is }],
});
const team = { owners: ['@acme/security'] };
const prove = (approver: string, commits: readonly ReviewedCommit[]) =>
  proveApproval(readApprover(approver, 'acme/shop'), commits);

for (const [name, approver, commits, by] of [
  ['a person approved', 'ada', [commit(pull(['ada']))], ['ada approver']],
  ['logins have no case', '@Ada', [commit(pull(['bob', 'ada'])), commit(pull(['ada']))], ['ada approver']],
  ['the person is an owner', 'ada', [commit(pull(['ada'], { owners: ['@acme/x', '@Ada'] }))], ['ada code-owner']],
  [
    'the person is of an owning team',
    'ada',
    [commit(pull(['ada'], { ...team, ...of('ada', 'member') }))],
    ['ada code-owner acme/security'],
  ],
  [
    'the team owns it and a member approved',
    '@acme/security',
    [commit(pull(['bob', 'ada'], { ...team, ...of('ada', 'member') }))],
    ['ada code-owner acme/security'],
  ],
  [
    'a team that nobody asked to own it, and a member approved',
    'team:security',
    [commit(pull(['ada'], of('ada', 'member')))],
    ['ada approver acme/security'],
  ],
  ['one of two pull requests proves it', 'ada', [commit(pull([]), pull(['ada']))], ['ada approver']],
] as const)
  test(`proven: ${name}`, () => {
    const proof = prove(approver, commits);
    assert.deepEqual(
      proof.kind === 'proven'
        ? proof.by.map((one) => [one.by, one.way, one.team].filter((part) => part !== undefined).join(' '))
        : proof.reason,
      by,
    );
  });

for (const [approver, commits, reason] of [
  ['ada', [], 'no commit has it'],
  ['ada', [commit()], 'aaaaaaaaaaaa by Eve came with no merged pull request'],
  ['ada', [commit(pull(['ada'])), commit()], 'aaaaaaaaaaaa by Eve came with no merged pull request'],
  ['ada', [commit(pull([]))], `aaaaaaaaaaaa by Eve: nobody approved ${url}, ada did not`],
  ['ada', [commit(pull(['bob']))], `aaaaaaaaaaaa by Eve: bob approved ${url}, ada did not`],
  ['ada', [commit(pull(['ada'], { author: 'ada' }))], `aaaaaaaaaaaa by Eve: ada opened ${url}`],
  ['ada', [commit(pull(['ada'], { writers: ['Ada'] }))], `aaaaaaaaaaaa by Eve: ada wrote commits of ${url}`],
  [
    'ada',
    [commit(pull([], { approvedEarlier: ['ada'] }))],
    `aaaaaaaaaaaa by Eve: ada approved an earlier head of ${url}, not what was merged`,
  ],
  [
    'ada',
    [commit(pull(['ada'], { owners: ['@bob', '@acme/security', 'ada@acme.example'], ...of('ada', 'none') }))],
    'aaaaaaaaaaaa by Eve: CODEOWNERS gives the policy file to @bob, @acme/security, ada@acme.example, not to ada',
  ],
  [
    'ada',
    [commit(pull(['ada'], { owners: ['ada@acme.example'] }))],
    'aaaaaaaaaaaa by Eve: CODEOWNERS gives the policy file to ada@acme.example, not to ada',
  ],
  [
    'ada',
    [commit(pull(['ada'], { into: { kind: 'other', branch: 'eve/base' } }))],
    `aaaaaaaaaaaa by Eve: ${url} was merged into eve/base, where others may say who approves`,
  ],
  [
    'ada',
    [commit(pull(['ada'], { hasWaiver: false }))],
    `aaaaaaaaaaaa by Eve: what ${url} merged does not have the waiver as it stands`,
  ],
  [
    'acme/security',
    [commit(pull(['ada'], { owners: ['@acme/web'], ...of('ada', 'member') }))],
    'aaaaaaaaaaaa by Eve: CODEOWNERS gives the policy file to @acme/web, not to acme/security',
  ],
  [
    'acme/security',
    [commit(pull(['bob'], { ...team, ...of('bob', 'none') }))],
    `aaaaaaaaaaaa by Eve: bob approved ${url}, nobody of acme/security did`,
  ],
  [
    'acme/security',
    [commit(pull(['bob'], { ...team, writers: ['bob'], ...of('bob', 'member') }))],
    `aaaaaaaaaaaa by Eve: bob approved ${url}, nobody of acme/security who did not write it did`,
  ],
] as const)
  test(`not proven: ${approver}: ${reason}`, () =>
    assert.deepEqual(prove(approver, commits), { kind: 'not-proven', reason }));

const unknown = of('ada', { unknown: 'the token may not' });
for (const [name, commits, kind] of [
  ['a team that cannot be asked about is not known', [commit(pull(['ada'], { ...team, ...unknown }))], 'unknown'],
  [
    'what is not proven of another commit decides',
    [commit(pull(['ada'], { ...team, ...unknown })), commit()],
    'not-proven',
  ],
] as const)
  test(name, () => {
    for (const approver of ['ada', 'acme/security']) assert.equal(prove(approver, commits).kind, kind);
  });

for (const [approver, given, asked] of [
  ['ada', pull(['ada', 'bob'], { owners: ['@acme/a', '@bob', '@acme/b'] }), ['ada acme/a', 'ada acme/b']],
  ['ada', pull(['ada'], { owners: ['@acme/a', '@ada'] }), []],
  ['ada', pull(['ada'], { writers: ['ada'], ...team }), []],
  ['ada', pull(['ada']), []],
  ['ada', pull(['bob'], team), []],
  ['acme/security', pull(['ada', 'eve', 'bob'], team), ['ada acme/security', 'bob acme/security']],
  ['acme/security', pull(['ada'], { owners: ['@bob'] }), []],
] as const)
  test(`${approver} by ${given.approvedBy}, owned by ${given.owners.join(', ') || 'nobody'}: asks about ${asked.join(', ') || 'nobody'}`, () =>
    assert.deepEqual(
      membershipsToAsk(readApprover(approver, 'acme/shop'), given).map(({ login, team: of }) => `${login} ${of}`),
      asked,
    ));
