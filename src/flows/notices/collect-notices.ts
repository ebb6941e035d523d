import type { DeadlineSettings } from '../../domain/deadline/deadline-settings.ts';
import { automationNotices, type LastCycles } from '../../domain/notice/automation-notices.ts';
import { hasIssues, type NoticeSettings, teamOf } from '../../domain/notice/channel.ts';
import { type CodeOwners, ownersOf } from '../../domain/notice/code-owners.ts';
import { episodeNotices } from '../../domain/notice/episode-notices.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { EpisodeHistory } from '../../ports/episode-log.ts';
import type { RepositoryOwner } from '../deadlines/episode-result.ts';
import { listDeadlines } from '../deadlines/list-deadlines.ts';
import type { NoticeProblem } from './notify-result.ts';
import { type Standings, standingsOf } from './team-standing.ts';

export type NoticesRequest = {
  readonly notify: NoticeSettings;
  readonly settings: DeadlineSettings;
  readonly now: Instant;
  /** Of the fleet file: no other repositories are told of. */
  readonly owners: ReadonlyMap<string, RepositoryOwner>;
  readonly lastCycles: LastCycles;
};

export type CollectedNotices = {
  readonly byTeam: ReadonlyMap<string, readonly Notice[]>;
  readonly problems: readonly NoticeProblem[];
  /** Where somebody is told by an issue. */
  readonly standings?: Standings;
};

/** Why somebody's CODEOWNERS could not be read. */
export type OwnersReading =
  | { readonly kind: 'owners'; readonly codeOwners: CodeOwners }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * What is due, by the team that has to know.
 *
 * @param history absent: nothing was followed yet.
 * @param readOwners is asked once for a repository, and only where the fleet file names nobody with channels.
 */
export async function collectNotices(
  history: Pick<EpisodeHistory, 'list'> | undefined,
  readOwners: (repository: string) => Promise<OwnersReading>,
  { notify, settings, now, owners, lastCycles }: NoticesRequest,
): Promise<CollectedNotices> {
  // None was closed later than ever.
  const listing = await history?.list(Number.MAX_SAFE_INTEGER);
  const due = (listing?.open ?? []).flatMap((episode) =>
    owners.has(episode.subject.repository) ? episodeNotices(episode, settings, now) : [],
  );
  const listed = listing === undefined ? undefined : { list: async () => listing };
  const deadlines = hasIssues(notify) ? await listDeadlines(listed, { settings, now, owners }) : undefined;
  const meant = [...due.map(({ subject }) => subject), ...(deadlines?.episodes ?? [])];
  const { whose, problems } = await findTeams(new Set(meant.map(({ repository }) => repository)), readOwners, {
    notify,
    owners,
  });
  const byTeam = new Map<string, Notice[]>([['others', automationNotices(lastCycles, now).slice()]]);
  for (const notice of due) {
    const team = whose(notice.subject.repository, notice.subject.path);
    const same = byTeam.get(team);
    if (same === undefined) byTeam.set(team, [notice]);
    else same.push(notice);
  }
  if (deadlines === undefined) return { byTeam, problems };
  const { scannedAt } = lastCycles;
  const unread = problems.map(({ repository }) => repository);
  const more = { isKnown: listing !== undefined, unread, ...(scannedAt === undefined ? {} : { scannedAt }) };
  return { byTeam, problems, standings: standingsOf(deadlines, whose, more) };
}

/** Whose what is, asked for each repository once. */
async function findTeams(
  repositories: ReadonlySet<string>,
  readOwners: (repository: string) => Promise<OwnersReading>,
  { notify, owners }: Pick<NoticesRequest, 'notify' | 'owners'>,
) {
  const [named, read] = [new Map<string, string>(), new Map<string, CodeOwners>()];
  const problems: NoticeProblem[] = [];
  for (const repository of repositories) {
    const { team, owner } = owners.get(repository) ?? {};
    const names = [team, owner].filter((name) => name !== undefined);
    const found = teamOf(notify, names);
    named.set(repository, found);
    if (found !== 'others' || notify.teams.size === 0) continue;
    const reading = await readOwners(repository);
    if (reading.kind === 'owners') read.set(repository, reading.codeOwners);
    else problems.push({ repository, message: reading.message });
  }
  const whose = (repository: string, path: string): string => {
    const codeOwners = read.get(repository);
    return codeOwners === undefined ? (named.get(repository) ?? 'others') : teamOf(notify, ownersOf(codeOwners, path));
  };
  return { whose, problems };
}
