import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { complianceCsv } from './compliance-csv.ts';
import { patchCsv } from './csv.ts';
import { patchHtml } from './html.ts';
import { patchJson } from './json.ts';
import { patchMarkdown } from './markdown.ts';
import { patchText } from './text.ts';

/** Every form of the report, by the name people write; piece by piece, since there may be hundreds of thousands of episodes. */
export const patchFormats = {
  text: (report) => [patchText(report)],
  html: (report) => [patchHtml(report)],
  markdown: (report) => [patchMarkdown(report)],
  csv: patchCsv,
  json: patchJson,
} as const satisfies Readonly<Record<string, (report: PatchReport) => Iterable<string>>>;

/** What a CSV file has a line for each of: one table, as spreadsheets read it. */
export const patchTables = { episodes: patchCsv, compliance: complianceCsv } as const satisfies Readonly<
  Record<string, (report: PatchReport) => Iterable<string>>
>;

export type PatchTable = keyof typeof patchTables;
export type PatchFormat = keyof typeof patchFormats;
