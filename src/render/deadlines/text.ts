import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import type { DeadlinesResult } from '../../flows/deadlines/list-deadlines.ts';
import { count, familiar } from '../familiar.ts';
import { type Palette, palette } from '../palette.ts';
import { span } from '../span.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';
import { delaySentence } from './delay-sentence.ts';
import { findingsOf } from './findings-of.ts';
import { groupsOf } from './groups-of.ts';
import { nextStep } from './next-step.ts';
import { placeName } from './place-name.ts';

export type DeadlinesView = {
  readonly color: boolean;
  readonly width: number;
  /** Also what is not due, because there is no fix. */
  readonly verbose: boolean;
  /** Options of the run that commands need again, each behind a blank. */
  readonly again: string;
  /** The current folder, absolute. */
  readonly folder: string;
};

/** What one update closes is one row, under the deadline that comes first; below it, whose turn it is and why. */
export function renderDeadlines(result: DeadlinesResult, view: DeadlinesView): string {
  const colors = palette(view.color);
  const shown = result.episodes.filter(({ state }) => view.verbose || state !== 'watching');
  const groups = groupsOf(shown);
  const heads = ['left', 'due (UTC)', 'findings', 'image', 'place', 'owner'];
  const [head, ...rows] = table([heads, ...groups.map((group) => cells(group, view, colors))]);
  const lines = rows.flatMap((row, at) => {
    const [first] = groups[at] ?? [];
    return first === undefined ? [row] : [row, ...told(first, view, colors)];
  });
  return `${[...(shown.length === 0 ? [] : [colors.faint(head ?? ''), ...lines, '']), ...footer(result, view, colors)].join('\n')}\n`;
}

function told(first: EpisodeResult, { width, again }: DeadlinesView, colors: Palette): readonly string[] {
  const next = nextStep(first, again);
  return [
    colors.faint(wrap(short(delaySentence(first), 400), width, '    ')),
    ...(next === undefined ? [] : [wrap(`→ ${short(next, 400)}`, width, '    ')]),
  ];
}

function cells(group: readonly EpisodeResult[], { folder }: DeadlinesView, colors: Palette): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { stage, image, owner, team, dueAt } = first;
  const named = stage === '' || /^\d+$/.test(stage) ? '' : ` (${stage})`;
  return [
    timeLeft(first, colors),
    dueAt === null ? '–' : dueAt.slice(0, 16).replace('T', ' '),
    findingsOf(group),
    familiar(image),
    short(`${placeName(first, folder)}${named}`, 80),
    short([owner, team].filter((name) => name !== null).join(', ') || '–', 40),
  ];
}

function timeLeft({ leftMs, dueIn, state, pause }: EpisodeResult, colors: Palette): string {
  if (leftMs === null) return dueIn === 'next-release' ? 'next release' : 'not due';
  if (state === 'late') return colors.verdict('fail', `late by ${span(Math.max(0, -leftMs))}`);
  return pause === null
    ? colors.verdict(leftMs < 86_400_000 ? 'warn' : 'pass', span(leftMs))
    : `${span(leftMs)}, paused`;
}

function footer(result: DeadlinesResult, { verbose }: DeadlinesView, colors: Palette): readonly string[] {
  const { open, late, watching, policy } = result;
  if (open === 0) return ['No finding is open. basekeeper monitor --scan follows those of what ships.'];
  const unfixed = watching === 0 ? '' : `, ${watching} without a fix${verbose ? '' : ' (--verbose lists them)'}`;
  const lateness = late === 0 ? 'none late' : colors.verdict('fail', `${late} late`);
  return [
    colors.strong(`${count(open, 'finding')} open: ${lateness}${unfixed}`),
    colors.faint(`Counted by ${policy} (CRITICAL/HIGH/MEDIUM/LOW), at ${result.now}.`),
  ];
}
