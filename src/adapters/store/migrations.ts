import type { Kysely } from 'kysely';
import { createCompliance } from './compliance-migration.ts';
import type { LedgerTables } from './ledger-tables.ts';

export type Migration = (db: Kysely<LedgerTables>) => Promise<void>;

/** In order, forward only: one that was released is never edited, a change is a new one at the end. */
export const ledgerMigrations: readonly Migration[] = [createLedger, createEpisodes, createCompliance];

/** The version of the ledger that this program writes. */
export const newestVersion = ledgerMigrations.length;

/** @returns 0 for an empty database, `undefined` for one that holds something else than a ledger. */
export async function readVersion(db: Kysely<LedgerTables>): Promise<number | undefined> {
  const tables = await db.introspection.getTables();
  if (tables.length === 0) return 0;
  if (!tables.some(({ name }) => name === 'ledger_version')) return undefined;
  const row = await db.selectFrom('ledger_version').select('version').executeTakeFirst();
  return row?.version;
}

/** Brings a ledger of an older version to the newest one. Each step is there in whole or not at all. */
export async function migrate(
  db: Kysely<LedgerTables>,
  from: number,
  migrations: readonly Migration[] = ledgerMigrations,
): Promise<void> {
  for (const [before, step] of migrations.entries()) {
    if (before < from) continue;
    await db.transaction().execute(async (trx) => {
      await step(trx);
      await trx
        .updateTable('ledger_version')
        .set({ version: before + 1 })
        .execute();
    });
  }
}

/** The table that tells the version of a file: its first migration makes it. */
export async function createVersion(db: Kysely<LedgerTables>): Promise<void> {
  await db.schema
    .createTable('ledger_version')
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute();
  await db.insertInto('ledger_version').values({ version: 0 }).execute();
}

async function createLedger(db: Kysely<LedgerTables>): Promise<void> {
  const { schema } = db;
  await createVersion(db);

  await schema
    .createTable('cycles')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .execute();
  await schema.createIndex('cycles_by_scope').on('cycles').columns(['scope', 'started_at']).execute();

  await schema
    .createTable('sightings')
    .addColumn('image', 'text', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('os_release', 'text')
    .addColumn('size_bytes', 'bigint')
    .addColumn('evidence', 'text', (column) => column.notNull())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('sightings_key', ['image', 'tag', 'platform', 'first_seen_at', 'digest'])
    .execute();
  await schema.createIndex('sightings_by_position').unique().on('sightings').column('position').execute();

  await schema
    .createTable('checks')
    .addColumn('image', 'text', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('attempted_at', 'bigint', (column) => column.notNull())
    .addColumn('verified_at', 'bigint')
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('message', 'text')
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('suspected', 'text')
    .addColumn('tag_state', 'text')
    .addColumn('line_state', 'text')
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('checks_key', ['image', 'tag'])
    .execute();

  await schema
    .createTable('tags')
    .addColumn('image', 'text', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('pushed_at', 'text')
    .addColumn('first_listed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('tags_key', ['image', 'tag'])
    .execute();

  await schema
    .createTable('listings')
    .addColumn('image', 'text', (column) => column.notNull().primaryKey())
    .addColumn('listed_at', 'bigint', (column) => column.notNull())
    .execute();

  await schema
    .createTable('events')
    .addColumn('key', 'text', (column) => column.notNull().primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('image', 'text', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('what', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('events_by_time').on('events').columns(['at', 'key']).execute();
  await schema.createIndex('events_by_image').on('events').columns(['image', 'at', 'key']).execute();

  await schema
    .createTable('unread')
    .addColumn('image', 'text', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('uses', 'integer', (column) => column.notNull())
    .addColumn('not_before', 'bigint')
    .addPrimaryKeyConstraint('unread_key', ['image', 'tag', 'digest'])
    .execute();
  await schema.createIndex('unread_by_uses').on('unread').column('uses').execute();
}

async function createEpisodes({ schema }: Kysely<LedgerTables>): Promise<void> {
  await schema
    .createTable('episodes')
    .addColumn('id', 'integer', (column) => column.notNull().primaryKey())
    .addColumn('repository', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('image', 'text', (column) => column.notNull())
    .addColumn('vulnerability', 'text', (column) => column.notNull())
    .addColumn('source_package', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('closed_at', 'bigint')
    .addColumn('standing', 'text')
    .execute();
  await schema
    .createIndex('episodes_by_subject')
    .unique()
    .on('episodes')
    .columns(['repository', 'path', 'stage', 'platform', 'image', 'vulnerability', 'source_package', 'number'])
    .execute();
  await schema.createIndex('episodes_by_end').on('episodes').columns(['closed_at', 'id']).execute();

  await schema
    .createTable('episode_events')
    .addColumn('episode', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('what', 'text', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('episode_events_key', ['episode', 'position'])
    .execute();
  await schema.createIndex('episode_events_by_sequence').unique().on('episode_events').column('sequence').execute();
  await schema.createIndex('episode_events_by_key').unique().on('episode_events').columns(['episode', 'key']).execute();
}
