// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are variables of Dockerfiles
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits, expandedText } from '../../../src/domain/dockerfile/edit.ts';
import { parseDockerfile } from '../../../src/domain/dockerfile/parse-dockerfile.ts';
import { type FilePlan, findFollowers, planFile } from '../../../src/domain/update/plan-file.ts';
import { strayChange } from '../../../src/domain/update/stray-change.ts';

const read = (text: string) => ({ text, uses: parseDockerfile(text, { buildArgs: { OUTSIDE: '20' } }).uses });

const one = `sha256:${'1'.repeat(64)}`;
const two = `sha256:${'2'.repeat(64)}`;

/** @param wishes `node:20 -> node:22`: every use that names the first is wished to name the second. */
function plan(text: string, wishes: readonly string[], there: readonly string[] = []): FilePlan {
  const file = read(text);
  const wanted = wishes.flatMap((wish) => {
    const [before, after = ''] = wish.split(' -> ');
    return file.uses.filter((use) => expandedText(use) === before).map((use) => ({ use, after }));
  });
  assert.ok(wanted.length >= wishes.length, 'a wish for nothing');
  return planFile(file, wanted, (_, after) => there.includes(after));
}

for (const [what, text, wishes, there, result] of [
  ['a word', 'FROM node:20', ['node:20 -> node:22'], [], 'FROM node:22'],
  [
    'the default of a build argument',
    'ARG V=20\nFROM node:${V}-slim',
    ['node:20-slim -> node:22-slim'],
    [],
    'ARG V=22\nFROM node:${V}-slim',
  ],
  [
    'one argument for two images that both go',
    'ARG V=20.1\nFROM node:$V AS b\nFROM node:$V-slim',
    ['node:20.1 -> node:20.2', 'node:20.1-slim -> node:20.2-slim'],
    [],
    'ARG V=20.2\nFROM node:$V AS b\nFROM node:$V-slim',
  ],
  [
    'one argument for two images, the other being there',
    'ARG V=20.1\nFROM node:$V AS b\nFROM node:$V-slim',
    ['node:20.1 -> node:20.2'],
    ['node:20.2-slim'],
    'ARG V=20.2\nFROM node:$V AS b\nFROM node:$V-slim',
  ],
  [
    'one argument for images that also change in words of their own',
    'ARG V=20.1\nFROM node:$V-alpine3.20 AS b\nFROM node:$V-alpine3.20 AS c\nFROM node:$V-slim',
    ['node:20.1-alpine3.20 -> node:20.2-alpine3.21'],
    ['node:20.2-slim'],
    'ARG V=20.2\nFROM node:$V-alpine3.21 AS b\nFROM node:$V-alpine3.21 AS c\nFROM node:$V-slim',
  ],
  [
    'one argument for an image that also changes in words of its own and one that does not',
    'ARG V=20.1.0\nFROM node:$V-slim AS b\nFROM node:$V-alpine3.20',
    ['node:20.1.0-slim -> node:20.3.1-slim', 'node:20.1.0-alpine3.20 -> node:20.3.1-alpine3.21'],
    [],
    'ARG V=20.3.1\nFROM node:$V-slim AS b\nFROM node:$V-alpine3.21',
  ],
  [
    'one argument for images that come to be pinned, each in its own word',
    'ARG V=20.1\nFROM node:${V} AS b\nFROM "node:$V-slim" AS c\nFROM "node:$V"',
    [`node:20.1 -> node:20.2@${one}`, `node:20.1-slim -> node:20.2-slim@${two}`],
    [],
    `ARG V=20.2\nFROM node:\${V}@${one} AS b\nFROM "node:$V-slim@${two}" AS c\nFROM "node:$V"@${one}`,
  ],
  [
    'arguments that spell parts of what comes to be pinned',
    'ARG V=20.1 A=3.20\nFROM node:$V-alpine$A\nRUN apk add x-$A',
    [`node:20.1-alpine3.20 -> node:20.2-alpine3.21@${one}`],
    [],
    `ARG V=20.2 A=3.21\nFROM node:$V-alpine$A@${one}\nRUN apk add x-$A`,
  ],
  [
    'an argument that spells a whole tag, with its digest',
    'ARG V=20.1\nFROM node:$V AS x\nFROM node:$V',
    [`node:20.1 -> node:20.2@${one}`],
    [],
    `ARG V=20.2@${one}\nFROM node:$V AS x\nFROM node:$V`,
  ],
  [
    'one argument for an image that comes to be pinned and one that follows',
    'ARG V=20.1\nFROM node:$V AS b\nFROM node:$V-slim',
    [`node:20.1 -> node:20.2@${one}`],
    ['node:20.2-slim'],
    `ARG V=20.2\nFROM node:$V@${one} AS b\nFROM node:$V-slim`,
  ],
  ['the same image twice', 'FROM a:1 AS x\nFROM a:1', ['a:1 -> a:2'], [], 'FROM a:2 AS x\nFROM a:2'],
  [
    'COPY --from, a mount and a frontend',
    '# syntax=docker/dockerfile:1.6\nFROM a:1\nCOPY --from=b:1 / /\nRUN --mount=from=c:1,target=/c ls',
    ['docker/dockerfile:1.6 -> docker/dockerfile:1.7', 'b:1 -> b:2', 'c:1 -> c:2'],
    [],
    '# syntax=docker/dockerfile:1.7\nFROM a:1\nCOPY --from=b:2 / /\nRUN --mount=from=c:2,target=/c ls',
  ],
  [
    'line ends, a byte-order mark, tabs and a comment',
    '\uFEFFFROM\tnode:20 \t# x\r\nRUN true\r\n',
    ['node:20 -> node:22'],
    [],
    '\uFEFFFROM\tnode:22 \t# x\r\nRUN true\r\n',
  ],
  ['an escaped line', 'FROM \\\n  node:20 \\\n  AS x', ['node:20 -> node:22'], [], 'FROM \\\n  node:22 \\\n  AS x'],
] as const) {
  test(`changes ${what} and nothing else`, () => {
    const { edits, refused } = plan(text, wishes, there);
    assert.deepEqual(refused, []);
    assert.equal(applyEdits(text, edits), result);
    const pinned = read(result)
      .uses.map(expandedText)
      .filter((name) => name.includes('@'));
    assert.ok(pinned.every((name) => wishes.some((wish) => wish.endsWith(` ${name}`))));
  });
}

for (const [what, text, wishes, reason, rewrite] of [
  [
    'an argument that spells an image which would not be there',
    'ARG V=20.1\nFROM node:$V AS b\nFROM node:$V-slim',
    ['node:20.1 -> node:20.2'],
    /line 1 also spells the image of line 3, which would become node:20\.2-slim/,
    'FROM node:20.2 AS b',
  ],
  [
    'an argument of two images that go different ways',
    'ARG V=3.20\nFROM alpine:$V AS b\nFROM node:22-alpine$V',
    ['alpine:3.20 -> alpine:3.22', 'node:22-alpine3.20 -> node:22-alpine3.21'],
    /line 1 also spells/,
    'FROM alpine:3.22 AS b',
  ],
  [
    'an argument of images that also change in words of their own, one of which would not be there',
    'ARG V=20.1\nFROM node:$V-alpine3.20 AS b\nFROM node:$V-alpine3.20 AS c\nFROM node:$V-slim',
    ['node:20.1-alpine3.20 -> node:20.2-alpine3.21'],
    /line 1 also spells the image of line/,
    'FROM node:20.2-alpine3.21 AS b',
  ],
  [
    'what a build argument from outside gives',
    'ARG OUTSIDE\nFROM node:$OUTSIDE',
    ['node:20 -> node:22'],
    /does not stand in this file as it is read/,
    'FROM node:22',
  ],
  [
    'a part of a longer value',
    'ARG V=3.19.1\nFROM alpine:${V%.*}',
    ['alpine:3.19 -> alpine:3.20'],
    /only a part of the value/,
    'FROM alpine:3.20',
  ],
] as const) {
  test(`refuses ${what}, with a line to write by hand`, () => {
    const { refused } = plan(text, wishes);
    assert.match(refused[0]?.reason ?? '', reason);
    assert.equal(refused[0]?.rewrite?.[0]?.text, rewrite);
  });
}

const digest = fc.constantFrom('', `@sha256:${'a'.repeat(64)}`);
const version = fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => `${a}.${b}`);
const variant = fc.constantFrom('', '-slim', '-alpine3.20', '-bookworm');
const end = fc.constantFrom('\n', '\r\n');
const shape = fc.constantFrom(
  (v: string, t: string, d: string, e: string) => `FROM img:${v}${t}${d} AS x${e}RUN img:${v}${e}`,
  (v: string, t: string, d: string, e: string) =>
    `# img:${v}${e}ARG V=${v}${e}FROM img:\${V}${t}${d}${e}LABEL v="${v}"${e}`,
  (v: string, t: string, d: string, e: string) =>
    `ARG V="${v}${t}"${e}FROM "img:$V${d}"${e}COPY --from=img:${v} a b${e}`,
  (v: string, t: string, d: string, e: string) =>
    `ARG A=x V=${v} # c${e}FROM scratch${e}FROM img:$V${t}${d}${e}RUN <<X${e}FROM img:${v}${e}X${e}`,
  (v: string, t: string, d: string, e: string) =>
    `ARG V=${v}${e}FROM img:$V${t} AS a${e}FROM img:$V${t}${d}${e}FROM img:\${V}-x${e}`,
  (v: string, t: string, d: string, e: string) =>
    `ARG V=${v}${e}FROM img:$V AS a${e}FROM img:$V${t}${d}${e}FROM other:1${e}`,
);

test('whatever is planned changes the images it says, and no character beside them', () => {
  fc.assert(
    fc.property(
      shape,
      version,
      version,
      variant,
      digest,
      end,
      fc.boolean(),
      (write, from, to, tail, pin, lineEnd, pins) => {
        const text = write(from, tail, pin, lineEnd);
        const file = read(text);
        const wishes = file.uses
          .filter((use) => expandedText(use).startsWith('img:'))
          .map((use) => {
            const after = expandedText(use).replace(`:${from}`, `:${to}`).replace('3.20', '3.21');
            return { use, after: pins && !after.includes('@') ? `${after}@${one}` : after };
          });
        const planned = planFile(file, wishes, () => false);
        const edited = applyEdits(text, planned.edits);
        const intended = new Map(planned.done.map(({ use, after }) => [use, after]));
        assert.equal(strayChange(file.uses, read(edited).uses, intended), undefined);
        assert.equal(edited.split('\n').length, text.split('\n').length);
        // Taking the edits out of both texts leaves the same.
        let before = '';
        let at = 0;
        for (const { span } of planned.edits) {
          before += text.slice(at, span.start);
          at = span.end;
        }
        before += text.slice(at);
        let after = '';
        at = 0;
        let shift = 0;
        for (const { span, text: written } of planned.edits) {
          after += edited.slice(at, span.start + shift);
          at = span.start + shift + written.length;
          shift += written.length - (span.end - span.start);
        }
        assert.equal(after + edited.slice(at), before);
      },
    ),
    { numRuns: 500 },
  );
});

for (const [what, before, after, told] of [
  ['a use that is gone', 'FROM a:1\nFROM b:1', 'FROM a:1', /1 images in place of 2/],
  ['another image than was meant', 'FROM a:1', 'FROM a:2', /line 1 would become a:2, not a:1/],
  ['another role', 'FROM a:1\nCOPY --from=b:1 / /', 'FROM a:1\nFROM b:1', /would mean something else/],
  ['an image that cannot be read', 'FROM a:1', 'FROM a:$X', /would become/],
] as const) {
  test(`an edited file that is read again shows ${what}`, () => {
    assert.match(strayChange(read(before).uses, read(after).uses, new Map()) ?? '', told);
  });
}

for (const [what, text] of [
  ['of one argument', `ARG V=20.1\n${'FROM node:$V\n'.repeat(2000)}`],
  ['of their own', 'FROM node:20.1\n'.repeat(2000)],
  ['of one argument and words of their own', `ARG V=20.1\n${'FROM node:$V-alpine3.20\n'.repeat(2000)}`],
] as const)
  test(`two thousand images ${what} take no minute`, () => {
    const file = read(text);
    const wishes = file.uses.map((use) => ({
      use,
      after: expandedText(use).replace('20.1', '20.2').replace('3.20', '3.21'),
    }));
    const started = performance.now();
    assert.equal(planFile(file, wishes, () => false).done.length, 2000);
    assert.equal(findFollowers(file, wishes).size, 0);
    assert.ok(performance.now() - started < 5000);
  });
