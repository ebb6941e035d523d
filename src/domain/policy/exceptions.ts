import picomatch from 'picomatch';
import type { Reference } from '../image/reference.ts';
import type { BaselineLedger } from './baseline.ts';
import type { InlineIgnore } from './inline-ignore.ts';
import type { MetFinding } from './waive-findings.ts';
import { approvedOnly, type Waiver } from './waiver.ts';

/** What waives a breach; what each was used for is remembered, so that an unused one can be reported. */
export type Exceptions = {
  readonly waivers: readonly CountedWaiver[];
  readonly baseline: BaselineLedger;
};

export type CountedWaiver = {
  readonly waiver: Waiver;
  readonly matchesPath: (path: string) => boolean;
  /** Findings that it names, each once for all uses of an image. */
  readonly met: Map<string, MetFinding>;
  uses: number;
};
export type CountedIgnore = { readonly ignore: InlineIgnore; uses: number };

/** The ignores of one file, by the lines that they hold for. */
export type IgnoreIndex = {
  readonly all: readonly CountedIgnore[];
  readonly at: (line: number) => readonly CountedIgnore[];
};

/** Ranges begin at instructions, so that they are equal or apart: the last that begins at or above a line decides. */
export function indexIgnores(ignores: readonly InlineIgnore[]): IgnoreIndex {
  const all = ignores.map((ignore): CountedIgnore => ({ ignore, uses: 0 }));
  const groups = Map.groupBy(all, ({ ignore }) => ignore.appliesTo.from);
  const starts = [...groups.keys()].sort((a, b) => a - b);
  return {
    all,
    at: (line) => {
      const start = lastUpTo(starts, line);
      const group = start === undefined ? [] : (groups.get(start) ?? []);
      return group.filter(({ ignore }) => line <= ignore.appliesTo.to);
    },
  };
}

function lastUpTo(ascending: readonly number[], number: number): number | undefined {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= number) low = middle + 1;
    else high = middle;
  }
  return ascending[low - 1];
}

export type AppliedWaiver = {
  readonly id: string;
  readonly reason: string;
  readonly until: string;
  readonly kind: 'policy' | 'inline' | 'baseline';
  /** As a waiver of the policy file says. */
  readonly approvedBy?: string;
};

export function appliedWaiver({ id, reason, expires: until, approvedBy }: Waiver): AppliedWaiver {
  return { id, reason, until, kind: 'policy', ...(approvedBy === undefined ? {} : { approvedBy }) };
}

export type WaivableBreach = {
  readonly rule: string;
  /** A note needs no exception to pass, but one that was written for it is not unused. */
  readonly level: string;
  readonly path: string;
  readonly reference: Reference | undefined;
  /** What the baseline calls the image. */
  readonly image: string;
  /** Where the breach is, and where the use is: a comment at either place counts. */
  readonly lines: readonly number[];
};

export function countWaiver(waiver: Waiver): CountedWaiver {
  const matchesPath = waiver.path === undefined ? () => true : picomatch(waiver.path, { dot: true });
  return { waiver, matchesPath, met: new Map(), uses: 0 };
}

/**
 * The exception that covers a breach: a policy waiver first, then an inline ignore, then the baseline. An expired one
 * covers nothing. A policy waiver holds through its last day.
 */
export function findException(
  breach: WaivableBreach,
  exceptions: Exceptions,
  ignores: IgnoreIndex,
  today: string,
): AppliedWaiver | undefined {
  for (const counted of exceptions.waivers) {
    const { waiver } = counted;
    // What names findings takes them out before rules judge: `waiveFindings`.
    if (waiver.findings !== undefined) continue;
    if (!waiver.rules.includes(breach.rule) || !counted.matchesPath(breach.path)) continue;
    if (breach.reference === undefined || !waiver.image.matches(breach.reference)) continue;
    counted.uses += 1;
    if (waiver.expires >= today) return appliedWaiver(waiver);
  }
  for (const line of breach.lines) {
    for (const counted of ignores.at(line)) {
      const { rules, until, reason } = counted.ignore;
      if (!rules.includes(breach.rule) || approvedOnly.has(breach.rule)) continue;
      counted.uses += 1;
      if (until >= today) return { id: `line ${counted.ignore.line}`, reason, until, kind: 'inline' };
    }
  }
  if (breach.level === 'info') return undefined;
  if (!exceptions.baseline.cover({ path: breach.path, image: breach.image, rule: breach.rule })) return undefined;
  const { since } = exceptions.baseline;
  return { id: 'baseline', reason: `debt recorded on ${since}`, until: '', kind: 'baseline' };
}
