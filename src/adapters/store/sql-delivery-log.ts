import type { Kysely } from 'kysely';
import type { Instant } from '../../domain/source/instant.ts';
import type { DeliveryLog, DeliveryOutcome, DeliveryState } from '../../ports/delivery-log.ts';
import type { LedgerTables } from './ledger-tables.ts';
import type { OpenLedger } from './sql-store.ts';

/** Keys per statement, far below what any database takes (SQLite 32,766, PostgreSQL 65,535). */
const keysAtOnce = 5000;

/** Deliveries over SQL that SQLite and PostgreSQL both know. */
export class SqlDeliveryLog implements DeliveryLog {
  readonly #ledger: Pick<OpenLedger, 'db' | 'explain'>;

  constructor(ledger: Pick<OpenLedger, 'db' | 'explain'>) {
    this.#ledger = ledger;
  }

  read(recipient: string, keys: readonly string[]): Promise<DeliveryState> {
    return this.#ask(async (db) => {
      const delivered = new Set<string>();
      for (const some of slices(keys)) {
        const rows = await db
          .selectFrom('deliveries')
          .select('key')
          .where('recipient', '=', recipient)
          .where('state', '=', 'delivered')
          .where('key', 'in', some)
          .execute();
        for (const { key } of rows) delivered.add(key);
      }
      const failed = await db
        .selectFrom('deliveries')
        .select(['attempts', 'not_before', 'reason'])
        .where('recipient', '=', recipient)
        .where('state', '=', 'failed')
        .orderBy('attempted_at', 'desc')
        .orderBy('attempts', 'desc')
        .limit(1)
        .executeTakeFirst();
      return {
        delivered,
        failures: failed?.attempts ?? 0,
        ...(failed?.not_before == null ? {} : { notBefore: failed.not_before }),
        ...(failed?.reason == null ? {} : { reason: failed.reason }),
      };
    });
  }

  begin(recipient: string, keys: readonly string[], at: Instant): Promise<void> {
    return this.#ask((db) =>
      db.transaction().execute(async (trx) => {
        for (const key of keys)
          await trx
            .insertInto('deliveries')
            .values({
              ...{ recipient, key, state: 'sending', first_at: at, attempted_at: at, attempts: 0 },
              ...{ not_before: null, reason: null },
            })
            .onConflict((conflict) => conflict.columns(['recipient', 'key']).doNothing())
            .execute();
      }),
    );
  }

  settle(recipient: string, keys: readonly string[], outcome: DeliveryOutcome): Promise<void> {
    const { at } = outcome;
    const columns =
      outcome.kind === 'delivered'
        ? { state: 'delivered' as const, attempted_at: at, not_before: null, reason: null }
        : { state: 'failed' as const, attempted_at: at, not_before: outcome.notBefore, reason: outcome.reason };
    return this.#ask((db) =>
      db.transaction().execute(async (trx) => {
        for (const some of slices(keys))
          await trx
            .updateTable('deliveries')
            .set(columns)
            .set(({ eb }) => ({ attempts: eb('attempts', '+', 1) }))
            .where('recipient', '=', recipient)
            .where('state', '<>', 'delivered')
            .where('key', 'in', some)
            .execute();
        if (outcome.kind === 'delivered')
          await trx
            .deleteFrom('deliveries')
            .where('recipient', '=', recipient)
            .where('state', '<>', 'delivered')
            .execute();
      }),
    );
  }

  async #ask<T>(question: (db: Kysely<LedgerTables>) => Promise<T>): Promise<T> {
    try {
      return await question(this.#ledger.db);
    } catch (error) {
      throw this.#ledger.explain(error);
    }
  }
}

function slices(keys: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(keys.length / keysAtOnce) }, (_, at) =>
    keys.slice(at * keysAtOnce, (at + 1) * keysAtOnce),
  );
}
