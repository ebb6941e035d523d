// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are variables of Dockerfiles
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits, planEdit } from '../../../src/domain/dockerfile/edit.ts';
import { parseDockerfile } from '../../../src/domain/dockerfile/parse-dockerfile.ts';

const read = (text: string) => parseDockerfile(text, { buildArgs: {} });
const expanded = (text: string, index: number) =>
  read(text)
    .uses[index]?.pieces.map((piece) => piece.text)
    .join('');

function edit(text: string, newText: string, index = 0): string | undefined {
  const use = read(text).uses[index];
  assert.ok(use);
  const edits = planEdit(use, newText);
  return edits && applyEdits(text, edits);
}

const digest = `sha256:${'0'.repeat(64)}`;
const rows: readonly (readonly [file: string, newText: string, result: string | undefined])[] = [
  ['FROM node:20-alpine', 'node:22-alpine', 'FROM node:22-alpine'],
  ['FROM node', 'node:22', 'FROM node:22'],
  ['ARG V=20\nFROM node:$V-slim', 'node:22-slim', 'ARG V=22\nFROM node:$V-slim'],
  ['ARG A=1 V="20" # x\nFROM node:$V', 'node:22', 'ARG A=1 V="22" # x\nFROM node:$V'],
  ['ARG V=2\\\n0\nFROM node:$V', 'node:24', 'ARG V=2\\\n4\nFROM node:$V'],
  ['ARG V=20\nARG T=$V-slim\nFROM node:$T', 'node:22-slim', 'ARG V=22\nARG T=$V-slim\nFROM node:$T'],
  [
    'ARG MAJOR=20\nARG MINOR=1\nFROM node:$MAJOR.$MINOR-slim',
    'node:22.3-slim',
    'ARG MAJOR=22\nARG MINOR=3\nFROM node:$MAJOR.$MINOR-slim',
  ],
  ['FROM node:${V:-20}', 'node:22', 'FROM node:${V:-22}'],
  ['ARG V=3.19.1\nFROM alpine:${V%.*}', 'alpine:3.20', 'ARG V=3.20.1\nFROM alpine:${V%.*}'],
  ['FROM a:1\nCOPY --from="nginx:1" / /', 'nginx:2', 'FROM a:1\nCOPY --from="nginx:2" / /'],
  ['FROM node:20', `node:20@${digest}`, `FROM node:20@${digest}`],
  [`FROM node:20@${digest}`, 'node:22', 'FROM node:22'],
  ['FROM node:$TARGETARCH', 'node:22', undefined],
  ['ARG V=1-1\nFROM a:${V/-/.}', 'a:1.2', 'ARG V=1-2\nFROM a:${V/-/.}'],
  ['ARG V=1-1\nFROM a:${V/-/.}', 'a:1_1', undefined],
  ['ARG V=3\nFROM foo$V:$V', 'foo3:4', undefined],
  ['ARG V=3\nFROM foo$V:$V', 'foo4:4', 'ARG V=4\nFROM foo$V:$V'],
  ['ARG V=3\nFROM a:$V-slim', 'a:3slim', undefined],
  ['FROM node:20', 'node:22 AS x', undefined],
  ['FROM node:20', 'node:20', 'FROM node:20'],
];
for (const [file, newText, result] of rows) {
  test(`${JSON.stringify(file)} for ${newText.slice(0, 30)} becomes ${JSON.stringify(result)?.slice(0, 70)}`, () => {
    assert.equal(edit(file, newText, file.includes('COPY') ? 1 : 0), result);
  });
}

const version = fc.stringMatching(/^[0-9]{1,2}(\.[0-9]{1,2}){0,2}$/);
const variant = fc.constantFrom('', '-slim', '-alpine', '-alpine3.19');
const shape = fc.constantFrom(
  (v: string, t: string) => `FROM node:${v}${t}\n`,
  (v: string, t: string) => `ARG V=${v}\nFROM node:\${V}${t} AS x\nRUN ls\n`,
  (v: string, t: string) => `ARG V="${v}${t}"\nFROM 'node':$V\n`,
  (v: string, t: string) => `ARG V=${v}\nARG T=node:$V${t}\nFROM --platform=linux/arm64 $T\n`,
  (v: string, t: string) => `FROM no\\\n# x\n\\\nde:${v}${t}\r\n`,
  (v: string, t: string) => `FROM ${'${IMAGE:-'}node:${v}${t}}\n`,
);

test('an edited file names what was wanted, and nothing outside the spans changes', () => {
  fc.assert(
    fc.property(shape, version, variant, version, variant, (write, v, t, newV, newT) => {
      const text = write(v, t);
      const [use] = read(text).uses;
      assert.ok(use);
      const wanted = `node:${newV}${newT}`;
      const edits = planEdit(use, wanted);
      if (edits === undefined) return;
      const result = applyEdits(text, edits);
      assert.equal(expanded(result, 0), wanted);
      let copied = 0;
      let at = 0;
      for (const { span, text: replacement } of edits) {
        assert.equal(result.slice(at, at + span.start - copied), text.slice(copied, span.start));
        at += span.start - copied + replacement.length;
        copied = span.end;
      }
      assert.equal(result.slice(at), text.slice(copied));
    }),
  );
});
test('a tag written in one place can always be changed', () => {
  fc.assert(
    fc.property(version, version, (v, newV) =>
      assert.equal(edit(`ARG V=${v}\nFROM node:$V`, `node:${newV}`), `ARG V=${newV}\nFROM node:$V`),
    ),
  );
});
