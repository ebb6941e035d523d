import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { count } from '../familiar.ts';

/** What an export has to end in, or go through, to be the one that the report was made of. */
export function auditSentence({ audit: { events, head } }: PatchReport): string {
  return `Audit head after ${count(events, 'event')}: ${head}`;
}
