import type { EpisodeEventKind, EpisodeSubject } from '../../domain/deadline/episode.ts';
import type { LedgerTables } from './ledger-tables.ts';

/** A subject as the ledger writes it. */
export function columnsOf({ id, sourcePackage, repository, path, stage, platform, image }: EpisodeSubject) {
  return { repository, path, stage, platform, image, vulnerability: id, source_package: sourcePackage };
}

/** The same, read again. */
export function subjectOf({
  repository,
  path,
  stage,
  platform,
  image,
  vulnerability,
  source_package,
}: Pick<LedgerTables['episodes'], keyof ReturnType<typeof columnsOf>>): EpisodeSubject {
  return { repository, path, stage, platform, image, id: vulnerability, sourcePackage: source_package };
}

/** Only `recordEpisodes` writes the column, from this very type. */
export function parseWhat(text: string): EpisodeEventKind {
  return JSON.parse(text) as EpisodeEventKind;
}
