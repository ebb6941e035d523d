// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are variables of Dockerfiles
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Dockerfile } from '../../../src/domain/dockerfile/dockerfile.ts';
import { parseDockerfile } from '../../../src/domain/dockerfile/parse-dockerfile.ts';
import { canonicalReference, parseReference } from '../../../src/domain/image/reference.ts';

const fragments =
  'FROM |from |ARG |RUN |COPY |ADD |ONBUILD |--from=|--mount=|--platform=|--link |from=|type=bind,|,target=/x |alpine|node:20|alpine:3.19|a|b|AS |as x|x|0|1|$|$V|${V}|${V:-|${V%|${V//-/|}|{|V=|A=1|=|"|\'|\\|`|\\\n|\n|\n\n|\r\n|\t| |<<EOF|<<-"EOF"|EOF\n|# |#|# syntax=a/b:1\n|# escape=`\n|//|@sha256:|:|/|.|-|*|?|[|]|é|\u00a0|\ufeff|😀|{{|%%'.split(
    '|',
  );
const files = fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map((parts) => parts.join(''));
const begun = fc
  .tuple(fc.constantFrom('', 'ARG V=3.19-x\nARG A\n', 'FROM alpine AS x\n', 'FROM node:20\nRUN '), files)
  .map((parts) => parts.join(''));

const lawful = (law: (text: string, file: Dockerfile) => void): void =>
  fc.assert(
    fc.property(begun, (text) => law(text, parseDockerfile(text, { buildArgs: { A: 'b' } }))),
    { numRuns: 3000 },
  );

test('any text is read, and read the same way twice', () => {
  lawful((text, file) => assert.deepEqual(parseDockerfile(text, { buildArgs: { A: 'b' } }), file));
});
test('the span of a piece slices back to its text', () => {
  lawful((text, { uses }) => {
    for (const { pieces } of uses)
      for (const { text: piece, span } of pieces) if (span) assert.equal(text.slice(span.start, span.end), piece);
  });
});
test('the pieces of a use, joined, are what it names', () => {
  lawful((_, { uses }) => {
    for (const { image, pieces } of uses) {
      const expanded = pieces.map((piece) => piece.text).join('');
      if (image.kind === 'scratch') assert.equal(expanded, 'scratch');
      if (image.kind !== 'reference') continue;
      const parsed = parseReference(expanded);
      assert.equal(parsed.kind === 'ok' && canonicalReference(parsed.reference), canonicalReference(image.reference));
    }
  });
});
test('spans and lines lie in the file, uses are in file order', () => {
  lawful((text, { uses, stages, problems }) => {
    const lines = text.split('\n').length;
    let before = 0;
    for (const { span, line, written } of uses) {
      assert.ok(before <= span.start && span.start <= span.end && span.end <= text.length);
      assert.ok(line >= 1 && line <= lines);
      assert.equal(text.slice(0, span.start).split('\n').length, line);
      if (span.end - span.start === written.length) assert.equal(text.slice(span.start, span.end), written);
      before = span.start;
    }
    for (const { instructions } of stages) {
      for (const { span, line, endLine } of instructions)
        assert.ok(span.start < span.end && span.end <= text.length && line <= endLine && endLine <= lines);
    }
    for (const { line, message } of problems)
      assert.ok(line >= 0 && line <= lines && message !== '' && !message.endsWith('.'));
  });
});
test('a use that is no image stands beside a problem', () => {
  lawful((_, { uses, problems }) => {
    for (const { image } of uses)
      if (image.kind === 'invalid') assert.ok(problems.some(({ severity }) => severity !== 'info'));
  });
});
test('links point at earlier stages, and the last stage ships', () => {
  lawful((_, { stages }) => {
    for (const { index, from, copiesFrom } of stages)
      for (const other of [...copiesFrom, ...(from === undefined ? [] : [from])]) assert.ok(other < index);
    assert.ok(stages.length === 0 || stages.at(-1)?.role === 'final');
  });
});
