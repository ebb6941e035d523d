import { type PatchReport, reportedEpisode } from '../../flows/deadlines/report-patching.ts';
import { escapeMarkdown } from '../markdown-text.ts';
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
import { episodeCells, episodeHeads } from './episode-rows.ts';
import { patchHeadline } from './headline.ts';
import { measureHeads, measures, severityRows } from './measure-rows.ts';
import { waivedCells, waivedHeads } from './waived-rows.ts';
import { waiverCells, waiverHeads } from './waiver-rows.ts';

/** Episodes listed: a comment or a job summary has a limit. */
const maxListed = 100;

export function patchMarkdown(report: PatchReport): string {
  const late = report.followed.filter(({ standing }) => standing.breachedAt !== undefined);
  const listed = late.slice(0, maxListed).map((one) => reportedEpisode(report, one));
  const more =
    late.length > listed.length ? [`${late.length - listed.length} more are in the CSV and JSON reports.`, ''] : [];
  return [
    '# Patching of base images',
    '',
    patchHeadline(report),
    '',
    ...grid(['Severity', ...measureHeads], severityRows(report)),
    ...grid(
      ['Who', ...measureHeads],
      report.byOwner.map(({ owner, ...metrics }) => [owner, ...measures(metrics)]),
    ),
    ...(listed.length === 0
      ? []
      : ['## Past their deadline', '', ...grid(episodeHeads, listed.map(episodeCells)), ...more]),
    ...waivedSection(report),
    ...complianceSection(report),
    `From ${report.since} to ${report.now}; times are median / ninth decile. Open ones are counted by ${report.policy}.`,
    '',
    auditSentence(report),
    '',
  ].join('\n');
}

function waivedSection({ waived }: PatchReport): readonly string[] {
  if (waived.length === 0) return [];
  return ['## Waived', '', ...grid(waivedHeads, waived.slice(0, maxListed).map(waivedCells))];
}

function complianceSection({ compliance, waivers }: PatchReport): readonly string[] {
  const headline = ['## Base images by the policy', '', escapeMarkdown(complianceHeadline(compliance)), ''];
  if (compliance.repositories.lookedAt === 0) return headline;
  const held = waivers.slice(0, maxListed).map(waiverCells);
  return [
    ...headline,
    ...grid(categoryHeads, compliance.byCategory.map(categoryCells)),
    ...grid(criterionHeads, compliance.byCriterion.map(criterionCells)),
    'Uses by category, and the share that passes of each criterion:',
    '',
    ...grid(
      ownerHeads(compliance),
      compliance.byOwner.slice(0, maxListed).map((one) => ownerCells(one, compliance)),
    ),
    ...grid(stretchHeads(compliance), stretchRows(compliance)),
    ...(held.length === 0 ? [] : ['## Waivers', '', ...grid(waiverHeads, held)]),
  ];
}

function grid(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => ' --- |').join('')}`, ...rows.map(line), ''];
}
