import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import { type PatchNumbers, type PatchReport, reportedEpisode } from '../../flows/deadlines/report-patching.ts';
import { jsonLine, jsonText } from '../json-text.ts';

/** What is written. */
export type PatchJson = PatchNumbers & { readonly episodes: readonly EpisodeResult[] };

/** The numbers, then one line per episode. */
export function* patchJson(report: PatchReport): Generator<string> {
  const { followed, owners: _, ...numbers } = report;
  yield jsonText(numbers).replace(/\n}\n$/, ',\n  "episodes": [');
  for (const [at, one] of followed.entries())
    yield `${at === 0 ? '' : ','}\n    ${jsonLine(reportedEpisode(report, one)).trimEnd()}`;
  yield '\n  ]\n}\n';
}
