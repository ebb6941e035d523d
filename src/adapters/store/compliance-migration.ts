import type { Kysely } from 'kysely';
import type { LedgerTables } from './ledger-tables.ts';

/** How uses stood by the policy: spans in small rows, what they tell beside them, and the waivers of a policy once for all that they hold in. */
export async function createCompliance({ schema }: Kysely<LedgerTables>): Promise<void> {
  await schema
    .createTable('compliance')
    .addColumn('id', 'integer', (column) => column.notNull().primaryKey())
    .addColumn('repository', 'text', (column) => column.notNull())
    .addColumn('first_at', 'bigint', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addColumn('earlier_at', 'bigint')
    .addColumn('waivers', 'integer', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('compliance_by_repository')
    .unique()
    .on('compliance')
    .columns(['repository', 'first_at'])
    .execute();

  await schema
    .createTable('compliance_facts')
    .addColumn('span', 'integer', (column) => column.notNull().primaryKey())
    .addColumn('counts', 'text', (column) => column.notNull())
    .addColumn('places', 'text', (column) => column.notNull())
    .execute();

  await schema
    .createTable('waiver_sets')
    .addColumn('id', 'integer', (column) => column.notNull().primaryKey())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('waivers', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('waiver_sets_by_hash').unique().on('waiver_sets').column('hash').execute();
}
