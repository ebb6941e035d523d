import type { FleetProposals, ProposedRepository } from '../../flows/update/fleet-proposals.ts';
import type { ProposalRow } from '../../flows/update/proposal-result.ts';
import { count, familiar } from '../familiar.ts';
import { listingBlock } from '../listings.ts';
import { type Palette, palette } from '../palette.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';

type View = { readonly color: boolean; readonly width: number };

/** What became of the pull requests of each repository, why some wait, and what could not be done. */
export function renderProposals(run: FleetProposals, view: View): string {
  const colors = palette(view.color);
  const shown = run.repositories.filter(isWorthShowing);
  const silent = run.repositories.length - shown.length;
  const blocks = [
    ...shown.map((repository) => repositoryBlock(repository, colors, view)),
    ...(silent > 0 ? [colors.faint(`${count(silent, 'repository', 'repositories')} with nothing to update`)] : []),
    ...(run.listings.length > 0 ? [listingBlock(run.listings, colors, view.width)] : []),
    ...run.tokenGaps.map(({ cannot, remedy }) =>
      wrap(`The token of this job cannot ${cannot}: ${remedy}.`, view.width, ''),
    ),
    ...(run.unproven ?? []).map((note) =>
      wrap(`No update could be proven to mend a CRITICAL finding: ${short(note, 600)}.`, view.width, ''),
    ),
    headline(run, colors),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function isWorthShowing({ rows, refused, unanswered, problems, left, failure }: ProposedRepository): boolean {
  const rest = [rows, refused, unanswered, problems].some((list) => list.length > 0);
  return rest || left !== undefined || failure !== undefined;
}

const words: Readonly<Record<ProposalRow['action'], readonly [done: string, planned: string]>> = {
  open: ['opened', 'would open'],
  refresh: ['renewed', 'would renew'],
  retext: ['text renewed', 'would renew the text'],
  keep: ['open, as it should be', 'open, as it should be'],
  hold: ['waits', 'waits'],
  supersede: ['closed, superseded', 'would close as superseded'],
  close: ['closed, nothing left to do', 'would close, nothing left to do'],
  'explain-snooze': ['left alone', 'would explain that it is left alone'],
};

function repositoryBlock(repository: ProposedRepository, colors: Palette, { width }: View): string {
  const { name, team, rows, left, failure } = repository;
  const title = `${colors.strong(short(name))}${team === undefined ? '' : colors.faint(`  ${short(team)}`)}`;
  const cells = table(
    rows.map((row) => [
      `  ${row.failure === undefined ? words[row.action][0] : colors.verdict('fail', 'failed')}`,
      familiar(row.image),
      colors.faint(`[${short(row.lane)}]`),
      ...changeOf(row),
    ]),
  );
  const lines = rows.flatMap((row, at) => [
    cells[at] ?? '',
    ...[row.url, row.reason, row.failure, ...(row.notes ?? [])].flatMap((text) =>
      text === undefined ? [] : [wrap(short(text, 600), width, '      ')],
    ),
  ]);
  return [
    title,
    ...(failure === undefined ? [] : [wrap(`${colors.verdict('fail')}: ${short(failure, 600)}`, width, '  ')]),
    ...(left === undefined ? [] : [wrap(short(left, 600), width, '  ')]),
    ...lines,
    ...restLines(repository, width),
  ].join('\n');
}

/** Of one image, what stands behind its name. */
function changeOf({ image, from, to }: ProposalRow): readonly string[] {
  const isOfIt = (reference: string) => [':', '@'].some((mark) => reference.startsWith(`${image}${mark}`));
  const [before, after] =
    image !== '' && isOfIt(from) && isOfIt(to)
      ? [from, to].map((reference) => familiar(reference.slice(image.length)).replace(/^:/, ''))
      : [familiar(from), familiar(to)];
  return [before ?? '', '→', after ?? ''];
}

function restLines({ refused, unanswered, problems }: ProposedRepository, width: number): readonly string[] {
  return [
    ...refused.map(
      ({ path, line, before, after, reason }) =>
        `left as it is: ${short(path)}:${line} ${familiar(before)} → ${familiar(after)}: ${short(reason, 600)}`,
    ),
    ...unanswered.map(({ reference, message }) => `not asked: ${familiar(reference)}: ${short(message, 600)}`),
    ...problems.map(
      ({ path, line, message }) => `not read: ${short(path)}${line > 0 ? `:${line}` : ''}: ${short(message, 600)}`,
    ),
  ].map((text) => wrap(text, width, '  '));
}

function headline({ repositories, isDryRun }: FleetProposals, colors: Palette): string {
  const rows = repositories.flatMap((repository) => repository.rows);
  const number = (...kinds: readonly ProposalRow['action'][]) =>
    rows.filter(({ action, failure }) => failure === undefined && kinds.includes(action)).length;
  const failed = rows.filter(({ failure }) => failure !== undefined).length;
  const unread = repositories.filter(({ failure }) => failure !== undefined).length;
  const parts = [
    `${number('open')} ${isDryRun ? 'to be opened' : 'opened'}`,
    `${number('refresh', 'retext')} ${isDryRun ? 'to be renewed' : 'renewed'}`,
    `${number('keep')} open as they should be`,
    `${number('hold', 'explain-snooze')} waiting`,
    `${number('supersede', 'close')} ${isDryRun ? 'to be closed' : 'closed'}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  const where = count(repositories.length, 'repository', 'repositories');
  const missing = unread === 0 ? '' : `; ${count(unread, 'repository', 'repositories')} could not be asked`;
  const dry = isDryRun ? ' Nothing was changed (--dry-run).' : '';
  return colors.strong(`Pull requests in ${where}: ${parts.join(', ')}${missing}.${dry}`);
}
