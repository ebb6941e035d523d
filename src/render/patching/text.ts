import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';
import { auditSentence } from './audit-sentence.ts';
import { patchHeadline } from './headline.ts';
import { measureHeads, measures, severityRows } from './measure-rows.ts';
import { waivedCells, waivedHeads } from './waived-rows.ts';

const maxWaived = 50;

export function patchText(report: PatchReport): string {
  const severities = table([['', ...measureHeads], ...severityRows(report)]);
  const owners = report.byOwner.map(({ owner, ...metrics }) => [short(owner, 60), ...measures(metrics)]);
  const waived = report.waived.slice(0, maxWaived).map((one) => waivedCells(one).map((cell) => short(cell, 60)));
  return `${[
    wrap(patchHeadline(report), 100, ''),
    '',
    ...severities,
    ...(waived.length === 0 ? [] : ['', ...table([waivedHeads, ...waived])]),
    ...(owners.length === 0 ? [] : ['', ...table([['Who', ...measureHeads], ...owners])]),
    '',
    `From ${report.since} to ${report.now}; times are median / ninth decile. Open ones are counted by ${report.policy}.`,
    auditSentence(report),
  ].join('\n')}\n`;
}
