import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCompose } from '../../../src/domain/documents/compose.ts';
import { relocateLine, relocateUse } from '../../../src/domain/documents/place-inline.ts';
import type { ImageUse } from '../../../src/domain/image/image-use.ts';
import { indexLines } from '../../../src/domain/source/lines.ts';

/** The use that the word `alpine:3` of an inline Dockerfile is, relocated. */
function relocated(text: string) {
  const inline = readCompose(text, '').value.builds[0]?.inline;
  assert.ok(inline);
  const start = inline.text.indexOf('alpine:3');
  const span = { start, end: start + 8 };
  const image = { kind: 'unresolved', missing: [] } as const;
  const use: ImageUse = {
    role: 'final',
    image,
    written: 'alpine:3',
    line: 1,
    span,
    pieces: [{ text: 'alpine:3', span }],
  };
  return { inline, use: relocateUse(use, inline, indexLines(text).lineAt) };
}

const service = (inline: string) => `services:\n  a:\n    build:\n      dockerfile_inline: ${inline}\n`;

for (const [fact, inline, line] of [
  ['a block literal', '|\n        # c\n        FROM alpine:3\n', 6],
  ['a block literal behind blank lines', '|\n\n        FROM alpine:3\n', 6],
  ['a block literal with more indentation', '|2-\n          FROM alpine:3', 5],
  ['a plain scalar', 'FROM alpine:3', 4],
  ['a quoted scalar', '"FROM alpine:3"', 4],
] as const) {
  test(`${fact} is mapped to the document`, () => {
    const text = service(inline);
    const { use } = relocated(text);
    assert.equal(text.slice(use.span.start, use.span.end), 'alpine:3');
    assert.equal(use.line, line);
    assert.deepEqual(use.pieces, [{ text: 'alpine:3', span: use.span }]);
  });
}

test('Windows line ends are mapped', () => {
  const text = service('|\n        FROM scratch\n        FROM alpine:3\n').replaceAll('\n', '\r\n');
  const { use } = relocated(text);
  assert.equal(text.slice(use.span.start, use.span.end), 'alpine:3');
});

test('a default within the word makes pieces of it', () => {
  const text = service('|\n        FROM alpine:${V:-3}\n');
  const { use } = relocated(text);
  assert.equal(text.slice(use.span.start, use.span.end), 'alpine:${V:-3');
  assert.deepEqual(
    use.pieces.map((piece) => piece.text),
    ['alpine:', '3'],
  );
});

test('what escapes spell cannot be edited', () => {
  const { use } = relocated(service('"FROM alpine:3\\nRUN x"'));
  assert.deepEqual(use.pieces, [{ text: 'alpine:3', span: undefined }]);
  assert.equal(use.span.start, use.span.end);
});

test('lines are counted from where the text begins', () => {
  const { inline } = relocated(service('|\n        # c\n        FROM alpine:3\n'));
  assert.deepEqual(
    [0, 1, 2].map((line) => relocateLine(line, inline)),
    [5, 5, 6],
  );
});
