import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
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
  'Missed by',
  'Now',
  'Supplier’s time',
  'Our time',
] as const;

/** Beneath `episodeHeads`, in words. */
export function episodeCells(episode: EpisodeResult): readonly string[] {
  const { id, sourcePackage, severity, image, repository, path, owner, team, dueAt, dueIn, supplierMs, oursMs } =
    episode;
  return [
    short(`${id} ${sourcePackage}`, 90),
    severity.toUpperCase(),
    short(`${familiar(image)} in ${repository} ${path}`, 200),
    short([owner, team].filter((name) => name !== null).join(', ') || '–', 60),
    dueAt === null ? (dueIn === 'next-release' ? 'next release' : '–') : day(dueAt),
    outcome(episode),
    missedBy(episode.fault),
    episode.delay === null ? '' : short(delaySentence(episode), 300),
    supplierMs === null ? '–' : span(supplierMs),
    oursMs === null ? '–' : span(oursMs),
  ];
}

function outcome({ closed, lateMs, state, pause, isInTime }: EpisodeResult): string {
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

/** Whose delay a missed deadline was; empty for one in time. */
function missedBy(fault: EpisodeResult['fault']): string {
  return fault === null ? '' : faultNames[fault];
}

export const faultNames = { supplier: 'supplier', ours: 'us' } as const;

export function day(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
