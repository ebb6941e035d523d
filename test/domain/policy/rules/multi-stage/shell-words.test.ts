import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDockerfile } from '../../../../../src/domain/dockerfile/parse-dockerfile.ts';
import { tokenizeShell } from '../../../../../src/domain/policy/rules/multi-stage/shell-tokens.ts';
import { readCommands } from '../../../../../src/domain/policy/rules/multi-stage/shell-words.ts';

function commandsOf(run: string): readonly (readonly string[])[] {
  const instruction = parseDockerfile(`FROM a\n${run}`, { buildArgs: {} }).stages[0]?.instructions[0];
  assert.ok(instruction);
  return readCommands(instruction).map(({ words }) => words);
}

for (const [run, ...expected] of [
  ['RUN a b', ['a', 'b']],
  ['RUN a && b || c; d | e & f', ['a'], ['b'], ['c'], ['d'], ['e'], ['f']],
  ['RUN set -ex; a \\\n  # a comment\n  && b', ['set', '-ex'], ['a'], ['b']],
  ['RUN a \'b && c\' "d;e" f\\ g', ['a', 'b && c', 'd;e', 'f g']],
  ['RUN (cd x && make)', ['cd', 'x'], ['make']],
  ['RUN if [ -f x ]; then a; else b; fi', ['[', '-f', 'x', ']'], ['a'], ['b']],
  ['RUN sh -ec \'a && bash -c "b; c"\'', ['a'], ['b'], ['c']],
  ['RUN ["sh", "-c", "a && b"]', ['a'], ['b']],
  ['RUN ["a", "b && c"]', ['a', 'b && c']],
  ['RUN X=1 Y="a b" sudo -E env Z=2 /usr/bin/apt-get install', ['apt-get', 'install']],
  ['RUN X=1', []],
  ['RUN a > /dev/null 2>&1 && b < in >> out', ['a'], ['b']],
  ['RUN a &> /dev/null; b', ['a'], ['b']],
  ['RUN a "$(b "c;d" | e)" ${F:-g h} `i j`', ['a', '$(b "c;d" | e)', '${F:-g h}', '`i j`']],
  ['RUN <<EOF\na\nb c\nEOF', ['a'], ['b', 'c']],
  ['RUN bash -ex <<EOF\na\nEOF', ['bash', '-ex'], ['a']],
  ['RUN <<EOF\n#!/usr/bin/env python3\nmake\nEOF'],
  ['RUN cat <<EOF > /x && b\nmake\nEOF', ['cat'], ['b']],
  ['RUN ! a; { b; }; time c', ['a'], ['b'], ['c']],
  ['RUN timeout 60 npm ci; xargs -n 1 apk add < list', ['npm', 'ci'], ['apk', 'add']],
  ['RUN a # b && c', ['a']],
  ['RUN a#b', ['a#b']],
  ['RUN a "open', ['a', 'open']],
] as const)
  test(`reads ${run.replaceAll('\n', ' ⏎ ')}`, () => assert.deepEqual(commandsOf(run), expected));

test('splitting never throws and never invents a command end inside quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      tokenizeShell(text);
      const quoted = `'${text.replaceAll("'", '')}'`;
      assert.deepEqual(tokenizeShell(quoted), [{ kind: 'word', text: quoted.slice(1, -1) }]);
    }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('$(', ')', '${', '}', '"', "'", '\\', ';', '<<', '>', '&', 'a', ' ', '`', '#', '\n'), {
        maxLength: 200,
      }),
      (parts) => {
        assert.ok(tokenizeShell(parts.join('')).length <= parts.join('').length);
      },
    ),
  );
});

test('hostile nesting and length stay cheap', () => {
  for (const unit of ['$(', '${', '"', "'", '(', 'sh -c ', '`', '\\', '> ', "sh -c '", 'X=1 ']) {
    assert.ok(commandsOf(`RUN ${unit.repeat(9000)}`).length <= 9001, unit);
  }
});
