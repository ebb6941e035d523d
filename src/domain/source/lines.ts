/** Where the lines of a text begin. Lines end in LF, or CR LF; numbers are 1-based, offsets are UTF-16 code units. */
export type LineIndex = {
  /** The line that an offset stands in. */
  readonly lineAt: (offset: number) => number;
  /** The offset at which a line begins. */
  readonly startOf: (line: number) => number;
};

export function indexLines(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    startOf: (line) => starts[line - 1] ?? text.length,
    lineAt: (offset) => {
      let low = 0;
      let high = starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((starts[middle] ?? Number.POSITIVE_INFINITY) <= offset) low = middle + 1;
        else high = middle;
      }
      return Math.max(low, 1);
    },
  };
}
