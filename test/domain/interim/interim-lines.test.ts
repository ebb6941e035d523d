import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDockerfile } from '../../../src/domain/dockerfile/parse-dockerfile.ts';
import { findInterimLines, type InterimLine } from '../../../src/domain/interim/interim-lines.ts';

const mark = '# basekeeper interim CVE-2026-1 openssl: remove when the base has 3.1';
const other = '# basekeeper interim CVE-2026-2 zlib1g: remove when the base has 1.3';
const run =
  'RUN apt-get update && apt-get install -y --no-install-recommends --only-upgrade libssl3 && rm -rf /var/lib/apt/lists/*';

function found(text: string): readonly string[] {
  return findInterimLines(parseDockerfile(text, { buildArgs: {} })).value.map(tell);
}

function tell({ stage, from, to, marks, isUpgradeAlone, userBehind }: InterimLine): string {
  const named = marks.map(({ sourcePackage }) => sourcePackage).join('+');
  return `${stage} ${from}-${to} ${named}${isUpgradeAlone ? '' : ' and more'}${userBehind === undefined ? '' : ` ${userBehind}`}`;
}

for (const [said, lines, expected] of [
  ['a mark directly above a RUN', ['FROM a', mark, run], ['0 2-3 openssl']],
  ['marks above each other', ['FROM a', mark, other, run], ['0 2-4 openssl+zlib1g']],
  ['other comments above them', ['FROM a', '# why', mark, run], ['0 3-4 openssl']],
  ['each of two, in their stages', ['FROM a AS b', mark, run, 'FROM b', other, run], ['0 2-3 openssl', '1 5-6 zlib1g']],
  ['a RUN over several lines', ['FROM a', mark, 'RUN apt-get update \\', ' && make'], ['0 2-4 openssl and more']],
  ['a RUN with a mount', ['FROM a', mark, `RUN --network=none ${run.slice(4)}`], ['0 2-3 openssl and more']],
  ['a USER before and one behind', ['FROM a', 'USER root', mark, run, 'USER 65532'], ['0 3-4 openssl 65532']],
  ['a USER before alone', ['FROM a', 'USER root', mark, run, 'CMD a', 'USER 65532'], ['0 3-4 openssl']],
] as const)
  test(`finds ${said}`, () => assert.deepEqual(found(`${lines.join('\n')}\n`), expected));

for (const [said, lines, line] of [
  ['above another instruction', ['FROM a', mark, 'COPY . .'], 2],
  ['a blank line above its RUN', ['FROM a', mark, '', run], 2],
  ['another comment above its RUN', ['FROM a', mark, '# why', run], 2],
  ['above FROM', [mark, 'FROM a'], 1],
  ['at the end', ['FROM a', run, mark], 3],
  ['inside of a RUN', ['FROM a', 'RUN a && \\', mark, ' b'], 3],
  ['that is malformed', ['FROM a', '# basekeeper interim openssl', run], 2],
] as const)
  test(`a mark ${said} is a problem of its line, with what to write instead`, () => {
    const { value, problems } = findInterimLines(parseDockerfile(`${lines.join('\n')}\n`, { buildArgs: {} }));
    assert.deepEqual(
      [value, problems.map((one) => [one.code, one.severity, one.line])],
      [[], [['interim-mark', 'warning', line]]],
    );
    assert.match(problems[0]?.message ?? '', /write "# basekeeper interim CVE-2026-1234 PACKAGE: remove when/);
  });

test('what stands in a heredoc is no comment', () => {
  assert.deepEqual(found(`FROM a\nRUN <<EOT\n${mark}\nmake\nEOT\n`), []);
});
