import type { PatchReport, ReportedEpisode } from '../../flows/deadlines/report-patching.ts';
import { visible } from '../visible.ts';

const columns: readonly (readonly [
  name: string,
  of: (episode: ReportedEpisode) => string | number | boolean | null | undefined,
])[] = [
  ['repository', ({ repository }) => repository],
  ['owner', ({ owner }) => owner],
  ['team', ({ team }) => team],
  ['path', ({ path }) => path],
  ['stage', ({ stage }) => stage],
  ['platform', ({ platform }) => platform],
  ['image', ({ image }) => image],
  ['vulnerability', ({ id }) => id],
  ['source_package', ({ sourcePackage }) => sourcePackage],
  ['episode', ({ number }) => number],
  ['severity', ({ severity }) => severity],
  ['state', ({ state }) => state],
  ['in_time', ({ isInTime }) => isInTime],
  ['fault', ({ fault }) => fault],
  ['delay', ({ delay }) => delay?.reason],
  ['start_at', ({ startAt }) => startAt],
  ['due_at', ({ dueAt }) => dueAt],
  ['late_ms', ({ lateMs }) => lateMs],
  ['waiver', ({ pause }) => pause?.waiver?.id],
  ['waived_until', ({ pause }) => (pause?.reason === 'waived' ? pause.until : undefined)],
  ['paused_ms', ({ pausedMs }) => pausedMs],
  ['supplier_ms', ({ supplierMs }) => supplierMs],
  ['ours_ms', ({ oursMs }) => oursMs],
  ['detected_at', ({ milestones }) => milestones.detectedAt],
  ['fix_at', ({ milestones }) => milestones.fixAt],
  ['base_at', ({ milestones }) => milestones.baseAt],
  ['proposed_at', ({ milestones }) => milestones.proposedAt],
  ['merged_at', ({ milestones }) => milestones.mergedAt],
  ['released_at', ({ milestones }) => milestones.releasedAt],
  ['closed_at', ({ closed }) => closed?.at],
  ['closed_because', ({ closed }) => closed?.because],
  ['closed_source', ({ closed }) => closed?.source],
  ['missed_releases', ({ missedReleases }) => missedReleases.join(' ')],
];

/** One line per episode, RFC 4180. */
export function patchCsv({ episodes }: PatchReport): string {
  const lines = episodes.map((episode) => columns.map(([, of]) => cell(of(episode))).join(','));
  return [columns.map(([name]) => name).join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = visible(String(value));
  // A spreadsheet would calculate what begins so, and names come from repositories.
  const harmless = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
