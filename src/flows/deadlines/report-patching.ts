import { auditStart } from '../../domain/audit/audit-chain.ts';
import type { StandingEpisode } from '../../domain/deadline/closed-episode.ts';
import type { DeadlineSettings, RatedSeverity } from '../../domain/deadline/deadline-settings.ts';
import { type EpisodeStanding, episodeStanding } from '../../domain/deadline/episode-standing.ts';
import { groupedMetrics, type PatchMetrics, patchMetrics, ratedSeverities } from '../../domain/deadline/metrics.ts';
import { stretchesOf, trendOf } from '../../domain/deadline/trend.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { ComplianceHistory } from '../../ports/compliance-log.ts';
import type { EpisodeAudit, EpisodeHistory } from '../../ports/episode-log.ts';
import { type ComplianceReport, reportCompliance, type WaiverAge } from '../compliance/report-compliance.ts';
import { type EpisodeResult, episodeResult, type RepositoryOwner } from './episode-result.ts';
import type { DeadlinesRequest } from './list-deadlines.ts';

/** How patching went, in numbers: field for field the JSON of `report`. Instants are ISO 8601 in UTC, spans milliseconds. */
export type PatchNumbers = {
  readonly schemaVersion: 1;
  readonly now: string;
  readonly since: string;
  /** By which open ones are counted; closed ones keep the numbers of their day. */
  readonly policy: string;
  /** Of the chain of all events, those that no number is taken of included: what `audit verify --head` holds an export against. */
  readonly audit: { readonly events: number; readonly head: string };
  readonly total: PatchMetrics;
  readonly bySeverity: Readonly<Record<RatedSeverity, PatchMetrics>>;
  /** Worst first: most late ones. */
  readonly byOwner: readonly (PatchMetrics & { readonly owner: string })[];
  readonly openByTimeLeft: readonly { readonly left: TimeLeft; readonly episodes: number }[];
  readonly waived: readonly WaivedEpisode[];
  readonly trend: readonly {
    readonly from: string;
    readonly closedInTime: number;
    readonly closedLate: number;
    readonly breached: number;
  }[];
  /** How image uses stand by the policy, with all that the numbers are of. */
  readonly compliance: Omit<ComplianceReport, 'waivers'>;
  /** Of the policies that hold, oldest first, those that cover nothing included. */
  readonly waivers: readonly ReportedWaiver[];
};

/** `episodes`: open ones, by row, whose clock it stops. */
export type ReportedWaiver = WaiverAge & { readonly episodes: readonly number[] };

/**
 * With what they are taken of. Of a long time these are many: `reportedEpisode` makes one ready to print. Its row, by which figures
 * name it, is its place among them, from 1.
 */
export type PatchReport = PatchNumbers & {
  /** Open ones, then closed ones by their end, newest first. */
  readonly followed: readonly StandingEpisode[];
  readonly owners: ReadonlyMap<string, RepositoryOwner>;
  readonly settings: DeadlineSettings;
};

export type WaivedEpisode = { readonly episode: EpisodeResult; readonly ageMs: number };
export type TimeLeft = 'late' | 'a day' | 'a week' | 'a month' | 'more' | 'next release' | 'not due';

const dayMs = 86_400_000;
const ownerMark = 'owner ';

export async function reportPatching(
  history: (Pick<EpisodeHistory, 'list'> & Pick<EpisodeAudit, 'auditHead'>) | undefined,
  { settings, now, since, owners }: DeadlinesRequest & { readonly since: Instant },
  looks?: ComplianceHistory,
): Promise<PatchReport> {
  const { open, closed } = (await history?.list(since)) ?? { open: [], closed: [] };
  // Taken afterwards: it holds for all that was listed.
  const { sequence: events, hash: head } = (await history?.auditHead()) ?? auditStart;
  const isMeant = ({ subject }: Pick<StandingEpisode, 'subject'>) => owners?.has(subject.repository) !== false;
  const standing = open.filter(isMeant).map(
    (episode): StandingEpisode => ({
      subject: episode.subject,
      number: episode.number,
      standing: episodeStanding(episode, settings, now),
    }),
  );
  const ended = closed.filter((one) => isMeant(one) && isOver(one.standing, now));
  const followed = [...standing, ...ended.toReversed()];
  const told = { now: formatInstant(now), owners: owners ?? new Map<string, RepositoryOwner>() };
  const { waivers, ...compliance } = await reportCompliance(looks, {
    ...{ since, now, ends: stretchesOf(since, now).map(({ until }) => until) },
    ...(owners === undefined ? {} : { owners }),
    ownerOf: (repository) => ownerOf({ repository }, told.owners),
  });
  // Severities, and owners behind a mark that no severity has.
  const groupNames = new Map<string, string>();
  const ownerGroup = (subject: StandingEpisode['subject']) => {
    const known = groupNames.get(subject.repository);
    if (known !== undefined) return known;
    const name = `${ownerMark}${ownerOf(subject, told.owners)}`;
    groupNames.set(subject.repository, name);
    return name;
  };
  const { total, groups } = groupedMetrics(followed, now, settings, ({ subject, standing: { severity } }) => [
    severity,
    ownerGroup(subject),
  ]);
  const none = patchMetrics([], now, settings);
  return {
    ...{ schemaVersion: 1, now: told.now, since: formatInstant(since), policy: settings.version },
    audit: { events, head },
    total,
    // Every severity is there.
    bySeverity: Object.fromEntries(
      ratedSeverities.map((severity) => [severity, groups.get(severity) ?? none]),
    ) as PatchReport['bySeverity'],
    byOwner: [...groups]
      .filter(([group]) => group.startsWith(ownerMark))
      .map(([group, metrics]) => ({ owner: group.slice(ownerMark.length), ...metrics }))
      .toSorted((a, b) => b.openLate + b.closedLate - a.openLate - a.closedLate),
    openByTimeLeft: countLeft(standing, now),
    waived: standing.flatMap((one) => {
      const { pause } = one.standing;
      return pause?.reason === 'waived' ? [{ episode: reportedEpisode(told, one), ageMs: now - pause.from }] : [];
    }),
    trend: trendOf(followed, since, now).map(({ from, until: _, ...counts }) => ({
      from: formatInstant(from),
      ...counts,
    })),
    compliance,
    waivers: waivers.map((waiver) => ({ ...waiver, episodes: stoppedBy(waiver, standing) })),
    ...{ followed, owners: told.owners, settings },
  };
}

/** @param open the first of all that are reported. */
function stoppedBy({ id, repositories }: WaiverAge, open: readonly StandingEpisode[]): readonly number[] {
  const named = new Set(repositories);
  return open.flatMap(({ subject, standing }, at) =>
    standing.pause?.waiver?.id === id && named.has(subject.repository) ? [at + 1] : [],
  );
}

/** A report of an earlier day does not know what came after it. One whose stage was renamed is told of as the one that goes on. */
function isOver({ closed }: EpisodeStanding, now: Instant): boolean {
  return closed !== undefined && closed.at <= now && closed.because !== 'renamed';
}

export function reportedEpisode(
  { now, owners }: Pick<PatchReport, 'now' | 'owners'>,
  one: StandingEpisode,
): EpisodeResult {
  return episodeResult(one, owners.get(one.subject.repository) ?? {}, Date.parse(now));
}

/** Who answers for it; the repository itself where nobody is named. */
export function ownerOf(
  { repository }: Pick<StandingEpisode['subject'], 'repository'>,
  owners: ReadonlyMap<string, RepositoryOwner>,
): string {
  const { owner, team } = owners.get(repository) ?? {};
  return [owner, team].filter((name) => name !== undefined).join(', ') || repository;
}

const timesLeft: readonly TimeLeft[] = ['late', 'a day', 'a week', 'a month', 'more', 'next release', 'not due'];

function countLeft(open: readonly StandingEpisode[], now: Instant): PatchReport['openByTimeLeft'] {
  const groups = Map.groupBy(open, ({ standing }) => leftOf(standing, now));
  return timesLeft.map((left) => ({ left, episodes: groups.get(left)?.length ?? 0 }));
}

export function leftOf({ state, dueAt, dueIn }: EpisodeStanding, now: Instant): TimeLeft {
  if (state === 'late') return 'late';
  if (dueAt === undefined) return dueIn === 'next-release' ? 'next release' : 'not due';
  const leftMs = dueAt - now;
  if (leftMs <= dayMs) return 'a day';
  if (leftMs <= 7 * dayMs) return 'a week';
  return leftMs <= 30 * dayMs ? 'a month' : 'more';
}
