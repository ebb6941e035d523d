import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { LedgerTables } from '../../../src/adapters/store/ledger-tables.ts';
import { migrate } from '../../../src/adapters/store/migrations.ts';
import { SqlComplianceLog } from '../../../src/adapters/store/sql-compliance-log.ts';
import { SqlEpisodeLog } from '../../../src/adapters/store/sql-episode-log.ts';
import { SqlStore } from '../../../src/adapters/store/sql-store.ts';
import { looked, placed } from '../../domain/compliance/looked.ts';
import { numberedEpisode } from './numbered-episode.ts';
import { numbered } from './numbered-observation.ts';

/** All that the store says to PostgreSQL, where every table is empty and every statement succeeds. */
async function statements(): Promise<readonly string[]> {
  const said: string[] = [];
  const db = new Kysely<LedgerTables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (introspected) => new PostgresIntrospector(introspected),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ level, query }) => {
      if (level === 'query') said.push(query.sql);
    },
  });
  await migrate(db, 0);
  const ledger = { db, explain: (error: unknown) => error, close: () => db.destroy() };
  const [store, episodes] = [new SqlStore(ledger), new SqlEpisodeLog(ledger)];
  const { id } = await store.openCycle('fleet', 1, 1);
  await store.closeCycle(id, 2);
  await store.lastCycleAt('fleet');
  const observation = numbered(1);
  await store.record({
    ...observation,
    listing: { tags: [{ tag: 'a' }], gone: ['b'], listedAt: 1 },
    read: ['sha256:1'],
  });
  await store.readImages(['a', 'b']);
  await store.listEvents({ since: 1, image: 'a' });
  await store.listUnread(5, 1);
  await episodes.append(numberedEpisode(1));
  await episodes.ofRepository('a');
  await episodes.list(1);
  await episodes.auditHead();
  for await (const _ of episodes.recorded(1)) assert.fail('there is none');
  for await (const _ of episodes.recorded()) assert.fail('there is none');
  const compliance = new SqlComplianceLog(ledger);
  await compliance.record({ repository: 'a', at: 1, compliance: looked(placed(1)) });
  await compliance.listSpans();
  await compliance.readCounts([1]);
  await compliance.readPlaces([1]);
  await store.close();
  return said;
}

test('every statement is one that PostgreSQL knows too', async () => {
  const said = await statements();
  const unknown =
    /\?|\bpragma\b|\bautoincrement\b|\browid\b|\binsert or\b|\breplace into\b|\bifnull\b|\bglob\b|\bjson_|\bjulianday\b|\bunixepoch\b|\bstrftime\b|sqlite|\bstrict\b|\bmax\([^)]*,|\bmin\([^)]*,/i;
  assert.deepEqual(
    said.filter((sql) => unknown.test(sql)),
    [],
  );
});

test('every table is written and read', async () => {
  const said = await statements();
  const made = said.flatMap((sql) => sql.match(/^create table ("\w+")/)?.[1] ?? []);
  const tables = (verb: RegExp) => made.filter((table) => said.some((sql) => verb.test(sql) && sql.includes(table)));
  assert.equal(made.length, 13);
  assert.deepEqual(tables(/^(insert|update)/), made);
  // The version is read before the store is made.
  assert.deepEqual(
    tables(/^select/),
    made.filter((table) => table !== '"ledger_version"'),
  );
});

test('columns are texts and whole numbers', async () => {
  const definitions = (await statements()).filter((sql) => sql.startsWith('create table'));
  const types = definitions.flatMap((sql) => [...sql.matchAll(/"\w+" (?!primary key)(\w+)/g)].map(([, type]) => type));
  assert.deepEqual([...new Set(types)].sort(), ['bigint', 'integer', 'text']);
});
