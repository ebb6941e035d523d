import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { describeTokenGaps, forgeNeeds, type TokenFacts } from '../../../src/domain/forge/token-gaps.ts';

const cannot = (token: TokenFacts) => describeTokenGaps(token).map((gap) => gap.cannot);
const everything = new Map(forgeNeeds.map(({ permission, level }) => [permission, level]));

test("a job's token starts no workflows, and the dispatch that mends it is named", () => {
  const [first] = describeTokenGaps({ kind: 'job' });
  assert.match(first?.cannot ?? '', /^start workflows by its pushes and pull requests/);
  assert.match(first?.remedy ?? '', /GitHub App.*workflow_dispatch with actions: write$/);
  for (const part of ['change workflow files', 'write repository variables', 'ask teams for reviews'])
    assert.ok(cannot({ kind: 'job' }).includes(part), part);
});

for (const [scopes, expected] of [
  [['repo', 'workflow', 'read:org'], []],
  [['repo', 'workflow', 'admin:org'], []],
  [['repo'], ['ask teams for reviews', 'change workflow files']],
  [['public_repo', 'workflow', 'read:org'], ['reach private repositories']],
  [[], forgeNeeds.map(({ does }) => does)],
  [
    ['repo:status', 'workflow', 'read:org'],
    forgeNeeds
      .filter(({ scopes: [one] }) => one === 'repo')
      .map(({ does }) => does)
      .filter((does) => does !== 'set statuses'),
  ],
] as const)
  test(`with the scopes ${scopes.join(', ') || 'of none'} it cannot ${expected.join(', ') || 'be short of anything'}`, () => {
    assert.deepEqual(cannot({ kind: 'classic', scopes }), expected);
  });

test('what a scope mends is told with it', () => {
  assert.deepEqual(describeTokenGaps({ kind: 'classic', scopes: ['repo', 'read:org'] }), [
    { cannot: 'change workflow files', remedy: 'give it the scope workflow' },
  ]);
});

test('an App is held to its permissions, one by one', () => {
  assert.deepEqual(cannot({ kind: 'app', permissions: everything }), []);
  for (const { does, permission, level, shown } of forgeNeeds) {
    const less = new Map(everything);
    if (level === 'write' && permission === 'contents') less.set(permission, 'read');
    else less.delete(permission);
    const gaps = describeTokenGaps({ kind: 'app', permissions: less });
    assert.deepEqual(gaps.at(-1), {
      cannot: does === 'read repositories and their files' ? 'push branches and merge' : does,
      remedy: `give the App ${shown}: ${does === 'read repositories and their files' ? 'write' : level}`,
    });
  }
});

test('of what GitHub does not tell nothing is claimed', () => {
  assert.deepEqual(cannot({ kind: 'fine-grained' }), []);
  assert.deepEqual(cannot({ kind: 'app', permissions: undefined }), []);
});

test('the table of docs/tokens.md has every need with its permission and scope', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/tokens.md'), 'utf8');
  for (const { does, shown, level, scopes } of forgeNeeds)
    assert.ok(
      text.includes(`| ${does} | ${shown}: ${level} | ${scopes.map((scope) => `\`${scope}\``).join(' or ')} |`),
      does,
    );
});
