import { writeFileSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';

/**
 * Loaded before a program: kills it, as `kill -9` does, when it is about to commit for the time that DIE_AT_COMMIT tells, so that
 * a transaction is lost that was whole but for its end. One that ends by itself leaves in COMMITS_FILE how often it committed.
 */
const { DIE_AT_COMMIT: at, COMMITS_FILE: file } = process.env;
let commits = 0;
const openTransactions = new WeakSet<DatabaseSync>();
const databaseOf = new WeakMap<StatementSync, DatabaseSync>();

const { prepare } = DatabaseSync.prototype;
DatabaseSync.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  databaseOf.set(statement, this);
  return statement;
};
for (const name of ['run', 'all'] as const) {
  const original: (...values: never[]) => unknown = StatementSync.prototype[name];
  Object.defineProperty(StatementSync.prototype, name, {
    value(this: StatementSync, ...values: never[]) {
      meet(this);
      return original.apply(this, values);
    },
  });
}
if (file !== undefined) process.on('exit', () => writeFileSync(file, String(commits)));

function meet(statement: StatementSync): void {
  const [word = ''] = statement.sourceSQL.trimStart().toLowerCase().split(/\s/);
  const database = databaseOf.get(statement);
  if (database === undefined) return;
  if (word === 'begin') openTransactions.add(database);
  const isAlone = ['insert', 'update', 'delete', 'replace'].includes(word) && !openTransactions.has(database);
  if (word !== 'commit' && !isAlone) return;
  openTransactions.delete(database);
  commits += 1;
  if (commits === Number(at)) process.kill(process.pid, 'SIGKILL');
}
