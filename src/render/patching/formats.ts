import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { jsonText } from '../json-text.ts';
import { patchCsv } from './csv.ts';
import { patchHtml } from './html.ts';
import { patchMarkdown } from './markdown.ts';
import { patchText } from './text.ts';

/** Every form of the report, by the name people write. */
export const patchFormats = {
  text: patchText,
  html: patchHtml,
  markdown: patchMarkdown,
  csv: patchCsv,
  json: jsonText,
} as const satisfies Readonly<Record<string, (report: PatchReport) => string>>;

export type PatchFormat = keyof typeof patchFormats;
