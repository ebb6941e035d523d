const delayMs = 500;
const stepMs = 100;

/** A line on a terminal's standard error while work takes long; nothing elsewhere. */
export function startProgress(
  label: string,
  unit: string,
): {
  readonly report: (done: number, total: number) => void;
  readonly stop: () => void;
} {
  const startedAt = performance.now();
  let shownAt = 0;
  const isShown = process.stderr.isTTY === true;
  return {
    report(done, total) {
      const at = performance.now();
      if (!isShown || at - startedAt < delayMs || at - shownAt < stepMs) return;
      shownAt = at;
      process.stderr.write(`\r\u001b[K${JSON.stringify(label).slice(1, -1)}: ${done} of ${total} ${unit}`);
    },
    stop() {
      if (shownAt > 0) process.stderr.write('\r\u001b[K');
    },
  };
}
