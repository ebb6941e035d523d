import { type FixOutcome, fixOutcomeOf, type Outcome, outcomeOf } from '../../domain/deadline/metrics.ts';
import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import { complianceRows, figureRows } from '../../flows/deadlines/figures.ts';
import { type PatchNumbers, type PatchReport, reportedEpisode } from '../../flows/deadlines/report-patching.ts';
import { jsonLine, jsonText } from '../json-text.ts';

/** What is written. */
export type PatchJson = PatchNumbers & {
  /** By the path of a number the rows that it is taken of: `total.closedLate`. What is 0 is absent. */
  readonly figures: Readonly<Record<string, readonly number[]>>;
  /** The same, of places: `compliance.byCategory.prohibited`. */
  readonly placeFigures: Readonly<Record<string, readonly number[]>>;
  readonly episodes: readonly ReportedEpisode[];
};

/** `outcome`: which number counts it; `fromFix`: the same from the fix on, `null` for none. */
type ReportedEpisode = EpisodeResult & {
  readonly row: number;
  readonly outcome: Outcome;
  readonly fromFix: FixOutcome | null;
};

/** The numbers, then one line per figure and per episode. */
export function* patchJson(report: PatchReport): Generator<string> {
  const { followed, owners: _, settings, ...numbers } = report;
  const now = Date.parse(report.now);
  yield jsonText(numbers).replace(/\n}\n$/, ',\n  "figures": {');
  yield* figureLines('', figureRows(report));
  yield '\n  },\n  "placeFigures": {';
  yield* figureLines('compliance.', complianceRows(report));
  yield '\n  },\n  "episodes": [';
  for (const [at, one] of followed.entries()) {
    const { standing } = one;
    const own = { row: at + 1, outcome: outcomeOf(standing), fromFix: fixOutcomeOf(standing, now, settings) ?? null };
    const line = jsonLine({ ...reportedEpisode(report, one), ...own } satisfies ReportedEpisode);
    yield `${at === 0 ? '' : ','}\n    ${line.trimEnd()}`;
  }
  yield '\n  ]\n}\n';
}

function* figureLines(prefix: string, figures: ReadonlyMap<string, readonly number[]>): Generator<string> {
  let comma = '';
  for (const [name, rows] of figures) {
    yield `${comma}\n    ${jsonLine(prefix + name).trimEnd()}: [${rows.join(',')}]`;
    comma = ',';
  }
}
