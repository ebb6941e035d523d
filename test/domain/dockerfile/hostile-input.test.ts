// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are variables of Dockerfiles
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDockerfile } from '../../../src/domain/dockerfile/parse-dockerfile.ts';

const repeat = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');
const read = (text: string) => parseDockerfile(text, { buildArgs: {} });
const codes = (text: string) => new Set(read(text).problems.map(({ code }) => code));

test('20,000 continuation lines are one word', () => {
  assert.equal(read(`FROM \\\n${repeat(20_000, () => '\\')}\nalpine`).uses.length, 1);
  const parts = read(`FROM a\\\n${repeat(20_000, () => 'b\\')}\n:1`);
  assert.equal(parts.uses[0]?.image.kind, 'invalid');
});
test('100,000 lines are read', () => {
  assert.equal(
    read(`FROM a:1\n${repeat(100_000, (index) => `RUN echo ${index}`)}`).stages[0]?.instructions.length,
    100_000,
  );
});
test('100,000 wrong lines give a bounded list of problems', () => {
  assert.ok(read(repeat(100_000, () => 'x y')).problems.length < 1000);
});
test('expansions nested 13,000 deep are refused', () => {
  assert.ok(codes(`FROM ${'${A:-'.repeat(13_000)}a${'}'.repeat(13_000)}`).has('invalid-expansion'));
});
test('megabytes of $ are no image', () => {
  assert.equal(read(`FROM ${'$'.repeat(2_000_000)}`).uses.length, 1);
  assert.equal(read(`FROM a${'$/'.repeat(500_000)}`).uses[0]?.image.kind, 'invalid');
});
test('build arguments that double without end are refused', () => {
  assert.ok(codes(`ARG A=x\n${repeat(1000, () => 'ARG A=$A$A')}\nFROM $A`).has('invalid-expansion'));
  assert.ok(codes(`ARG A=${'x'.repeat(60_000)}\n${repeat(20_000, (index) => `ARG B${index}=y$A`)}\nFROM a`).size <= 2);
  assert.equal(
    read(`ARG A=${'a'.repeat(30_000)}\n${repeat(5000, () => 'ARG B=${A//a*a*a*a*b/x}')}\nFROM a:1`).uses.length,
    1,
  );
});
test('long chains and fans of stages are followed', () => {
  const chain = read(
    `FROM a:1 AS s0\n${repeat(20_000, (index) => `FROM s${index} AS s${index + 1}\nCOPY --from=s0 / /`)}`,
  );
  assert.equal(
    chain.stages.every(({ role }) => role === 'final'),
    true,
  );
  const triggers = read(
    `FROM a:1 AS x\n${repeat(2000, () => 'ONBUILD COPY --from=b:1 / /')}\n${repeat(2000, () => 'FROM x')}`,
  );
  assert.ok(triggers.problems.some(({ code }) => code === 'too-many-triggers'));
  const wide = read(
    `FROM a:1 AS x\nONBUILD RUN ${'--mount=from=b:1 '.repeat(4000)} ls\n${repeat(5000, () => 'FROM x')}`,
  );
  assert.ok(wide.uses.length <= 50_001);
  assert.equal(read(`FROM a:1\nRUN --mount=\\\n${repeat(50_000, () => 'from=b:1,\\')}\nls`).uses.length, 2);
});
test('heredocs that never end, quotes that never close and deep JSON are harmless', () => {
  assert.ok(codes(`FROM a:1\n${repeat(20_000, () => 'RUN cat <<EOF')}`).has('unterminated-heredoc'));
  assert.equal(read(`FROM a:1\nRUN <<A ${'"$'.repeat(200_000)}`).uses.length, 1);
  assert.equal(read(`FROM a:1\nRUN <<A ${'${a:-'.repeat(200_000)}`).uses.length, 1);
  assert.equal(read(`FROM a:1\nRUN ${'['.repeat(60_000)}${']'.repeat(60_000)}`).uses.length, 1);
  assert.equal(read(`FROM a:1\nRUN --mount=${'from=x,'.repeat(9000)} ls`).uses.length, 2);
});
test('control characters, lone surrogates and NUL are characters', () => {
  for (const text of [
    '\0',
    'FROM \ud800',
    'FROM a\u0000',
    '\r\r\r',
    '\ufeff\ufeffFROM a',
    'FROM a:1\rFROM b:1',
    '\\',
    '#',
    '# syntax=',
    '# =',
    '{',
  ]) {
    assert.ok(Array.isArray(read(text).uses));
  }
});
