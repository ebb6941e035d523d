import type { Instant } from '../source/instant.ts';

/** A clock that counts a window down, stands still in pauses, and remembers when it ran out. */
export type ClockRun = {
  /** When the window ran out; absent while it has not. Never moves once it is there. */
  readonly ranOutAt?: Instant;
  /** Of the window, at the end; absent without a bound in time. Below 0 after it ran out. */
  readonly remainingMs?: number;
  readonly runningMs: number;
  readonly pausedMs: number;
};

/** `windowMs` from then on; absent: no bound in time. */
export type WindowChange = { readonly at: Instant; readonly windowMs: number | undefined };

/** From `from` up to, not with, `until`. `leastAfterMs`: what remains at least when it ends. */
export type Pause = { readonly from: Instant; readonly until: Instant; readonly leastAfterMs?: number };

/**
 * Runs a clock from its start to `end`.
 *
 * A smaller window counts from its change, if the old one does not end before; a larger one from the start. Pauses may overlap. What
 * ran out stays so: neither a later end nor a later pause or window takes it back.
 *
 * @param windows the first one is in force at the start, whatever its `at`.
 * @see vulnerabilities 3.3: severity change, pause, breach
 */
export function runClock(
  startAt: Instant,
  end: Instant,
  windows: readonly WindowChange[],
  pauses: readonly Pause[],
): ClockRun {
  const edges = [...windows.map(({ at }) => at), ...pauses.flatMap(({ from, until }) => [from, until]), end];
  const points = [...new Set(edges)].filter((at) => at > startAt && at <= end).sort((a, b) => a - b);
  let window = windowAt(windows, startAt);
  let run: ClockRun = { ...(window === undefined ? {} : { remainingMs: window }), runningMs: 0, pausedMs: 0 };
  let from = startAt;
  for (const at of points) {
    run = pauses.some((pause) => pause.from <= from && from < pause.until)
      ? { ...run, pausedMs: run.pausedMs + at - from }
      : goOn(run, from, at);
    const next = windowAt(windows, at);
    if (next !== window) run = { ...withoutWindow(run), ...remaining(run, window, next) };
    window = next;
    for (const { until, leastAfterMs } of pauses)
      if (until === at && leastAfterMs !== undefined && run.remainingMs !== undefined && run.ranOutAt === undefined)
        run = { ...run, remainingMs: Math.max(run.remainingMs, leastAfterMs) };
    from = at;
  }
  return run;
}

function goOn(run: ClockRun, from: Instant, at: Instant): ClockRun {
  const spent = at - from;
  const { remainingMs, ranOutAt } = run;
  const next = { ...run, runningMs: run.runningMs + spent };
  if (remainingMs === undefined) return next;
  const left = { ...next, remainingMs: remainingMs - spent };
  return ranOutAt === undefined && remainingMs < spent ? { ...left, ranOutAt: from + Math.max(remainingMs, 0) } : left;
}

function remaining(run: ClockRun, from: number | undefined, to: number | undefined): Pick<ClockRun, 'remainingMs'> {
  if (to === undefined) return {};
  if (from !== undefined && to > from) return { remainingMs: to - run.runningMs };
  return { remainingMs: Math.min(run.remainingMs ?? to, to) };
}

function withoutWindow({ remainingMs: _, ...rest }: ClockRun): ClockRun {
  return rest;
}

function windowAt(windows: readonly WindowChange[], at: Instant): number | undefined {
  const inForce = windows.filter((window, index) => index === 0 || window.at <= at);
  return inForce[inForce.length - 1]?.windowMs;
}
