import type { Transaction } from 'kysely';
import type { ListedTag } from '../../domain/candidates/candidate.ts';
import type { MonitorEvent } from '../../domain/monitor/event.ts';
import type { Sighting } from '../../domain/monitor/sighting.ts';
import type { TagCheck } from '../../domain/monitor/tag-check.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { Observation } from '../../ports/store.ts';
import { changedTags } from './changed-tags.ts';
import type { LedgerTables } from './ledger-tables.ts';

type Ledger = Transaction<LedgerTables>;

/** Rows per statement: four values each, far below what any database takes (SQLite 32,766, PostgreSQL 65,535). */
const rowsAtOnce = 500;

/** Writes an observation within a transaction. What is there already stays as it is. */
export async function recordObservation(trx: Ledger, observation: Observation): Promise<void> {
  const { image, sightings = [], checks = [], listing, events = [], unread = [], read = [] } = observation;
  if (sightings.length > 0) await writeSightings(trx, image, sightings);
  for (const check of checks) await writeCheck(trx, image, check);
  if (listing !== undefined) await writeListing(trx, image, listing);
  for (const event of events) await writeEvent(trx, event);
  // Taken out before put in: what was read and refused waits in the queue again.
  for (const digest of read)
    await trx.deleteFrom('unread').where('image', '=', image).where('digest', '=', digest).execute();
  for (const content of unread) await writeUnread(trx, image, content);
}

/** A row only gains what it did not say yet, and its end moves forward. */
async function writeSightings(trx: Ledger, image: string, sightings: readonly Sighting[]): Promise<void> {
  const newest = await trx
    .selectFrom('sightings')
    .select(({ fn }) => fn.max('position').as('position'))
    .executeTakeFirst();
  let position = newest?.position ?? 0;
  for (const { tag, platform, digest, osRelease, sizeBytes, firstSeenAt, lastSeenAt, evidence } of sightings) {
    position += 1;
    await trx
      .insertInto('sightings')
      .values({
        image,
        tag,
        platform,
        first_seen_at: firstSeenAt,
        digest,
        last_seen_at: lastSeenAt,
        os_release: osRelease ?? null,
        size_bytes: sizeBytes ?? null,
        evidence,
        position,
      })
      .onConflict((conflict) =>
        conflict.columns(['image', 'tag', 'platform', 'first_seen_at', 'digest']).doUpdateSet((row) => ({
          last_seen_at: row
            .case()
            .when('excluded.last_seen_at', '>', row.ref('sightings.last_seen_at'))
            .then(row.ref('excluded.last_seen_at'))
            .else(row.ref('sightings.last_seen_at'))
            .end(),
          os_release: row.fn.coalesce('sightings.os_release', 'excluded.os_release'),
          size_bytes: row.fn.coalesce('sightings.size_bytes', 'excluded.size_bytes'),
        })),
      )
      .execute();
  }
}

async function writeCheck(trx: Ledger, image: string, check: TagCheck): Promise<void> {
  const state = {
    attempted_at: check.attemptedAt,
    verified_at: check.verifiedAt ?? null,
    outcome: check.outcome,
    message: check.message ?? null,
    failures: check.failures,
    suspected: check.suspected ?? null,
    tag_state: check.tagState ?? null,
    line_state: check.lineState ?? null,
    due_at: check.dueAt,
  };
  await trx
    .insertInto('checks')
    .values({ image, tag: check.tag, ...state })
    .onConflict((conflict) => conflict.columns(['image', 'tag']).doUpdateSet(state))
    .execute();
}

async function writeListing(
  trx: Ledger,
  image: string,
  { tags, gone, listedAt }: NonNullable<Observation['listing']>,
): Promise<void> {
  for (const some of slices(gone))
    await trx.deleteFrom('tags').where('image', '=', image).where('tag', 'in', some).execute();
  for (const some of slices(tags)) await writeTags(trx, image, some, listedAt);
  await trx
    .insertInto('listings')
    .values({ image, listed_at: listedAt })
    .onConflict((conflict) => conflict.column('image').doUpdateSet({ listed_at: listedAt }))
    .execute();
}

async function writeTags(trx: Ledger, image: string, listed: readonly ListedTag[], listedAt: Instant): Promise<void> {
  const names = listed.map(({ tag }) => tag);
  const rows = await trx
    .selectFrom('tags')
    .select(['tag', 'pushed_at'])
    .where('image', '=', image)
    .where('tag', 'in', names)
    .execute();
  const changed = changedTags(new Map(rows.map(({ tag, pushed_at }) => [tag, pushed_at])), listed);
  if (changed.size === 0) return;
  await trx
    .insertInto('tags')
    .values([...changed].map(([tag, pushed_at]) => ({ image, tag, pushed_at, first_listed_at: listedAt })))
    .onConflict((conflict) =>
      conflict.columns(['image', 'tag']).doUpdateSet((row) => ({ pushed_at: row.ref('excluded.pushed_at') })),
    )
    .execute();
}

async function writeEvent(trx: Ledger, { key, at, image, tag, what }: MonitorEvent): Promise<void> {
  await trx
    .insertInto('events')
    .values({ key, at, image, tag, kind: what.kind, what: JSON.stringify(what) })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}

async function writeUnread(
  trx: Ledger,
  image: string,
  { tag, digest, uses, notBefore }: NonNullable<Observation['unread']>[number],
): Promise<void> {
  await trx
    .insertInto('unread')
    .values({ image, tag, digest, uses, not_before: notBefore ?? null })
    .onConflict((conflict) =>
      conflict.columns(['image', 'tag', 'digest']).doUpdateSet((row) => ({
        uses,
        // Counting the uses again does not end the wait.
        not_before: row.fn.coalesce('excluded.not_before', 'unread.not_before'),
      })),
    )
    .execute();
}

function slices<T>(all: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / rowsAtOnce);
  return Array.from({ length: count }, (_, at) => all.slice(at * rowsAtOnce, (at + 1) * rowsAtOnce));
}
