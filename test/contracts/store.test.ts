import { migrate } from '../../src/adapters/store/migrations.ts';
import { openSqlite } from '../../src/adapters/store/open-sqlite.ts';
import { openStore } from '../../src/adapters/store/open-store.ts';
import { SqlStore } from '../../src/adapters/store/sql-store.ts';
import { withFolder } from '../adapters/store/with-folder.ts';
import { storeContract } from './store.contract.ts';

storeContract({
  name: 'SQLite file',
  withStore: (use) =>
    withFolder(async (folder) => {
      const store = await openStore(`${folder}/ledger.db`);
      try {
        await use(store);
      } finally {
        await store.close();
      }
    }),
});

storeContract({
  name: 'SQLite in memory',
  async withStore(use) {
    const ledger = openSqlite(':memory:');
    await migrate(ledger.db, 0);
    const store = new SqlStore(ledger);
    try {
      await use(store);
    } finally {
      await store.close();
    }
  },
});
