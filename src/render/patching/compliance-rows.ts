import type { CategoryShare, CriterionShare } from '../../flows/compliance/report-compliance.ts';
import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { count } from '../familiar.ts';
import { percent } from './measure-rows.ts';

type Compliance = PatchReport['compliance'];

/** The answer in sentences: how many uses are in which category, and of which repositories nobody knows. */
export function complianceHeadline({ uses, byCategory, repositories, unreadFiles }: Compliance): string {
  const { lookedAt, notLookedAt } = repositories;
  const named = notLookedAt.slice(0, 5).map(({ repository }) => repository);
  const more = notLookedAt.length > named.length ? ` and ${notLookedAt.length - named.length} more` : '';
  const unseen =
    notLookedAt.length === 0 ? '' : ` Not looked at in this time, and in no number: ${named.join(', ')}${more}.`;
  const unread = unreadFiles === 0 ? '' : ` ${count(unreadFiles, 'file')} could not be read.`;
  if (lookedAt === 0) return `No repository was looked at in this time: basekeeper monitor does.${unseen}`;
  const shares = byCategory.filter((one) => one.uses > 0).map((one) => `${one.uses} ${one.category}`);
  const told = shares.length === 0 ? '' : `: ${shares.join(', ')}`;
  return `${count(uses, 'image use')} in ${count(lookedAt, 'repository', 'repositories')}${told}.${unread}${unseen}`;
}

export const categoryHeads = ['Category', 'Uses', 'Share', 'Before', 'Change'] as const;

/** Beneath `categoryHeads`. */
export function categoryCells({ category, uses, share, shareBefore }: CategoryShare): readonly string[] {
  return [category, String(uses), shareText(share), shareText(shareBefore), changeText(share, shareBefore)];
}

export const criterionHeads = [
  ...['Criterion', 'Policy', 'Uses', 'Passes', 'Before', 'Change'],
  ...['Pass', 'Noted', 'Waived', 'Warned', 'Failed', 'Unknown'],
] as const;

/** Verdicts in the order of the last six heads. */
export const criterionColumns = ['pass', 'info', 'waived', 'warn', 'fail', 'unknown'] as const;

/** Beneath `criterionHeads`. */
export function criterionCells(one: CriterionShare): readonly string[] {
  const { title, policy, uses, passShare, passShareBefore } = one;
  return [
    ...[title, policy, String(uses), shareText(passShare), shareText(passShareBefore)],
    changeText(passShare, passShareBefore),
    ...criterionColumns.map((verdict) => String(one[verdict])),
  ];
}

export function ownerHeads({ byCategory, byCriterion }: Compliance): readonly string[] {
  return ['Who', 'Uses', ...byCategory.map(({ category }) => category), ...byCriterion.map(({ title }) => title)];
}

/** Uses by category, then the share that passes of each criterion. */
export function ownerCells(
  { owner, uses, byCategory, byCriterion }: Compliance['byOwner'][number],
  all: Compliance,
): readonly string[] {
  return [
    ...[owner, String(uses), ...all.byCategory.map(({ category }) => String(byCategory[category]))],
    ...all.byCriterion.map(({ criterion }) => passText(byCriterion[criterion])),
  ];
}

export function stretchHeads(all: Compliance): readonly string[] {
  return ['Until', 'Repositories', ...ownerHeads(all).slice(1)];
}

/** The stretches that end at or after the first look. */
export function stretchRows(all: Compliance): readonly (readonly string[])[] {
  return all.trend
    .filter(({ repositories }) => repositories > 0)
    .map(({ until, repositories, ...own }) => {
      const [, ...cells] = ownerCells({ owner: '', unreadFiles: 0, ...own }, all);
      return [until.slice(0, 10), String(repositories), ...cells];
    });
}

function passText(tally: CriterionTally): string {
  const uses = Object.values(tally).reduce((sum, number) => sum + number, 0);
  return shareText(uses === 0 ? null : tally.pass / uses);
}

type CriterionTally = Compliance['trend'][number]['byCriterion']['pinned'];

function shareText(share: number | null): string {
  return percent(share ?? undefined);
}

/** In points of a hundred. */
function changeText(share: number | null, before: number | null): string {
  if (share === null || before === null) return '–';
  const points = Math.floor(share * 100) - Math.floor(before * 100);
  return points === 0 ? '0' : `${points > 0 ? '+' : '−'}${Math.abs(points)}`;
}
