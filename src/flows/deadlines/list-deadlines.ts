import type { DeadlineSettings } from '../../domain/deadline/deadline-settings.ts';
import type { Episode } from '../../domain/deadline/episode.ts';
import { episodeStanding } from '../../domain/deadline/episode-standing.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { EpisodeHistory } from '../../ports/episode-log.ts';
import { type EpisodeResult, episodeResult, type RepositoryOwner } from './episode-result.ts';

/** What is due, by when and whose turn it is: field for field the JSON of `deadlines`. */
export type DeadlinesResult = {
  readonly schemaVersion: 1;
  readonly now: string;
  /** By which the open ones are counted. */
  readonly policy: string;
  readonly open: number;
  readonly late: number;
  /** Without a fix: nothing is due. */
  readonly watching: number;
  /** The least time left first, then what is due in a release, then what is not due. */
  readonly episodes: readonly EpisodeResult[];
};

export type DeadlinesRequest = {
  readonly settings: DeadlineSettings;
  readonly now: Instant;
  /** Who answers for which repository: no others are told of. Absent: all that were ever followed. */
  readonly owners?: ReadonlyMap<string, RepositoryOwner>;
};

/** @param history absent: nothing was followed yet. */
export async function listDeadlines(
  history: Pick<EpisodeHistory, 'list'> | undefined,
  { settings, now, owners }: DeadlinesRequest,
): Promise<DeadlinesResult> {
  // None was closed later than ever.
  const listing = await history?.list(Number.MAX_SAFE_INTEGER);
  const episodes = openResults(listing?.open ?? [], { settings, now, ...(owners === undefined ? {} : { owners }) });
  return {
    schemaVersion: 1,
    now: formatInstant(now),
    policy: settings.version,
    open: episodes.length,
    late: episodes.filter(({ state }) => state === 'late').length,
    watching: episodes.filter(({ state }) => state === 'watching').length,
    episodes: episodes.toSorted(byTimeLeft),
  };
}

export function openResults(
  open: readonly Episode[],
  { settings, now, owners }: DeadlinesRequest,
): readonly EpisodeResult[] {
  return open.flatMap((episode) => {
    const { subject, number } = episode;
    if (owners?.has(subject.repository) === false) return [];
    const standing = episodeStanding(episode, settings, now);
    return [episodeResult({ subject, number, standing }, owners?.get(subject.repository) ?? {}, now)];
  });
}

const orderOfDue = ['time', 'next-release', 'nothing'] as const;

function byTimeLeft(a: EpisodeResult, b: EpisodeResult): number {
  return (
    (a.leftMs ?? Number.POSITIVE_INFINITY) - (b.leftMs ?? Number.POSITIVE_INFINITY) ||
    orderOfDue.indexOf(a.dueIn) - orderOfDue.indexOf(b.dueIn) ||
    0
  );
}
