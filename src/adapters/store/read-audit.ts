import type { Kysely } from 'kysely';
import { type AuditedEvent, type AuditHead, auditStart } from '../../domain/audit/audit-chain.ts';
import type { Instant } from '../../domain/source/instant.ts';
import { parseWhat, subjectOf } from './episode-columns.ts';
import type { LedgerTables } from './ledger-tables.ts';

type Ledger = Kysely<LedgerTables>;

/** What the newest event says of the chain; nothing is calculated. */
export async function readAuditHead(db: Ledger): Promise<AuditHead> {
  const newest = await db
    .selectFrom('episode_events')
    .select(['sequence', 'hash'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest === undefined ? auditStart : { sequence: newest.sequence, hash: newest.hash };
}

/** The event that an export since an instant begins with; `undefined` when none happened since. */
export async function readFirstSince(db: Ledger, since: Instant): Promise<number | undefined> {
  const first = await db
    .selectFrom('episode_events')
    .select('sequence')
    .where('at', '>=', since)
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  return first?.sequence;
}

/** Up to ten thousand events after one, as they are written down: whether the hashes are right is not asked. */
export async function readAudited(db: Ledger, after: number): Promise<readonly AuditedEvent[]> {
  let previous = after === 0 ? auditStart.hash : ((await readHash(db, after)) ?? '');
  const rows = await db
    .selectFrom('episode_events')
    .innerJoin('episodes', 'episodes.id', 'episode_events.episode')
    .selectAll('episodes')
    .select(['sequence', 'hash', 'at', 'what'])
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(10_000)
    .execute();
  return rows.map((row) => {
    const { sequence, hash, number, at, what } = row;
    const recorded = { subject: subjectOf(row), number, event: { at, what: parseWhat(what) } };
    const audited = { sequence, hash, previous, recorded };
    previous = hash;
    return audited;
  });
}

async function readHash(db: Ledger, sequence: number): Promise<string | undefined> {
  const row = await db.selectFrom('episode_events').select('hash').where('sequence', '=', sequence).executeTakeFirst();
  return row?.hash;
}
