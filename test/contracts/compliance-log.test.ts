import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openEpisodes, openLedger } from '../../src/adapters/store/open-store.ts';
import { withFolder } from '../adapters/store/with-folder.ts';
import { looked, placed } from '../domain/compliance/looked.ts';
import { complianceLogContract } from './compliance-log.contract.ts';

complianceLogContract({
  name: 'SQLite file',
  withLog: (use) =>
    withFolder(async (folder) => {
      const { store, compliance } = await openLedger(`${folder}/ledger.db`);
      try {
        await use(compliance);
      } finally {
        await store.close();
      }
    }),
});

test('a ledger of a program that kept none is read, and has it once it is opened for writing', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    await (await openLedger(path)).store.close();
    const database = new DatabaseSync(path);
    database.exec('drop table compliance; drop table compliance_facts; drop table waiver_sets');
    database.exec('update ledger_version set version = 2');
    database.close();
    const old = await openEpisodes(path);
    assert.deepEqual([old?.compliance, await old?.episodes.list(0)], [undefined, { open: [], closed: [] }]);
    await old?.close();
    const { store, compliance } = await openLedger(path);
    await compliance.record({ repository: 'shop', at: 1, compliance: looked(placed(1)) });
    await store.close();
    const reader = await openEpisodes(path);
    assert.equal((await reader?.compliance?.listSpans())?.length, 1);
    await reader?.close();
  }));
