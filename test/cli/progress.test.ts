import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'fast-string-width';
import { startProgress } from '../../src/cli/progress.ts';

/** A terminal's rows as far as progress uses them: `\r`, clearing to the end of the line, and wrapping. */
class Terminal {
  readonly isTTY: boolean;
  readonly columns: number;
  rows: readonly string[] = [''];
  writes = 0;
  now = 0;

  constructor({ isTTY = true, columns = 60 }: { readonly isTTY?: boolean; readonly columns?: number } = {}) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): boolean {
    this.writes += 1;
    let row = this.rows.at(-1) ?? '';
    const above = this.rows.slice(0, -1);
    for (const part of text.split(/(\r\x1b\[K)/)) {
      if (part === '\r\x1b[K') row = '';
      else
        for (const character of part) {
          if (this.columns > 0 && stringWidth(row + character) > this.columns) {
            above.push(row);
            row = '';
          }
          row += character;
        }
    }
    this.rows = [...above, row];
    return true;
  }

  start(label: string, unit: string, isDumb = false): ReturnType<typeof startProgress> {
    return startProgress(label, unit, { stream: this, isDumb, clock: () => this.now });
  }
}

test('work that takes less than half a second shows nothing', () => {
  const terminal = new Terminal();
  const progress = terminal.start('asking registries', 'tags');
  terminal.now = 499;
  progress.report(1, 3);
  progress.stop();
  assert.equal(terminal.writes, 0);
});

test('longer work shows how far it is, on one row, and leaves an empty one', () => {
  const terminal = new Terminal();
  const progress = terminal.start('asking registries', 'tags');
  terminal.now = 500;
  progress.report(1, 300);
  assert.deepEqual(terminal.rows, ['asking registries: 1 of 300 tags']);
  terminal.now = 700;
  progress.report(30, 300);
  assert.deepEqual(terminal.rows, ['asking registries: 30 of 300 tags']);
  progress.stop();
  assert.deepEqual(terminal.rows, ['']);
  const { writes } = terminal;
  progress.stop();
  assert.equal(terminal.writes, writes);
});

test('ten thousand answers in a second are told ten times at most', () => {
  const terminal = new Terminal();
  const progress = terminal.start('asking registries', 'tags');
  for (let answer = 0; answer < 10_000; answer += 1) {
    terminal.now = 500 + answer / 10;
    progress.report(answer, 10_000);
  }
  assert.equal(terminal.writes, 10);
});

for (const [fact, isTTY, isDumb] of [
  ['a file or a pipe', false, false],
  ['a terminal without escape sequences', true, true],
] as const)
  test(`${fact} is told nothing`, () => {
    const terminal = new Terminal({ isTTY });
    const progress = terminal.start('reading', 'files', isDumb);
    terminal.now = 5000;
    progress.report(1, 2);
    progress.stop();
    assert.equal(terminal.writes, 0);
  });

for (const [label, shown] of [
  ['reading a\x1b[31m\nb', 'reading a\\x1b[31m\\x0ab: 1 of 2 files'],
  ['reading a\u009b2Jb', 'reading a\\x9b2Jb: 1 of 2 files'],
  [`reading ${'long/'.repeat(20)}`, 'reading long/long/long/long/long/long/long/l…: 1 of 2 files'],
  [`reading ${'広'.repeat(40)}`, 'reading 広広広広広広広広広広広広広広広広広広…: 1 of 2 files'],
] as const)
  test(`shows ${JSON.stringify(label.slice(0, 30))} harmless and within its row`, () => {
    const terminal = new Terminal();
    const progress = terminal.start(label, 'files');
    terminal.now = 1000;
    progress.report(1, 2);
    assert.deepEqual(terminal.rows, [shown]);
  });

test('a terminal that does not know its width is shown what eighty columns take', () => {
  const terminal = new Terminal({ columns: 0 });
  const progress = terminal.start('reading', 'files');
  terminal.now = 1000;
  progress.report(1, 2);
  assert.equal(terminal.rows.at(-1), 'reading: 1 of 2 files');
});

test('whatever is shown takes one row, and none in the end', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 40, max: 100 }), (label, columns) => {
      const terminal = new Terminal({ columns });
      const progress = terminal.start(label, 'files');
      terminal.now = 1000;
      progress.report(1, 2);
      assert.equal(terminal.rows.length, 1);
      progress.stop();
      assert.deepEqual(terminal.rows, ['']);
    }),
  );
});
