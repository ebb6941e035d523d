import { hash } from 'node:crypto';
import type { Transaction } from 'kysely';
import { type AuditHead, nextAudited } from '../../domain/audit/audit-chain.ts';
import { closedEpisode } from '../../domain/deadline/closed-episode.ts';
import { type EpisodeEvent, episodeEventKey, type RecordedEvent, subjectKey } from '../../domain/deadline/episode.ts';
import { columnsOf, parseWhat } from './episode-columns.ts';
import type { LedgerTables } from './ledger-tables.ts';
import { readAuditHead } from './read-audit.ts';

type Ledger = Transaction<LedgerTables>;

/** Writes events within a transaction, and what is derived from them. What is there already stays as it is. */
export async function recordEpisodes(trx: Ledger, events: readonly RecordedEvent[]): Promise<void> {
  const groups = Map.groupBy(events, ({ subject, number }) => `${subjectKey(subject)} ${number}`);
  let next = (await newestId(trx)) + 1;
  let head = await readAuditHead(trx);
  for (const [first, ...others] of groups.values()) {
    if (first === undefined) continue;
    const found = await findEpisode(trx, first);
    const id = found ?? next++;
    if (found === undefined) await createEpisode(trx, id, first);
    head = await writeEvents(trx, { id, head, ...first }, [first, ...others]);
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

/** @returns the end of the audit chain afterwards. */
async function writeEvents(
  trx: Ledger,
  episode: Omit<RecordedEvent, 'event'> & { readonly id: number; readonly head: AuditHead },
  events: readonly RecordedEvent[],
): Promise<AuditHead> {
  let { head } = episode;
  const rows = await trx
    .selectFrom('episode_events')
    .select(['key', 'at', 'what'])
    .where('episode', '=', episode.id)
    .orderBy('position')
    .execute();
  const known = new Map<string, EpisodeEvent>(rows.map(({ key, at, what }) => [key, { at, what: parseWhat(what) }]));
  for (const recorded of events) {
    const { event } = recorded;
    const key = episodeEventKey(event);
    if (known.has(key)) continue;
    head = nextAudited(head, recorded, (text) => hash('sha256', text));
    const place = { episode: episode.id, position: known.size, sequence: head.sequence, hash: head.hash };
    const row = { ...place, key, at: event.at, what: JSON.stringify(event.what) };
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
  return head;
}
