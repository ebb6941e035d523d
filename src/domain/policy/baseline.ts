/** Debt that was there when a repository adopted the policy: it is waived, and may only shrink. */
export type Baseline = {
  /** ISO date of the first `init --baseline`. */
  readonly since: string;
  readonly entries: readonly BaselineEntry[];
};

/** `count` breaches of one rule by one image in one file. The repository, not the line or tag, so that edits around it keep it valid. */
export type BaselineEntry = {
  readonly path: string;
  readonly image: string;
  readonly rule: string;
  readonly count: number;
};

export type Breach = { readonly path: string; readonly image: string; readonly rule: string };

/** The debt of a run, sorted, for writing. */
export function toBaseline(breaches: readonly Breach[], since: string): Baseline {
  const counts = new Map<string, BaselineEntry>();
  for (const breach of breaches) {
    const key = keyOf(breach);
    counts.set(key, { ...breach, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const keys = [...counts.keys()].sort();
  return { since, entries: keys.flatMap((key) => counts.get(key) ?? []) };
}

/**
 * A baseline after a further run: every count is the smaller of the recorded and the present one, new debt is left out.
 *
 * @returns `absorbed` is the new baseline, `refused` the breaches that it does not cover.
 */
export function shrink(
  recorded: Baseline,
  present: Baseline,
): { absorbed: Baseline; refused: readonly BaselineEntry[] } {
  const allowed = new Map(recorded.entries.map((entry) => [keyOf(entry), entry.count]));
  const entries: BaselineEntry[] = [];
  const refused: BaselineEntry[] = [];
  for (const entry of present.entries) {
    const covered = Math.min(entry.count, allowed.get(keyOf(entry)) ?? 0);
    if (covered > 0) entries.push({ ...entry, count: covered });
    if (covered < entry.count) refused.push({ ...entry, count: entry.count - covered });
  }
  return { absorbed: { since: recorded.since, entries }, refused };
}

/** Counts down what a baseline still covers; what is left at the end was paid off. */
export class BaselineLedger {
  readonly since: string;
  readonly #left: Map<string, { entry: BaselineEntry; left: number }>;

  constructor(baseline: Baseline | undefined) {
    this.since = baseline?.since ?? '';
    this.#left = new Map((baseline?.entries ?? []).map((entry) => [keyOf(entry), { entry, left: entry.count }]));
  }

  /** True when the breach was debt already; each entry covers as many breaches as it counts. */
  cover(breach: Breach): boolean {
    const held = this.#left.get(keyOf(breach));
    if (held === undefined || held.left === 0) return false;
    held.left -= 1;
    return true;
  }

  /** Entries that cover more than there is, with the surplus as `count`. */
  surplus(): readonly BaselineEntry[] {
    return [...this.#left.values()]
      .filter(({ left }) => left > 0)
      .map(({ entry, left }) => ({ ...entry, count: left }));
  }
}

function keyOf({ path, image, rule }: Breach): string {
  return JSON.stringify([path, image, rule]);
}
