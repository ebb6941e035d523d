import type { SettledRepository, SettleResult, SettleRow } from '../../flows/merge/settle-result.ts';
import { count } from '../familiar.ts';
import { listingBlock } from '../listings.ts';
import { type Palette, palette } from '../palette.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';

type View = { readonly color: boolean; readonly width: number };

const words: Readonly<Record<SettleRow['action'], readonly [done: string, planned: string]>> = {
  merge: ['merged', 'would be merged'],
  'auto-merge': ['left to the forge to merge', 'would be left to the forge to merge'],
  wait: ['waits for checks', 'waits for checks'],
  review: ['review asked', 'would ask for a review'],
  hold: ['left', 'left'],
};

/** What became of the pull requests of each repository, and why. */
export function renderSettled(result: SettleResult, view: View): string {
  const colors = palette(view.color);
  const shown = result.repositories.filter(
    ({ rows, left, failure }) => rows.length > 0 || left !== undefined || failure !== undefined,
  );
  const silent = result.repositories.length - shown.length;
  const blocks = [
    ...shown.map((repository) => repositoryBlock(repository, result.isDryRun, colors, view)),
    ...(silent > 0
      ? [colors.faint(`${count(silent, 'repository', 'repositories')} without an open pull request of ours`)]
      : []),
    ...(result.listings.length > 0 ? [listingBlock(result.listings, colors, view.width)] : []),
    ...result.tokenGaps.map(({ cannot, remedy }) =>
      wrap(`The token of this job cannot ${cannot}: ${remedy}.`, view.width, ''),
    ),
    headline(result, colors),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function repositoryBlock(
  { name, rows, left, failure }: SettledRepository,
  isDryRun: boolean,
  colors: Palette,
  { width }: View,
): string {
  const cells = table(
    rows.map((row) => [`  ${stateOf(row, isDryRun, colors)}`, short(row.id, 100), short(row.title, 80)]),
  );
  return [
    colors.strong(short(name)),
    ...(failure === undefined ? [] : [wrap(`${colors.verdict('fail')}: ${short(failure, 600)}`, width, '  ')]),
    ...(left === undefined ? [] : [wrap(short(left, 600), width, '  ')]),
    ...rows.flatMap((row, at) => [
      cells[at] ?? '',
      ...linesOf(row).map((text) => wrap(short(text, 600), width, '      ')),
    ]),
  ].join('\n');
}

function stateOf({ action, failure }: SettleRow, isDryRun: boolean, colors: Palette): string {
  if (failure !== undefined) return colors.verdict('fail', 'failed');
  return words[action][isDryRun ? 1 : 0];
}

function linesOf({ url, reason, waitsFor, flaky, notes, failure }: SettleRow): readonly string[] {
  return [
    url,
    ...(reason === undefined ? [] : [reason]),
    ...(waitsFor === undefined ? [] : [`for ${waitsFor.join(', ')}`]),
    ...(flaky === undefined ? [] : [`flaky: ${flaky.join(', ')} failed before on the same commit`]),
    ...(notes ?? []),
    ...(failure === undefined ? [] : [failure]),
  ];
}

function headline({ repositories, isDryRun }: SettleResult, colors: Palette): string {
  const rows = repositories.flatMap((repository) => repository.rows);
  const number = (action: SettleRow['action']) =>
    rows.filter((row) => row.failure === undefined && row.action === action).length;
  const failed = rows.filter(({ failure }) => failure !== undefined).length;
  const unread = repositories.filter(({ failure }) => failure !== undefined).length;
  const parts = [
    `${number('merge')} ${isDryRun ? 'to be merged' : 'merged'}`,
    ...(number('auto-merge') > 0 ? [`${number('auto-merge')} left to the forge`] : []),
    `${number('wait')} waiting for checks`,
    `${number('review')} for people to review`,
    `${number('hold')} left`,
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  const missing = unread === 0 ? '' : `; ${count(unread, 'repository', 'repositories')} could not be asked`;
  const dry = isDryRun ? ' Nothing was changed (--dry-run).' : '';
  const where = count(repositories.length, 'repository', 'repositories');
  return colors.strong(`Pull requests in ${where}: ${parts.join(', ')}${missing}.${dry}`);
}
