import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../ports/store.ts';

/** Ends the lock; may be called twice. */
export type Lock = { release(): void };

/**
 * Makes this process the one writer of a ledger.
 *
 * The lock is the operating system's, on a file beside the ledger that stays empty: it ends with the process, however that
 * ends, and nothing has to be cleared away. It is not on the ledger itself, so that others may read it meanwhile. SQLite takes
 * it, because Node has no call for it.
 *
 * @throws StoreError `busy`.
 */
export function holdLock(ledger: string): Lock {
  const path = `${ledger}.lock`;
  let holder: DatabaseSync | undefined;
  try {
    holder = new DatabaseSync(path, { timeout: 0 });
    holder.exec('begin exclusive');
  } catch (error) {
    holder?.close();
    throw refusal(ledger, path, error);
  }
  const held = holder;
  return {
    release() {
      if (held.isOpen) held.close();
    },
  };
}

function refusal(ledger: string, path: string, cause: unknown): StoreError {
  if (sqliteCode(cause) === 5)
    return new StoreError(
      'busy',
      `cannot write the ledger ${ledger}: another process writes it now; wait until it ends, or name another ledger`,
      { cause },
    );
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError(
    'unusable',
    `cannot lock the ledger ${ledger} by ${path}: ${reason}; make the folder writable, or name another ledger`,
    { cause },
  );
}

/** SQLite's primary result code, @see https://www.sqlite.org/rescode.html */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  // Extended codes carry their primary one in the lowest byte.
  return error.errcode & 0xff;
}
