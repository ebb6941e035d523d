import type { ActedRepository, ActResult, AskedRebuild } from '../../flows/act/act-result.ts';
import type { ProposalRow } from '../../flows/update/proposal-result.ts';
import { familiar } from '../familiar.ts';
import type { Palette } from '../palette.ts';
import { wrap } from '../table.ts';
import { short } from '../visible.ts';

/** What was done at once for CRITICAL findings, repository by repository, and what could not be. */
export function actBlock(
  { repositories, unproven }: ActResult,
  isDryRun: boolean,
  colors: Palette,
  width: number,
): string {
  const lines = repositories.flatMap((one) => {
    const told = linesOf(one, isDryRun, colors);
    return told.length === 0
      ? []
      : [`  ${colors.strong(short(one.repository))}`, ...told.map((line) => wrap(line, width, '    '))];
  });
  const notes = unproven.map((note) => wrap(`nothing could be proven: ${short(note, 600)}`, width, '  '));
  if (lines.length + notes.length === 0) return 'At once for CRITICAL findings: nothing to do';
  return ['At once for CRITICAL findings:', ...lines, ...notes].join('\n');
}

function linesOf(
  { proposals, rebuild, left, failures }: ActedRepository,
  isDryRun: boolean,
  colors: Palette,
): readonly string[] {
  return [
    ...proposals.map((row) => proposalLine(row, isDryRun, colors)),
    ...(rebuild === undefined ? [] : [rebuildLine(rebuild, colors)]),
    ...left.map((reason) => short(reason, 600)),
    ...failures.map((reason) => `${colors.verdict('fail', 'refused')}: ${short(reason, 600)}`),
  ];
}

const done: Readonly<Partial<Record<ProposalRow['action'], readonly [done: string, planned: string]>>> = {
  open: ['opened', 'would open'],
  refresh: ['renewed', 'would renew'],
  retext: ['text renewed', 'would renew the text'],
  keep: ['is open', 'is open'],
};

function proposalLine({ action, to, url, reason, failure }: ProposalRow, isDryRun: boolean, colors: Palette): string {
  const target = `the update to ${short(to.split(' ').map(familiar).join(', '), 200)}`;
  if (failure !== undefined) return `${colors.verdict('fail', 'refused')}: ${target}: ${short(failure, 600)}`;
  const word = done[action]?.[isDryRun ? 1 : 0] ?? 'waits:';
  return [
    `${word} ${target}`,
    ...[url, reason].flatMap((text) => (text === undefined || text === '' ? [] : [short(text, 600)])),
  ].join(': ');
}

const said: Readonly<Record<AskedRebuild['outcome'], string>> = {
  asked: 'asked for a rebuild',
  found: 'a rebuild was asked for by an earlier run',
  planned: 'would ask for a rebuild',
  pending: 'rebuild',
  refused: 'refused',
  unnamed: 'no rebuild',
};

function rebuildLine({ outcome, url, reason }: AskedRebuild, colors: Palette): string {
  const word = outcome === 'refused' ? colors.verdict('fail', said.refused) : said[outcome];
  return clauses(word, url, reason);
}

function clauses(first: string, ...others: readonly (string | undefined)[]): string {
  const told = others.flatMap((text) => (text === undefined || text === '' ? [] : [short(text, 600)]));
  return [first, ...told].join(': ');
}
