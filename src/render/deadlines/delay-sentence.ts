import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import { span } from '../span.ts';
import { approvalWords } from './approval-words.ts';
import { lastDay } from './last-day.ts';

/** Whose turn it is and why, and how long each side has taken so far. */
export function delaySentence(episode: EpisodeResult): string {
  const { delay, pause, supplierMs, oursMs, milestones, missedReleases } = episode;
  if (delay === null) return '';
  const since = (at: string | undefined) => (at === undefined ? '' : ` since ${at.slice(0, 10)}`);
  const said = {
    'no-fix': 'supplier: no version without it is known',
    waived: `waived until ${pause === null ? '' : lastDay(pause.until)}${waivedBy(pause)}`,
    'awaiting-base': `supplier: a fix is out${since(milestones.fixAt)}, no base in the line has it`,
    'not-proposed': `ours: a patched base is there${since(milestones.baseAt)}, nothing proposes it`,
    'proposal-open': `ours: ${proposalWords(episode)}`,
    'not-released': `ours: mended on the branch${since(milestones.mergedAt)}, ${rebuildWords(episode)}not released`,
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

/** `proposal open #12 since 2026-11-20, checks red: test`. */
function proposalWords({ proposal }: EpisodeResult): string {
  if (proposal === null) return '';
  const { id, url, since, checks, failedChecks } = proposal;
  const named = /^\d+$/.test(id) ? `#${id}` : url;
  const state = {
    pass: 'checks green, not merged',
    hold: 'checks are running or ask for people',
    fail: `checks red: ${failedChecks.join(', ')}`,
    none: 'not merged',
  }[checks ?? 'none'];
  return `proposal open ${named} since ${since.slice(0, 10)}, ${state}`;
}

/** When the release was asked for; the next step tells where. */
function rebuildWords({ rebuild }: EpisodeResult): string {
  return rebuild === null ? '' : `rebuild asked for ${rebuild.since.slice(0, 10)}, `;
}

function waivedBy(pause: EpisodeResult['pause']): string {
  const waiver = pause?.waiver;
  if (waiver === undefined || waiver === null) return '';
  return ` by ${waiver.id}, approved by ${waiver.approvedBy} (${approvalWords(waiver)})`;
}
