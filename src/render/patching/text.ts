import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';
import { auditSentence } from './audit-sentence.ts';
import { patchHeadline } from './headline.ts';
import { measureHeads, measures, severityRows } from './measure-rows.ts';

export function patchText(report: PatchReport): string {
  const severities = table([['', ...measureHeads], ...severityRows(report)]);
  const owners = report.byOwner.map(({ owner, ...metrics }) => [short(owner, 60), ...measures(metrics)]);
  return `${[
    wrap(patchHeadline(report), 100, ''),
    '',
    ...severities,
    ...(owners.length === 0 ? [] : ['', ...table([['Who', ...measureHeads], ...owners])]),
    '',
    `From ${report.since} to ${report.now}; times are median / ninth decile. Open ones are counted by ${report.policy}.`,
    auditSentence(report),
  ].join('\n')}\n`;
}
