import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../../src/domain/dockerfile/edit.ts';
import { parseDockerfile } from '../../../src/domain/dockerfile/parse-dockerfile.ts';
import { parseReference } from '../../../src/domain/image/reference.ts';
import { insertBehind, isChangedOnlyBy, removeInterim } from '../../../src/domain/interim/interim-edit.ts';
import { baseOf, findInterimLines } from '../../../src/domain/interim/interim-lines.ts';
import { planUpgrade } from '../../../src/domain/interim/plan-upgrade.ts';
import type { Finding } from '../../../src/domain/vulnerability/scan.ts';

const read = (text: string) => parseDockerfile(text, { buildArgs: {} });
const finding: Finding = {
  ...{ id: 'CVE-2026-1', sourcePackage: 'openssl', packages: ['libssl3'], installedVersion: '1', severity: 'critical' },
  ...{ severities: {}, status: 'fixed', fixedVersion: '3.1', purls: ['pkg:deb/debian/libssl3@1'] },
};
const parsed = parseReference('debian:12');
assert.ok(parsed.kind === 'ok');
const { reference } = parsed;
const upgraded = (user: string) => planUpgrade([finding], { reference, user }).lines;
const older = [
  '# basekeeper interim CVE-2026-7 zlib: remove when the base has 1.3',
  'RUN apt-get update && apt-get install -y --no-install-recommends --only-upgrade zlib1g && rm -rf /var/lib/apt/lists/*',
];

const heads = [[], ['# syntax=docker/dockerfile:1'], ['ARG TAG=12'], ['', '# why']];
const froms = [['FROM debian:12'], ['  from debian:12  AS base'], ['FROM --platform=linux/amd64 debian:12 AS b']];
const bodies = [
  [],
  ['USER app', 'CMD ["a"]'],
  ['RUN a && \\', '# inside', '  b', 'COPY . .'],
  older,
  ['# a comment', '', 'RUN <<EOT', '# basekeeper interim', 'EOT'],
  ['USER root', 'RUN make', 'USER 65532'],
  ['FROM alpine AS other', 'RUN b', 'COPY --from=0 /a /a'],
];
const ends = ['\n', '\r\n'];
const users = ['', 'root', '65532', 'node:node'];

test('an insertion changes nothing else, is found again, and its removal gives the original bytes', () => {
  let cases = 0;
  for (const head of heads)
    for (const from of froms)
      for (const body of bodies)
        for (const end of ends)
          for (const user of users)
            for (const last of [end, '']) {
              const text = [...head, ...from, ...body].join(end) + last;
              const dockerfile = read(text);
              const use = dockerfile.stages[0]?.base;
              assert.ok(use !== undefined, text);
              const insertion = insertBehind(text, use, upgraded(user));
              const after = applyEdits(text, [insertion]);
              const again = read(after);
              assert.ok(isChangedOnlyBy([insertion], { text, dockerfile }, again), JSON.stringify(after));
              const line = findInterimLines(again).value.find(({ marks }) =>
                marks.some(({ ids }) => ids.includes('CVE-2026-1')),
              );
              assert.ok(line !== undefined, JSON.stringify(after));
              assert.equal(baseOf(again.stages[line.stage], again)?.written, 'debian:12');
              const removal = removeInterim(after, line, user);
              assert.ok(
                isChangedOnlyBy([removal], { text: after, dockerfile: again }, dockerfile),
                JSON.stringify(after),
              );
              assert.equal(applyEdits(after, [removal]), text);
              cases++;
            }
  assert.equal(cases, 4 * 3 * 7 * 2 * 4 * 2);
});

test('behind a FROM that goes on over lines nothing can be put: the file would mean something else', () => {
  const text = 'FROM debian:12 \\\n  AS base\nRUN a\n';
  const dockerfile = read(text);
  const use = dockerfile.stages[0]?.base;
  assert.ok(use !== undefined);
  const insertion = insertBehind(text, use, upgraded(''));
  assert.ok(!isChangedOnlyBy([insertion], { text, dockerfile }, read(applyEdits(text, [insertion]))));
});

test('a USER around it stays where the base runs as somebody else, or nobody knows', () => {
  const text = ['FROM debian:12', ...upgraded('app'), 'CMD a', ''].join('\n');
  const [line] = findInterimLines(read(text)).value;
  assert.ok(line !== undefined);
  for (const user of [undefined, '', 'other'])
    assert.equal(applyEdits(text, [removeInterim(text, line, user)]), 'FROM debian:12\nUSER root\nUSER app\nCMD a\n');
});

for (const [said, head, user, isGone] of [
  ['root by a USER above it', ['FROM debian:12', 'USER 0'], 'app', false],
  ['root by a USER of the stage it is built on', ['FROM debian:12 AS a', 'USER root', 'FROM a'], 'app', false],
  ['the same by a USER above it', ['FROM debian:12', 'USER app'], 'root', true],
  ['the same by the base of that stage', ['FROM debian:12 AS a', 'RUN a', 'FROM a'], 'app', true],
] as const)
  test(`what ran as ${said} ${isGone ? 'needs no' : 'keeps the'} USER behind an upgrade that goes`, () => {
    const text = [...head, ...upgraded('app'), 'CMD a', ''].join('\n');
    const [line] = findInterimLines(read(text)).value;
    assert.ok(line !== undefined);
    const left = isGone ? [] : ['USER root', 'USER app'];
    assert.equal(applyEdits(text, [removeInterim(text, line, user)]), [...head, ...left, 'CMD a', ''].join('\n'));
  });
