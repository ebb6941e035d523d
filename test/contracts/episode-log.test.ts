import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openEpisodes, openLedger } from '../../src/adapters/store/open-store.ts';
import { StoreError } from '../../src/ports/store.ts';
import { numberedEpisode } from '../adapters/store/numbered-episode.ts';
import { withFolder } from '../adapters/store/with-folder.ts';
import { episodeLogContract } from './episode-log.contract.ts';

episodeLogContract({
  name: 'SQLite file',
  withLog: (use) =>
    withFolder(async (folder) => {
      const { store, episodes } = await openLedger(`${folder}/ledger.db`);
      try {
        await use(episodes);
      } finally {
        await store.close();
      }
    }),
});

test('what is derived is made again from the events where it is gone', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    const { store, episodes } = await openLedger(path);
    await episodes.append([...numberedEpisode(1), ...numberedEpisode(2)]);
    const before = await episodes.list(0);
    assert.equal(before.closed.length, 1);
    await store.close();
    const database = new DatabaseSync(path);
    database.exec('update episodes set standing = null');
    database.close();
    const reader = await openEpisodes(path);
    assert.deepEqual(await reader?.episodes.list(0), before);
    await reader?.close();
  }));

test('episodes are read while another process writes, and are none where there is no ledger', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    assert.equal(await openEpisodes(path), undefined);
    const { store, episodes } = await openLedger(path);
    await episodes.append(numberedEpisode(1));
    const reader = await openEpisodes(path);
    assert.equal((await reader?.episodes.list(0))?.open.length, 1);
    await reader?.close();
    await store.close();
  }));

test('a ledger of a newer program is not read, one of an older program has no episodes', () =>
  withFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    await (await openLedger(path)).store.close();
    const setVersion = (version: number) => {
      const database = new DatabaseSync(path);
      database.exec(`update ledger_version set version = ${version}`);
      database.close();
    };
    setVersion(99);
    await assert.rejects(openEpisodes(path), (error) => error instanceof StoreError && error.code === 'unusable');
    setVersion(1);
    assert.equal(await openEpisodes(path), undefined);
  }));
