import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import { span } from '../span.ts';
import { lastDay } from './last-day.ts';

/** Whose turn it is and why, and how long each side has taken so far. */
export function delaySentence({ delay, pause, supplierMs, oursMs, milestones, missedReleases }: EpisodeResult): string {
  if (delay === null) return '';
  const since = (at: string | undefined) => (at === undefined ? '' : ` since ${at.slice(0, 10)}`);
  const said = {
    'no-fix': 'supplier: no version without it is known',
    waived: `waived until ${pause === null ? '' : lastDay(pause.until)}${waivedBy(pause)}`,
    'awaiting-base': `supplier: a fix is out${since(milestones.fixAt)}, no base in the line has it`,
    'not-proposed': `ours: a patched base is there${since(milestones.baseAt)}, nothing proposes it`,
    'proposal-open': `ours: an update is proposed${since(milestones.proposedAt)}, not merged`,
    'not-released': `ours: mended on the branch${since(milestones.mergedAt)}, not released`,
  }[delay.reason];
  const lags = [
    supplierMs === null || supplierMs === 0 ? '' : `supplier took ${span(supplierMs)}`,
    oursMs === null || oursMs === 0 ? '' : `we ${span(oursMs)}`,
    missedReleases.length === 0 ? '' : `missed in ${missedReleases.join(', ')}`,
    pause?.reason === 'awaiting-base'
      ? `the time stands still until ${pause.until.slice(0, 16).replace('T', ' ')}`
      : '',
  ].filter((words) => words !== '');
  return [said, ...lags].join('; ');
}

function waivedBy(pause: EpisodeResult['pause']): string {
  const waiver = pause?.waiver;
  return waiver === undefined || waiver === null ? '' : ` by ${waiver.id}, approved by ${waiver.approvedBy}`;
}
