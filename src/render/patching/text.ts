import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';
import { auditSentence } from './audit-sentence.ts';
import {
  categoryCells,
  categoryHeads,
  complianceHeadline,
  criterionCells,
  criterionHeads,
  ownerCells,
  ownerHeads,
  stretchHeads,
  stretchRows,
} from './compliance-rows.ts';
import { patchHeadline } from './headline.ts';
import { measureHeads, measures, severityRows } from './measure-rows.ts';
import { waivedCells, waivedHeads } from './waived-rows.ts';
import { waiverCells, waiverHeads } from './waiver-rows.ts';

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
    ...complianceLines(report),
    '',
    `From ${report.since} to ${report.now}; times are median / ninth decile. Open ones are counted by ${report.policy}.`,
    auditSentence(report),
  ].join('\n')}\n`;
}

/** How base images stand by the policy, then the waivers that hold. */
function complianceLines({ compliance, waivers }: PatchReport): readonly string[] {
  const cut = (cells: readonly string[]) => cells.map((cell) => short(cell, 60));
  const stretches = stretchRows(compliance);
  const owners = compliance.byOwner.map((one) => cut(ownerCells(one, compliance)));
  const held = waivers.slice(0, maxWaived).map((one) => cut(waiverCells(one)));
  const looked = [
    ...['', ...table([categoryHeads, ...compliance.byCategory.map(categoryCells)])],
    ...['', ...table([criterionHeads, ...compliance.byCriterion.map(criterionCells)])],
    ...['', 'Uses by category, and the share that passes of each criterion', ''],
    ...table([ownerHeads(compliance), ...owners]),
    ...['', ...table([stretchHeads(compliance), ...stretches])],
    ...(held.length === 0 ? [] : ['', ...table([waiverHeads, ...held])]),
  ];
  const headline = wrap(`Base images: ${short(complianceHeadline(compliance), 600)}`, 100, '');
  return ['', headline, ...(compliance.repositories.lookedAt === 0 ? [] : looked)];
}
