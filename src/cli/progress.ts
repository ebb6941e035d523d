import stringWidth from 'fast-string-width';
import { readEnvironment } from '../config/environment.ts';
import { visible } from '../render/visible.ts';

const delayMs = 500;
const stepMs = 100;
/** A terminal nobody told its size has 0 columns. */
const unknownColumns = 80;

/** Where progress is shown, and by what clock. */
export type Screen = {
  readonly stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;
  /** Of a terminal that knows no escape sequences. */
  readonly isDumb: boolean;
  /** Milliseconds, from any beginning. */
  readonly clock: () => number;
};

/** A line on a terminal's standard error while work takes long; nothing elsewhere. */
export function startProgress(
  label: string,
  unit: string,
  { stream, isDumb, clock }: Screen = standardError(),
): {
  readonly report: (done: number, total: number) => void;
  readonly stop: () => void;
} {
  const startedAt = clock();
  let shownAt: number | undefined;
  const isShown = stream.isTTY === true && !isDumb;
  return {
    report(done, total) {
      const at = clock();
      if (!isShown || at - startedAt < delayMs || (shownAt !== undefined && at - shownAt < stepMs)) return;
      shownAt = at;
      const numbers = `: ${done} of ${total} ${unit}`;
      const width = stream.columns || unknownColumns;
      stream.write(`\r\u001b[K${cut(visible(label), width - numbers.length - 1)}${numbers}`);
    },
    stop() {
      if (shownAt !== undefined) stream.write('\r\u001b[K');
      shownAt = undefined;
    },
  };
}

function standardError(): Screen {
  return { stream: process.stderr, isDumb: readEnvironment().isDumbTerminal, clock: () => performance.now() };
}

/** A line that is wider than the terminal wraps, and only its last row would be cleared. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (stringWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
