import { createVersion, type Migration } from './migrations.ts';

/** Of the file of deliveries, which is apart from the ledger: a monitor that runs for ever holds that one. */
export const deliveryMigrations: readonly Migration[] = [
  async (db) => {
    const { schema } = db;
    await createVersion(db);
    await schema
      .createTable('deliveries')
      .addColumn('recipient', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('first_at', 'bigint', (column) => column.notNull())
      .addColumn('attempted_at', 'bigint', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('not_before', 'bigint')
      .addColumn('reason', 'text')
      .addPrimaryKeyConstraint('deliveries_key', ['recipient', 'key'])
      .execute();
    await schema.createIndex('deliveries_by_state').on('deliveries').columns(['recipient', 'state']).execute();
  },
];
