import type { Kysely, Selectable, Transaction } from 'kysely';
import type { ListedTag } from '../../domain/candidates/candidate.ts';
import type { Sighting } from '../../domain/monitor/sighting.ts';
import type { TagCheck } from '../../domain/monitor/tag-check.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { ImageLedger } from '../../ports/store.ts';
import type { LedgerTables } from './ledger-tables.ts';

type Draft = { sightings: Sighting[]; checks: TagCheck[]; tags: ListedTag[]; listedAt?: Instant };

/** Some dozen images with some ten thousand tags: the rows of one query are let go before the next is asked. */
const imagesAtOnce = 25;

/** Each image is as it stood at one moment; two images may be as they stood at two. */
export async function readImages(
  db: Kysely<LedgerTables>,
  images: readonly string[],
): Promise<ReadonlyMap<string, ImageLedger>> {
  const drafts = new Map(images.map((image): [string, Draft] => [image, { sightings: [], checks: [], tags: [] }]));
  const names = [...drafts.keys()];
  for (let from = 0; from < names.length; from += imagesAtOnce)
    await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((trx) => readSome(trx, names.slice(from, from + imagesAtOnce), drafts));
  return drafts;
}

async function readSome(
  trx: Transaction<LedgerTables>,
  images: readonly string[],
  drafts: ReadonlyMap<string, Draft>,
): Promise<void> {
  const sightings = await trx
    .selectFrom('sightings')
    .selectAll()
    .where('image', 'in', images)
    // Not by time: the clock may have gone backwards.
    .orderBy('position')
    .execute();
  for (const row of sightings) drafts.get(row.image)?.sightings.push(sightingOf(row));
  const checks = await trx.selectFrom('checks').selectAll().where('image', 'in', images).orderBy('tag').execute();
  for (const row of checks) drafts.get(row.image)?.checks.push(checkOf(row));
  const tags = await trx
    .selectFrom('tags')
    .select(['image', 'tag', 'pushed_at'])
    .where('image', 'in', images)
    .orderBy('image')
    .orderBy('tag')
    .execute();
  for (const { image, tag, pushed_at } of tags)
    drafts.get(image)?.tags.push(pushed_at === null ? { tag } : { tag, pushedAt: pushed_at });
  const listings = await trx.selectFrom('listings').selectAll().where('image', 'in', images).execute();
  for (const { image, listed_at } of listings) {
    const draft = drafts.get(image);
    if (draft !== undefined) draft.listedAt = listed_at;
  }
}

function sightingOf(row: Selectable<LedgerTables['sightings']>): Sighting {
  return {
    tag: row.tag,
    platform: row.platform,
    digest: row.digest,
    ...(row.os_release === null ? {} : { osRelease: row.os_release }),
    ...(row.size_bytes === null ? {} : { sizeBytes: row.size_bytes }),
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    evidence: row.evidence,
  };
}

function checkOf(row: Selectable<LedgerTables['checks']>): TagCheck {
  return {
    tag: row.tag,
    attemptedAt: row.attempted_at,
    ...(row.verified_at === null ? {} : { verifiedAt: row.verified_at }),
    outcome: row.outcome,
    ...(row.message === null ? {} : { message: row.message }),
    failures: row.failures,
    ...(row.suspected === null ? {} : { suspected: row.suspected }),
    ...(row.tag_state === null ? {} : { tagState: row.tag_state }),
    ...(row.line_state === null ? {} : { lineState: row.line_state }),
    dueAt: row.due_at,
  };
}
