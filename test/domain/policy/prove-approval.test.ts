import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proveApproval, type ReviewedCommit } from '../../../src/domain/policy/prove-approval.ts';
import { waiverLines } from '../../../src/domain/policy/waiver-lines.ts';

const url = 'https://github.example/acme/shop/pull/1';
const commit = (...pullRequests: ReviewedCommit['pullRequests']): ReviewedCommit => ({
  ...{ revision: 'a'.repeat(40), author: 'Eve', pullRequests },
});
const pull = (author: string, ...approvedBy: readonly string[]) => ({ url, author, approvedBy });

for (const [approver, commits, told] of [
  ['ada', [commit(pull('eve', 'ada'))], [url]],
  ['@Ada', [commit(pull('eve', 'bob', 'ada')), commit(pull('eve', 'ada'))], [url]],
  ['ada', [], 'no commit has it'],
  ['ada', [commit()], 'aaaaaaaaaaaa by Eve came with no merged pull request'],
  ['ada', [commit(pull('eve', 'ada')), commit()], 'aaaaaaaaaaaa by Eve came with no merged pull request'],
  ['ada', [commit(pull('eve'))], `aaaaaaaaaaaa by Eve: nobody approved ${url}, ada did not`],
  ['ada', [commit(pull('eve', 'bob'))], `aaaaaaaaaaaa by Eve: bob approved ${url}, ada did not`],
  ['ada', [commit(pull('ada', 'ada'))], `aaaaaaaaaaaa by Eve: ada opened ${url}`],
  [
    'acme/security',
    [commit(pull('eve', 'ada'))],
    'acme/security is a team: name the person whose review shows on the forge',
  ],
] as const)
  test(`${approver}: ${typeof told === 'string' ? told : 'proven'}`, () => {
    const proof = proveApproval(approver, commits);
    assert.deepEqual(proof.kind === 'proven' ? proof.by : proof.reason, told);
  });

for (const [text, line, to] of [
  ['waivers:\n  - id: a\n    image: b\n\n    # why\n    owner: c\n\n  # next\n  - id: d\n', 2, 6],
  ['waivers:\n- id: a\n  image: b\nrules: {}\n', 2, 3],
  ['waivers:\n  - { id: a,\n      image: b }\n  - { id: c }\n', 2, 3],
  ['waivers: [{ id: a },\n  { id: b }]\nrules: {}\n', 1, 2],
  ['waivers:\n  - id: a', 2, 2],
] as const)
  test(`a waiver ends with what is indented further: ${JSON.stringify(text)}`, () =>
    assert.deepEqual(waiverLines(text, line), { from: line, to }));
