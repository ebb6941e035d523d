import { hash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { ComplianceCounts, CompliancePlaces, WaiverWords } from '../../domain/compliance/compliance.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { ComplianceLog, ComplianceLook, ComplianceSpan, SpanWaivers } from '../../ports/compliance-log.ts';
import { type ComplianceTexts, countsOf, placesOf, textsOf, waiversOf } from './compliance-texts.ts';
import type { LedgerTables } from './ledger-tables.ts';
import type { OpenLedger } from './sql-store.ts';

/** Numbers per statement, far below what any database takes. */
const idsAtOnce = 5000;

/** How uses stood by the policy, over SQL that SQLite and PostgreSQL both know. */
export class SqlComplianceLog implements ComplianceLog {
  readonly #ledger: Pick<OpenLedger, 'db' | 'explain'>;

  constructor(ledger: Pick<OpenLedger, 'db' | 'explain'>) {
    this.#ledger = ledger;
  }

  async record(look: ComplianceLook): Promise<void> {
    await this.#ask((db) => db.transaction().execute((trx) => recordLook(trx, look)));
  }

  listSpans(): Promise<readonly ComplianceSpan[]> {
    return this.#ask(async (db) => {
      const rows = await db
        .selectFrom('compliance')
        .select(['id', 'repository', 'first_at', 'last_at', 'waivers'])
        .orderBy('repository')
        .orderBy('first_at')
        .execute();
      const sets = await db.selectFrom('waiver_sets').select(['id', 'waivers']).execute();
      const words = new Map(sets.map(({ id, waivers }) => [id, waiversOf(waivers)] as const));
      return rows.map(({ id, repository, first_at, last_at, waivers }) => ({
        ...{ id, repository, firstAt: first_at, lastAt: last_at, waivers: words.get(waivers) ?? noWaivers },
      }));
    });
  }

  readCounts(spans: readonly number[]): Promise<ReadonlyMap<number, ComplianceCounts>> {
    return this.#ask((db) => readFacts(db, 'counts', spans, countsOf));
  }

  readPlaces(spans: readonly number[]): Promise<ReadonlyMap<number, CompliancePlaces & SpanWaivers>> {
    return this.#ask((db) => readFacts(db, 'places', spans, placesOf));
  }

  async #ask<T>(question: (db: Kysely<LedgerTables>) => Promise<T>): Promise<T> {
    try {
      return await question(this.#ledger.db);
    } catch (error) {
      throw this.#ledger.explain(error);
    }
  }
}

const noWaivers: readonly WaiverWords[] = [];
const dayMs = 86_400_000;

async function recordLook(
  trx: Transaction<LedgerTables>,
  { repository, at, compliance }: ComplianceLook,
): Promise<void> {
  const texts = textsOf(compliance);
  const waivers = await waiverSet(trx, texts.waivers);
  const newest = await newestSpan(trx, repository);
  if (newest === undefined) return insertSpan(trx, { repository, at, waivers }, texts);
  if (newest.last_at > at) return;
  const isSame = newest.counts === texts.counts && newest.places === texts.places && newest.waivers === waivers;
  const isSameDay = dayOf(newest.last_at) === dayOf(at);
  if (isSame) return endSpan(trx, newest.id, at, isSameDay ? newest.earlier_at : newest.last_at);
  if (!isSameDay) return insertSpan(trx, { repository, at, waivers }, texts);
  if (newest.earlier_at !== null) {
    // Until that day it told what it tells.
    await endSpan(trx, newest.id, newest.earlier_at, null);
    return insertSpan(trx, { repository, at, waivers }, texts);
  }
  await trx.updateTable('compliance').set({ last_at: at, waivers }).where('id', '=', newest.id).execute();
  const { counts, places } = texts;
  await trx.updateTable('compliance_facts').set({ counts, places }).where('span', '=', newest.id).execute();
}

function newestSpan(trx: Transaction<LedgerTables>, repository: string) {
  return trx
    .selectFrom('compliance')
    .innerJoin('compliance_facts', 'compliance_facts.span', 'compliance.id')
    .select(['id', 'last_at', 'earlier_at', 'waivers', 'counts', 'places'])
    .where('repository', '=', repository)
    .orderBy('first_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** @param earlierAt the last look on a day before that of `at`; null where it began on that day. */
async function endSpan(
  trx: Transaction<LedgerTables>,
  id: number,
  at: Instant,
  earlierAt: Instant | null,
): Promise<void> {
  await trx.updateTable('compliance').set({ last_at: at, earlier_at: earlierAt }).where('id', '=', id).execute();
}

async function insertSpan(
  trx: Transaction<LedgerTables>,
  { repository, at, waivers }: { readonly repository: string; readonly at: Instant; readonly waivers: number },
  { counts, places }: ComplianceTexts,
): Promise<void> {
  const id = (await newestId(trx, 'compliance')) + 1;
  const span = { id, repository, first_at: at, last_at: at, earlier_at: null, waivers };
  await trx.insertInto('compliance').values(span).execute();
  await trx.insertInto('compliance_facts').values({ span: id, counts, places }).execute();
}

/** The same waivers hold in many repositories: their words are kept once. */
async function waiverSet(trx: Transaction<LedgerTables>, waivers: string): Promise<number> {
  const key = hash('sha256', waivers);
  const known = await trx.selectFrom('waiver_sets').select('id').where('hash', '=', key).executeTakeFirst();
  if (known !== undefined) return known.id;
  const id = (await newestId(trx, 'waiver_sets')) + 1;
  await trx.insertInto('waiver_sets').values({ id, hash: key, waivers }).execute();
  return id;
}

async function newestId(trx: Transaction<LedgerTables>, table: 'compliance' | 'waiver_sets'): Promise<number> {
  const row = await trx
    .selectFrom(table)
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst();
  return row?.id ?? 0;
}

async function readFacts<T>(
  db: Kysely<LedgerTables>,
  column: 'counts' | 'places',
  spans: readonly number[],
  read: (text: string) => T,
): Promise<ReadonlyMap<number, T>> {
  const facts = new Map<number, T>();
  for (let from = 0; from < spans.length; from += idsAtOnce) {
    const rows = await db
      .selectFrom('compliance_facts')
      .select(['span', column])
      .where('span', 'in', spans.slice(from, from + idsAtOnce))
      .execute();
    for (const row of rows) facts.set(row.span, read(String(row[column])));
  }
  return facts;
}

function dayOf(at: Instant): number {
  return Math.floor(at / dayMs);
}
