import { auditStart } from '../../domain/audit/audit-chain.ts';
import type { StandingEpisode } from '../../domain/deadline/closed-episode.ts';
import type { RatedSeverity } from '../../domain/deadline/deadline-settings.ts';
import { episodeStanding } from '../../domain/deadline/episode-standing.ts';
import {
  type Fault,
  faultOf,
  type PatchMetrics,
  patchMetrics,
  ratedSeverities,
} from '../../domain/deadline/metrics.ts';
import { trendOf } from '../../domain/deadline/trend.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { EpisodeAudit, EpisodeHistory } from '../../ports/episode-log.ts';
import { type EpisodeResult, episodeResult } from './episode-result.ts';
import type { DeadlinesRequest } from './list-deadlines.ts';

/** How patching went: field for field the JSON of `report`. Instants are ISO 8601 in UTC, spans milliseconds. */
export type PatchReport = {
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
  /** All that the numbers are taken of: open ones, then closed ones by their end, newest first. */
  readonly episodes: readonly ReportedEpisode[];
};

export type ReportedEpisode = EpisodeResult & { readonly fault: Fault | null };
export type WaivedEpisode = { readonly episode: ReportedEpisode; readonly ageMs: number };
export type TimeLeft = 'late' | 'a day' | 'a week' | 'a month' | 'more' | 'next release' | 'not due';

const dayMs = 86_400_000;

export async function reportPatching(
  history: (Pick<EpisodeHistory, 'list'> & Pick<EpisodeAudit, 'auditHead'>) | undefined,
  { settings, now, since, owners }: DeadlinesRequest & { readonly since: Instant },
): Promise<PatchReport> {
  const { open, closed } = (await history?.list(since)) ?? { open: [], closed: [] };
  // Taken afterwards: it holds for all that was listed.
  const { sequence: events, hash: head } = (await history?.auditHead()) ?? auditStart;
  const isMeant = ({ subject }: Pick<StandingEpisode, 'subject'>) => owners?.has(subject.repository) !== false;
  const standing = [
    ...open.filter(isMeant).map(
      (episode): StandingEpisode => ({
        subject: episode.subject,
        number: episode.number,
        standing: episodeStanding(episode, settings, now),
      }),
    ),
    // A report of an earlier day does not know what came after it.
    ...closed.filter((one) => isMeant(one) && (one.standing.closed?.at ?? 0) <= now).toReversed(),
  ];
  const told = standing.map((one) => ({
    one,
    episode: {
      ...episodeResult(one, owners?.get(one.subject.repository) ?? {}, now),
      fault: faultOf(one.standing) ?? null,
    },
  }));
  const ofSeverity = Map.groupBy(standing, (one) => one.standing.severity);
  const ofOwner = Map.groupBy(told, ({ episode }) => ownerOf(episode));
  return {
    ...{ schemaVersion: 1, now: formatInstant(now), since: formatInstant(since), policy: settings.version },
    audit: { events, head },
    total: patchMetrics(standing, now),
    // Every severity is there.
    bySeverity: Object.fromEntries(
      ratedSeverities.map((severity) => [severity, patchMetrics(ofSeverity.get(severity) ?? [], now)]),
    ) as PatchReport['bySeverity'],
    byOwner: [...ofOwner]
      .map(([owner, own]) => ({
        owner,
        ...patchMetrics(
          own.map(({ one }) => one),
          now,
        ),
      }))
      .toSorted((a, b) => b.openLate + b.closedLate - a.openLate - a.closedLate),
    openByTimeLeft: countLeft(told.map(({ episode }) => episode)),
    waived: told.flatMap(({ one, episode }) => {
      const { pause } = one.standing;
      return pause?.reason === 'waived' ? [{ episode, ageMs: now - pause.from }] : [];
    }),
    trend: trendOf(standing, since, now).map(({ from, until: _, ...counts }) => ({
      from: formatInstant(from),
      ...counts,
    })),
    episodes: told.map(({ episode }) => episode),
  };
}

/** Who answers for it; the repository itself where nobody is named. */
function ownerOf({ owner, team, repository }: EpisodeResult): string {
  return [owner, team].filter((name) => name !== null).join(', ') || repository;
}

const timesLeft: readonly TimeLeft[] = ['late', 'a day', 'a week', 'a month', 'more', 'next release', 'not due'];

function countLeft(episodes: readonly EpisodeResult[]): PatchReport['openByTimeLeft'] {
  const groups = Map.groupBy(
    episodes.filter(({ closed }) => closed === null),
    leftOf,
  );
  return timesLeft.map((left) => ({ left, episodes: groups.get(left)?.length ?? 0 }));
}

function leftOf({ state, leftMs, dueIn }: EpisodeResult): TimeLeft {
  if (state === 'late') return 'late';
  if (leftMs === null) return dueIn === 'next-release' ? 'next release' : 'not due';
  if (leftMs <= dayMs) return 'a day';
  if (leftMs <= 7 * dayMs) return 'a week';
  return leftMs <= 30 * dayMs ? 'a month' : 'more';
}
