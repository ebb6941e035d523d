import type { Instant } from '../../domain/source/instant.ts';
import type { EpisodeResult } from '../deadlines/episode-result.ts';
import type { DeadlinesResult } from '../deadlines/list-deadlines.ts';

/** How all stands that a team answers for. */
export type TeamStanding = {
  /** Otherwise nothing was followed yet, or the ledger is gone: then nothing of the team says that nothing is due. */
  readonly isKnown: boolean;
  /** As `deadlines` lists them. */
  readonly episodes: readonly EpisodeResult[];
  /** By which they are counted. */
  readonly policy: string;
  /** When a cycle was finished in which the scanner told anything. */
  readonly scannedAt?: Instant;
  /** Repositories of which nobody could tell whose they are: what the team has there may be missing. */
  readonly unread: readonly string[];
};

/** Standings by team. */
export type Standings = {
  readonly of: (team: string) => TeamStanding;
};

/** @param whose the team of what lies there */
export function standingsOf(
  { episodes, policy }: Pick<DeadlinesResult, 'episodes' | 'policy'>,
  whose: (repository: string, path: string) => string,
  more: Pick<TeamStanding, 'isKnown' | 'scannedAt' | 'unread'>,
): Standings {
  const byTeam = Map.groupBy(episodes, ({ repository, path }) => whose(repository, path));
  return { of: (team) => ({ episodes: byTeam.get(team) ?? [], policy, ...more }) };
}
