import { fixOutcomeOf } from '../../domain/deadline/metrics.ts';
import type { EpisodeResult } from '../../flows/deadlines/episode-result.ts';
import { type PatchReport, reportedEpisode } from '../../flows/deadlines/report-patching.ts';
import { visible } from '../visible.ts';

const columns: readonly (readonly [
  name: string,
  of: (episode: EpisodeResult) => string | number | boolean | null | undefined,
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
  ['proposal', ({ proposal }) => proposal?.url],
  ['failed_checks', ({ proposal }) => proposal?.failedChecks.join(' ')],
  ['start_at', ({ startAt }) => startAt],
  ['due_at', ({ dueAt }) => dueAt],
  ['late_ms', ({ lateMs }) => lateMs],
  ['waiver', ({ pause }) => pause?.waiver?.id],
  ['waived_until', ({ pause }) => (pause?.reason === 'waived' ? pause.until : undefined)],
  ['waiver_approved_by', ({ pause }) => pause?.waiver?.approvedBy],
  ['waiver_approval', ({ pause }) => pause?.waiver?.approval?.proof],
  ['waiver_approval_by', ({ pause }) => pause?.waiver?.approval?.words],
  ['paused_ms', ({ pausedMs }) => pausedMs],
  ['supplier_ms', ({ supplierMs }) => supplierMs],
  ['ours_ms', ({ oursMs }) => oursMs],
  ['detected_at', ({ milestones }) => milestones.detectedAt],
  ['fix_at', ({ milestones }) => milestones.fixAt],
  ['base_at', ({ milestones }) => milestones.baseAt],
  ['proposed_at', ({ milestones }) => milestones.proposedAt],
  ['merged_at', ({ milestones }) => milestones.mergedAt],
  ['rebuild_asked_at', ({ milestones }) => milestones.rebuildAskedAt],
  ['released_at', ({ milestones }) => milestones.releasedAt],
  ['closed_at', ({ closed }) => closed?.at],
  ['closed_because', ({ closed }) => closed?.because],
  ['closed_source', ({ closed }) => closed?.source],
  ['missed_releases', ({ missedReleases }) => missedReleases.join(' ')],
];

/** One line per episode, RFC 4180, which knows no comments: the head of the audit chain stands in each. */
export function* patchCsv(report: PatchReport): Generator<string> {
  const { followed, audit } = report;
  const now = Date.parse(report.now);
  yield `${[...columns.map(([name]) => name), 'in_time_from_fix', 'row', 'audit_head'].join(',')}\r\n`;
  let row = 0;
  for (const one of followed) {
    const episode = reportedEpisode(report, one);
    // One flat text: to add piece by piece costs a third of the whole, when it is written.
    const cells = columns.map(([, of]) => csvCell(of(episode)));
    const fix = fixOutcomeOf(one.standing, now, report.settings);
    cells.push(fix === undefined ? '' : String(fix === 'closedInTime'), String(++row), audit.head);
    yield `${cells.join(',')}\r\n`;
  }
}

/** Nothing to quote, to escape or to calculate: nearly all cells. */
const plain = /^\w[\w:/. -]*$/;

export function csvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  if (plain.test(value)) return value;
  const text = visible(value);
  // A spreadsheet would calculate what begins so, and names come from repositories.
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
