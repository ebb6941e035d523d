import { type FixOutcome, fixOutcomeOf, type Outcome, outcomeOf } from '../../domain/deadline/metrics.ts';
import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import { complianceRows, figureRows } from '../../flows/deadlines/figures.ts';
import { type PatchNumbers, type PatchReport, reportedEpisode } from '../../flows/deadlines/report-patching.ts';
import { jsonLine, jsonLines, jsonText } from '../json-text.ts';

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

/** Small enough that what they are made of is gone before a collector has to carry it along. */
const linesAtOnce = 200;

/** The numbers, then one line per figure and per episode. */
export function* patchJson(report: PatchReport): Generator<string> {
  const { followed, owners: _, settings, ...numbers } = report;
  const now = Date.parse(report.now);
  yield jsonText(numbers).replace(/\n}\n$/, ',\n  "figures": {');
  yield* figureLines('', figureRows(report));
  yield '\n  },\n  "placeFigures": {';
  yield* figureLines('compliance.', complianceRows(report));
  yield '\n  },\n  "episodes": [';
  for (let from = 0; from < followed.length; from += linesAtOnce) {
    const some = followed.slice(from, from + linesAtOnce).map((one, at) => {
      const { standing } = one;
      const fix = fixOutcomeOf(standing, now, settings) ?? null;
      const own = { row: from + at + 1, outcome: outcomeOf(standing), fromFix: fix };
      return Object.assign(reportedEpisode(report, one), own) satisfies ReportedEpisode;
    });
    yield `${from === 0 ? '' : ','}\n${jsonLines(some, '    ')}`;
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
