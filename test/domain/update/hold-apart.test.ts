import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandedText } from '../../../src/domain/dockerfile/edit.ts';
import { parseDockerfile } from '../../../src/domain/dockerfile/parse-dockerfile.ts';
import { parseReference } from '../../../src/domain/image/reference.ts';
import { holdApart } from '../../../src/domain/update/hold-apart.ts';

function reference(text: string) {
  const parsed = parseReference(text);
  assert.ok(parsed.kind === 'ok');
  return parsed.reference;
}

for (const [what, text, wishes, held] of [
  [
    'variants of one version that both go',
    'FROM node:22.1.0 AS b\nFROM node:22.1.0-slim',
    { 'node:22.1.0': 'node:22.2.0', 'node:22.1.0-slim': 'node:22.2.0-slim' },
    [],
  ],
  [
    'one whose variant is not published yet',
    'FROM node:22.1.0 AS b\nFROM node:22.1.0-slim',
    { 'node:22.1.0': 'node:22.2.0' },
    ['node:22.1.0'],
  ],
  [
    'variants that would go to different versions',
    'FROM node:22.1.0 AS b\nFROM node:22.1.0-slim',
    { 'node:22.1.0': 'node:22.3.0', 'node:22.1.0-slim': 'node:22.2.0-slim' },
    ['node:22.1.0', 'node:22.1.0-slim'],
  ],
  [
    'another version of the same image',
    'FROM node:22.1.0 AS b\nFROM node:20.1.0',
    { 'node:22.1.0': 'node:22.2.0' },
    [],
  ],
  ['another image', 'FROM node:22.1.0 AS b\nFROM bun:22.1.0', { 'node:22.1.0': 'node:22.2.0' }, []],
  ['a tag that moves by itself', 'FROM node:22 AS b\nFROM node:22-slim', { 'node:22': 'node:24' }, []],
] as const) {
  test(`moves together: ${what}`, () => {
    const { uses } = parseDockerfile(text, { buildArgs: {} });
    const wanted: Readonly<Record<string, string>> = wishes;
    const all = uses.flatMap((use) => {
      const before = expandedText(use);
      const after = wanted[before];
      return after === undefined ? [] : [{ use, after, from: reference(before), to: reference(after) }];
    });
    const result = holdApart(all, uses);
    assert.deepEqual(
      result.held.map(({ wish }) => expandedText(wish.use)),
      held,
    );
    assert.equal(result.together.length + result.held.length, all.length);
    for (const { reason } of result.held) assert.match(reason, /moves together with node:22\.1\.0/);
  });
}
