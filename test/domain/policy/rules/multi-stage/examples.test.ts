import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDockerfile } from '../../../../../src/domain/dockerfile/parse-dockerfile.ts';
import { multiStageRules } from '../../../../../src/domain/policy/rules/multi-stage/multi-stage-rules.ts';
import { findIn } from './rule-table.ts';

for (const rule of multiStageRules) {
  test(`the wrong example of ${rule.id} breaks the rule and the right one keeps it`, () => {
    assert.notEqual(findIn(rule, rule.wrong).length, 0);
    assert.deepEqual(findIn(rule, rule.right), []);
    for (const text of [rule.wrong, rule.right])
      assert.deepEqual(parseDockerfile(text, { buildArgs: {} }).problems, []);
  });
  test(`the right example of ${rule.id} keeps every multi-stage rule that can warn`, () => {
    const warnings = multiStageRules.filter(({ levels }) => levels.ships === 'warn');
    assert.deepEqual(
      warnings.flatMap((other) => findIn(other, rule.right)),
      [],
    );
  });
}

test('each rule has its own id and says nothing about build stages', () => {
  assert.equal(new Set(multiStageRules.map(({ id }) => id)).size, multiStageRules.length);
  assert.ok(multiStageRules.every(({ levels }) => levels.builds === 'off'));
});

test("the policy's own example of 5.2.4 keeps every multi-stage rule that can warn", () => {
  const text =
    'FROM node:20-alpine AS builder\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n\nFROM gcr.io/distroless/nodejs20-debian12\nCOPY --from=builder /app/dist /app\nCMD ["app/server.js"]\n';
  assert.deepEqual(
    multiStageRules.filter(({ levels }) => levels.ships === 'warn').flatMap((rule) => findIn(rule, text)),
    [],
  );
});
