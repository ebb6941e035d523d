import type { Transaction } from 'kysely';
import { closedEpisode } from '../../domain/deadline/closed-episode.ts';
import {
  type EpisodeEvent,
  type EpisodeEventKind,
  type EpisodeSubject,
  episodeEventKey,
  type RecordedEvent,
  subjectKey,
} from '../../domain/deadline/episode.ts';
import type { LedgerTables } from './ledger-tables.ts';

type Ledger = Transaction<LedgerTables>;

/** Writes events within a transaction, and what is derived from them. What is there already stays as it is. */
export async function recordEpisodes(trx: Ledger, events: readonly RecordedEvent[]): Promise<void> {
  const groups = Map.groupBy(events, ({ subject, number }) => `${subjectKey(subject)} ${number}`);
  let next = (await newestId(trx)) + 1;
  for (const [first, ...others] of groups.values()) {
    if (first === undefined) continue;
    const found = await findEpisode(trx, first);
    const id = found ?? next++;
    if (found === undefined) await createEpisode(trx, id, first);
    await writeEvents(
      trx,
      { id, ...first },
      [first, ...others].map(({ event }) => event),
    );
  }
}

async function newestId(trx: Ledger): Promise<number> {
  const row = await trx
    .selectFrom('episodes')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst();
  return row?.id ?? 0;
}

async function findEpisode(trx: Ledger, { subject, number }: RecordedEvent): Promise<number | undefined> {
  let query = trx.selectFrom('episodes').select('id').where('number', '=', number);
  for (const [column, value] of Object.entries(columnsOf(subject)) as [keyof ReturnType<typeof columnsOf>, string][])
    query = query.where(column, '=', value);
  return (await query.executeTakeFirst())?.id;
}

async function createEpisode(trx: Ledger, id: number, { subject, number }: RecordedEvent): Promise<void> {
  await trx
    .insertInto('episodes')
    .values({ id, ...columnsOf(subject), number, closed_at: null, standing: null })
    .execute();
}

function columnsOf({ id, sourcePackage, repository, path, stage, platform, image }: EpisodeSubject) {
  return { repository, path, stage, platform, image, vulnerability: id, source_package: sourcePackage };
}

async function writeEvents(
  trx: Ledger,
  episode: { readonly id: number; readonly subject: EpisodeSubject; readonly number: number },
  events: readonly EpisodeEvent[],
): Promise<void> {
  const rows = await trx
    .selectFrom('episode_events')
    .select(['key', 'at', 'what'])
    .where('episode', '=', episode.id)
    .orderBy('position')
    .execute();
  const known = new Map(rows.map(({ key, at, what }) => [key, { at, what: parseWhat(what) }]));
  for (const event of events) {
    const key = episodeEventKey(event);
    if (known.has(key)) continue;
    const row = { episode: episode.id, position: known.size, key, at: event.at, what: JSON.stringify(event.what) };
    await trx.insertInto('episode_events').values(row).execute();
    known.set(key, event);
  }
  const closed = closedEpisode({ subject: episode.subject, number: episode.number, events: [...known.values()] });
  await trx
    .updateTable('episodes')
    .set({
      closed_at: closed?.standing.closed?.at ?? null,
      standing: closed === undefined ? null : JSON.stringify(closed.standing),
    })
    .where('id', '=', episode.id)
    .execute();
}

/** Only `recordEpisodes` writes the column, from this very type. */
export function parseWhat(text: string): EpisodeEventKind {
  return JSON.parse(text) as EpisodeEventKind;
}
