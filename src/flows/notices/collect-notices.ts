import type { DeadlineSettings } from '../../domain/deadline/deadline-settings.ts';
import { automationNotices, type LastCycles } from '../../domain/notice/automation-notices.ts';
import { type NoticeSettings, teamOf } from '../../domain/notice/channel.ts';
import { type CodeOwners, ownersOf } from '../../domain/notice/code-owners.ts';
import { episodeNotices } from '../../domain/notice/episode-notices.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { EpisodeHistory } from '../../ports/episode-log.ts';
import type { RepositoryOwner } from '../deadlines/episode-result.ts';
import type { NoticeProblem } from './notify-result.ts';

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
  const open = (await history?.list(Number.MAX_SAFE_INTEGER))?.open ?? [];
  const due = open.flatMap((episode) =>
    owners.has(episode.subject.repository) ? episodeNotices(episode, settings, now) : [],
  );
  const byTeam = new Map<string, Notice[]>([['others', automationNotices(lastCycles, now).slice()]]);
  const problems: NoticeProblem[] = [];
  for (const [repository, notices] of Map.groupBy(due, ({ subject }) => subject.repository)) {
    const { team, owner } = owners.get(repository) ?? {};
    const named = teamOf(
      notify,
      [team, owner].filter((name) => name !== undefined),
    );
    const reading = named === 'others' && notify.teams.size > 0 ? await readOwners(repository) : undefined;
    if (reading?.kind === 'failed') problems.push({ repository, message: reading.message });
    for (const notice of notices) {
      const whose =
        reading?.kind === 'owners' ? teamOf(notify, ownersOf(reading.codeOwners, notice.subject.path)) : named;
      const same = byTeam.get(whose);
      if (same === undefined) byTeam.set(whose, [notice]);
      else same.push(notice);
    }
  }
  return { byTeam, problems };
}
