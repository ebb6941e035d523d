import type { Verdict } from '../policy/evaluate.ts';

/** What the policy asks of a base image beside its category, and the rules that speak of it. In the order of its page. */
export const criteria = [
  { id: 'official-source', title: 'Official source', policy: '5.2.2', rules: ['prohibited', 'unresolved'] },
  {
    id: 'current-version',
    title: 'Latest LTS or stable',
    policy: '5.2.2',
    rules: [
      ...['end-of-life', 'retired-image', 'unmaintained-tag', 'long-term-support-only', 'behind-latest'],
      ...['prerelease', 'floating-tag'],
    ],
  },
  { id: 'minimal-size', title: 'Minimal size', policy: '5.2.2', rules: ['smaller-variant'] },
  {
    id: 'no-unpatched-critical',
    title: 'No unpatched CRITICAL',
    policy: '5.2.2',
    rules: ['unpatched-critical', 'scan-unanswered'],
  },
  {
    id: 'multi-stage',
    title: 'Multi-stage, nothing but what runs',
    policy: '5.2.4',
    rules: [
      ...['single-stage', 'builder-image', 'build-tools', 'toolchain-copied', 'debug-image', 'root-user'],
      ...['package-cache', 'copy-all', 'dev-dependencies'],
    ],
  },
  { id: 'pinned', title: 'Pinned by digest', policy: '5.2.3', rules: ['no-digest'] },
] as const satisfies readonly Criterion[];

type Criterion = {
  readonly id: string;
  readonly title: string;
  /** Its section. */
  readonly policy: string;
  readonly rules: readonly string[];
};

export type CriterionId = (typeof criteria)[number]['id'];

/**
 * What became of one criterion or rule in one use. `info`: broken at a level that changes no verdict; it is noted, and neither kept nor
 * failed. `unknown`: it could not be told, which is never the same as kept.
 */
export type CriterionVerdict = Verdict | 'info';

/** Gravest first. */
export const criterionVerdicts = [
  'fail',
  'unknown',
  'warn',
  'waived',
  'info',
  'pass',
] as const satisfies readonly CriterionVerdict[];

/** How many uses had which verdict. */
export type Tally = Readonly<Record<CriterionVerdict, number>>;

/** @returns the gravest of them; `pass` for none. */
export function gravest(verdicts: readonly CriterionVerdict[]): CriterionVerdict {
  return criterionVerdicts.find((verdict) => verdicts.includes(verdict)) ?? 'pass';
}

export function tallyOf(verdicts: Iterable<CriterionVerdict>): Tally {
  const counts = { fail: 0, unknown: 0, warn: 0, waived: 0, info: 0, pass: 0 };
  for (const verdict of verdicts) counts[verdict] += 1;
  return counts;
}

export function addTallies(one: Tally, other: Tally): Tally {
  return {
    fail: one.fail + other.fail,
    unknown: one.unknown + other.unknown,
    warn: one.warn + other.warn,
    waived: one.waived + other.waived,
    info: one.info + other.info,
    pass: one.pass + other.pass,
  };
}

export function sumOf(tally: Tally): number {
  return criterionVerdicts.reduce((sum, verdict) => sum + tally[verdict], 0);
}
