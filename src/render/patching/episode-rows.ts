import type { ReportedEpisode } from '../../flows/deadlines/report-patching.ts';
import { delaySentence } from '../deadlines/delay-sentence.ts';
import { familiar } from '../familiar.ts';
import { span } from '../span.ts';
import { short } from '../visible.ts';

export const episodeHeads = [
  'Finding',
  'Severity',
  'Where',
  'Who',
  'Due',
  'How it stands',
  'Whose delay',
  'Supplier’s time',
  'Our time',
] as const;

/** Beneath `episodeHeads`, in words. */
export function episodeCells(episode: ReportedEpisode): readonly string[] {
  const { id, sourcePackage, severity, image, repository, path, owner, team, dueAt, dueIn, supplierMs, oursMs } =
    episode;
  return [
    short(`${id} ${sourcePackage}`, 90),
    severity.toUpperCase(),
    short(`${familiar(image)} in ${repository} ${path}`, 200),
    short([owner, team].filter((name) => name !== null).join(', ') || '–', 60),
    dueAt === null ? (dueIn === 'next-release' ? 'next release' : '–') : day(dueAt),
    outcome(episode),
    whose(episode),
    supplierMs === null ? '–' : span(supplierMs),
    oursMs === null ? '–' : span(oursMs),
  ];
}

function outcome({ closed, lateMs, state, pause, isInTime }: ReportedEpisode): string {
  if (closed !== null) {
    const how = { released: 'released', 'use-removed': 'use removed', 'not-applicable': 'not affected' }[
      closed.because
    ];
    const source = closed.source === null ? '' : ` by ${short(closed.source, 100)}`;
    return `${how} ${day(closed.at)}${source}${lateMs === null ? (isInTime === true ? ', in time' : '') : `, late by ${span(lateMs)}`}`;
  }
  if (state === 'late') return `open, late by ${span(lateMs ?? 0)}`;
  return pause === null ? 'open' : `open, paused until ${day(pause.until)}`;
}

function whose(episode: ReportedEpisode): string {
  const { fault, delay } = episode;
  const missed = fault === null ? '' : fault === 'supplier' ? 'the supplier’s' : 'ours';
  return [missed, delay === null ? '' : `now ${short(delaySentence(episode), 300)}`]
    .filter((part) => part !== '')
    .join('; ');
}

export function day(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
