import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  type DatabaseConnection,
  type Dialect,
  Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
} from 'kysely';
import { StoreError } from '../../ports/store.ts';
import { sqliteCode } from './hold-lock.ts';
import type { LedgerTables } from './ledger-tables.ts';
import type { OpenLedger } from './sql-store.ts';

/** How long another reader may hold up a statement. Calls are synchronous: longer would stop the whole process. */
const busyTimeoutMs = 1000;

/** Statements kept compiled. There are about forty; the number of rows of a long listing makes more. */
const statementsKept = 100;

/**
 * Opens an SQLite file for writing.
 *
 * In write-ahead mode with `synchronous=normal`, whatever a call has returned from outlives the death of the process, `kill -9`
 * included. A power failure may take the last seconds, never the ledger: transactions are lost from the end, in whole, and a
 * lost answer is asked for again. `full` would stop the process for the disk at each answer,
 * thousands of times per cycle: a third of a millisecond on a fast disk, some ten on a slow one.
 *
 * @param path `:memory:` for one that is gone when it is closed.
 */
export function openSqlite(path: string): OpenLedger {
  const database = connect(path, false);
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on');
    // Damage is found before anything is built on it.
    const [finding] = Object.values(database.prepare('pragma quick_check(1)').get() ?? {});
    if (finding !== 'ok') throw damaged(path, 'its pages do not fit together', finding);
  } catch (error) {
    database.close();
    throw explain(path, error);
  }
  return ledgerOf(path, database);
}

/** Opens an SQLite file that is there already without ever changing it, even while another process writes. */
export function openSqliteForReading(path: string): OpenLedger {
  return ledgerOf(path, connect(path, true));
}

/**
 * Whether the file waits for its rollback journal: a ledger has one only before it is put into write-ahead mode, so whoever made
 * it was killed. Reading alone can neither take it back nor look past it.
 */
export function isHalfWritten(path: string): boolean {
  const database = connect(path, true);
  try {
    database.prepare('pragma schema_version').get();
    return false;
  } catch (error) {
    return isWaitingForRollback(error);
  } finally {
    database.close();
  }
}

/** Lets SQLite take back what a killed process had half written. */
export function rollBack(path: string): void {
  const database = connect(path, false);
  try {
    database.prepare('pragma schema_version').get();
  } catch (error) {
    throw explain(path, error);
  } finally {
    database.close();
  }
}

/** SQLITE_READONLY_ROLLBACK */
function isWaitingForRollback(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 776;
}

function connect(path: string, readOnly: boolean): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
  } catch (error) {
    throw explain(path, error);
  }
}

function ledgerOf(path: string, database: DatabaseSync): OpenLedger {
  const dialect: Dialect = {
    createDriver: () => new LedgerDriver(database),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  const db = new Kysely<LedgerTables>({ dialect });
  return {
    db,
    explain: (error) => explain(path, error),
    async close() {
      await db.destroy();
      // Kysely closes only what it has used.
      if (database.isOpen) database.close();
    },
  };
}

/** A full disk ends SQLite's transaction by itself; to roll it back again is an error that would hide the first one. */
class LedgerDriver extends SqliteDriver {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    super({ database: new StatementCache(database) });
    this.#database = database;
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }
}

/** What Kysely asks of a database, over Node's. */
class StatementCache implements SqliteDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.#statements.get(sql) ?? statementOf(this.#database.prepare(sql));
    // What was used last stands last; the first is the one to go.
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > statementsKept && oldest !== undefined) this.#statements.delete(oldest);
    return statement;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}

function statementOf(statement: StatementSync): SqliteStatement {
  // Kysely hands on what our queries were given: texts, numbers and null, as the tables' types ask.
  const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

function explain(path: string, error: unknown): unknown {
  const reason = error instanceof Error ? error.message : String(error);
  switch (sqliteCode(error)) {
    case 5: // busy
    case 6: // locked
      return new StoreError(
        'busy',
        `cannot write the ledger ${path}: another program holds it; close what has it open and run again`,
        { cause: error },
      );
    case 11: // corrupt
    case 26: // not a database
      return damaged(path, reason, error);
    case 3: // permission
    case 8: // read-only
    case 10: // input or output
    case 13: // full
    case 14: // cannot open
      return new StoreError(
        'unusable',
        `cannot use the ledger ${path}: ${reason}; check the room on the disk and the rights of its folder`,
        { cause: error },
      );
    default:
      return error;
  }
}

function damaged(path: string, reason: string, cause: unknown): StoreError {
  return new StoreError(
    'unusable',
    `cannot use the ledger ${path}: it is damaged or no SQLite file (${reason}); put a copy back, or move it away to begin a new one`,
    { cause },
  );
}
