import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildDefinition, DocumentReading } from '../../../src/domain/documents/document-reading.ts';
import type { ImageUse } from '../../../src/domain/image/image-use.ts';
import { canonicalReference } from '../../../src/domain/image/reference.ts';
import type { Parsed } from '../../../src/domain/source/problem.ts';

type Read = (text: string, path: string) => Parsed<DocumentReading>;

/** Tables of one format. `«…»` in a text marks where a use must point; the marks are taken out before it is read. */
export function documentTable(read: Read, path: string) {
  return {
    /** `expected`: per use its canonical reference, `?NAME,NAME` for what is missing, `!TEXT` for no reference. */
    names(fact: string, marked: string, ...expected: readonly string[]) {
      test(fact, () => {
        const { text, spans } = unmark(marked);
        const { uses } = read(text, path).value;
        assert.deepEqual(uses.map(show), expected);
        const pointed = [...new Set(uses.map(({ span }) => `${span.start}-${span.end}`))];
        assert.deepEqual(pointed, spans, `marks in ${marked}`);
        for (const use of uses) assertSound(use, text);
      });
    },
    /** The parts of each build that the row states; all builds have to be there. */
    builds(fact: string, text: string, ...expected: readonly Partial<BuildDefinition>[]) {
      test(fact, () => {
        const { builds } = read(text, path).value;
        assert.equal(builds.length, expected.length, 'number of builds');
        for (const [index, part] of expected.entries()) {
          const build = builds[index];
          const stated = Object.fromEntries(Object.entries(build ?? {}).filter(([key]) => key in part));
          assert.deepEqual(stated, part);
        }
      });
    },
    /** Each problem as `severity code line`. */
    complains(fact: string, text: string, ...expected: readonly string[]) {
      test(fact, () => {
        const { problems } = read(text, path);
        assert.deepEqual(
          problems.map(({ severity, code, line }) => `${severity} ${code} ${line}`),
          expected,
        );
        for (const { message } of problems) assert.doesNotMatch(message, /\.$|\n/);
      });
    },
  };
}

function show({ image }: ImageUse): string {
  switch (image.kind) {
    case 'reference':
      return canonicalReference(image.reference);
    case 'unresolved':
      return `?${image.missing.join(',')}`;
    case 'invalid':
      return `!${image.text}`;
    case 'scratch':
      return 'scratch';
  }
}

function unmark(marked: string): { readonly text: string; readonly spans: readonly string[] } {
  const spans: string[] = [];
  let text = '';
  for (const part of marked.split('«')) {
    const [word = '', rest] = part.split('»');
    if (rest !== undefined) spans.push(`${text.length}-${text.length + word.length}`);
    text += word + (rest ?? '');
  }
  return { text, spans };
}

/** What holds of every use: its line is where its span begins, and its pieces stand where they say. */
function assertSound(use: ImageUse, text: string): void {
  assert.equal(use.line, text.slice(0, use.span.start).split('\n').length);
  for (const { text: piece, span } of use.pieces) {
    if (span !== undefined) assert.equal(text.slice(span.start, span.end), piece);
  }
  if (use.image.kind === 'invalid') assert.equal(use.pieces.map((piece) => piece.text).join(''), use.image.text);
}
