import type { Kysely } from 'kysely';
import type { EventKind, MonitorEvent } from '../../domain/monitor/event.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { Cycle, EventFilter, ImageLedger, Observation, Store, UnreadContent } from '../../ports/store.ts';
import type { LedgerTables } from './ledger-tables.ts';
import { readImages } from './read-images.ts';
import { recordObservation } from './record-observation.ts';

/** A ledger of the newest version, whatever database it lies in. */
export type OpenLedger = {
  readonly db: Kysely<LedgerTables>;
  /** Turns what the database refuses into a `StoreError`; anything else is a mistake of ours and stays what it is. */
  explain(error: unknown): unknown;
  /** Ends the connection and lets the next writer in. May be called twice. */
  close(): Promise<void>;
};

/** No registry is waited for as long: a wait beyond it was written down by a clock that was ahead. */
const longestWaitMs = 7 * 86_400_000;

/** The ledger over SQL that SQLite and PostgreSQL both know. */
export class SqlStore implements Store {
  readonly #ledger: OpenLedger;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ledger: OpenLedger) {
    this.#ledger = ledger;
  }

  openCycle(scope: string, at: Instant, maxAgeMs: number): Promise<Cycle> {
    return this.#ask((db) =>
      db.transaction().execute(async (trx): Promise<Cycle> => {
        const unfinished = await trx
          .selectFrom('cycles')
          .select(['id', 'started_at'])
          .where('scope', '=', scope)
          .where('finished_at', 'is', null)
          .where('started_at', '<=', at)
          .orderBy('started_at', 'desc')
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst();
        if (unfinished !== undefined && at - unfinished.started_at <= maxAgeMs)
          return { id: unfinished.id, startedAt: unfinished.started_at, isResumed: true };
        const newest = await trx
          .selectFrom('cycles')
          .select(({ fn }) => fn.max('id').as('id'))
          .executeTakeFirst();
        // Counted here, because SQLite and PostgreSQL have no common word for a column that counts by itself.
        const id = (newest?.id ?? 0) + 1;
        await trx.insertInto('cycles').values({ id, scope, started_at: at, finished_at: null }).execute();
        return { id, startedAt: at, isResumed: false };
      }),
    );
  }

  async closeCycle(id: number, at: Instant): Promise<void> {
    await this.#ask((db) =>
      db.updateTable('cycles').set({ finished_at: at }).where('id', '=', id).where('finished_at', 'is', null).execute(),
    );
  }

  async lastCycleAt(scope: string): Promise<Instant | undefined> {
    const row = await this.#ask((db) =>
      db
        .selectFrom('cycles')
        .select(({ fn }) => fn.max('finished_at').as('finished_at'))
        .where('scope', '=', scope)
        .executeTakeFirst(),
    );
    return row?.finished_at ?? undefined;
  }

  readImages(images: readonly string[]): Promise<ReadonlyMap<string, ImageLedger>> {
    return this.#ask((db) => readImages(db, images));
  }

  record(observation: Observation): Promise<void> {
    return this.#ask((db) => db.transaction().execute((trx) => recordObservation(trx, observation)));
  }

  async listEvents({ since, image }: EventFilter = {}): Promise<readonly MonitorEvent[]> {
    const rows = await this.#ask((db) => {
      let query = db.selectFrom('events').select(['key', 'at', 'image', 'tag', 'what']);
      if (since !== undefined) query = query.where('at', '>=', since);
      if (image !== undefined) query = query.where('image', '=', image);
      return query.orderBy('at').orderBy('key').execute();
    });
    // Only `record` writes the column, from this very type.
    return rows.map((row) => ({ ...row, what: JSON.parse(row.what) as EventKind }));
  }

  async listUnread(limit: number, at?: Instant): Promise<readonly UnreadContent[]> {
    const rows = await this.#ask((db) => {
      const waiting = db.selectFrom('unread').selectAll();
      const ready =
        at === undefined
          ? waiting
          : waiting.where((row) =>
              row.or([
                row('not_before', 'is', null),
                row('not_before', '<=', at),
                row('not_before', '>', at + longestWaitMs),
              ]),
            );
      return ready.orderBy('uses', 'desc').orderBy('image').orderBy('tag').orderBy('digest').limit(limit).execute();
    });
    return rows.map(({ not_before, ...content }) =>
      not_before === null ? content : { ...content, notBefore: not_before },
    );
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.#ledger.close());
  }

  async #ask<T>(question: (db: Kysely<LedgerTables>) => Promise<T>): Promise<T> {
    try {
      return await this.#inTurn(() => question(this.#ledger.db));
    } catch (error) {
      throw this.#ledger.explain(error);
    }
  }

  /**
   * One after the other, in the order asked. There is one writer anyway; Kysely's own wait for the one connection wakes all
   * that wait each time, which a thousand answers at once would feel.
   */
  #inTurn<T>(next: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(next);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
