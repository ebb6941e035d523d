import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { AuditedEvent, AuditHead } from '../../domain/audit/audit-chain.ts';
import { closedEpisode, type StandingEpisode } from '../../domain/deadline/closed-episode.ts';
import {
  type Episode,
  type EpisodeEvent,
  type EpisodeSubject,
  type RecordedEvent,
  subjectKey,
} from '../../domain/deadline/episode.ts';
import type { EpisodeStanding } from '../../domain/deadline/episode-standing.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { EpisodeAudit, EpisodeListing, EpisodeLog } from '../../ports/episode-log.ts';
import { parseWhat, subjectOf } from './episode-columns.ts';
import type { LedgerTables } from './ledger-tables.ts';
import { readAudited, readAuditHead, readFirstSince } from './read-audit.ts';
import { recordEpisodes } from './record-episodes.ts';
import type { OpenLedger } from './sql-store.ts';

type EpisodeRow = LedgerTables['episodes'];
type EpisodeQuery = SelectQueryBuilder<LedgerTables, 'episodes', EpisodeRow>;

/** Numbers per statement, far below what any database takes (SQLite 32,766, PostgreSQL 65,535). */
const idsAtOnce = 5000;
const rowsAtOnce = 5000;

/** The episodes of a ledger, over SQL that SQLite and PostgreSQL both know. */
export class SqlEpisodeLog implements EpisodeLog, EpisodeAudit {
  readonly #ledger: Pick<OpenLedger, 'db' | 'explain'>;

  constructor(ledger: Pick<OpenLedger, 'db' | 'explain'>) {
    this.#ledger = ledger;
  }

  async append(events: readonly RecordedEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.#ask((db) => db.transaction().execute((trx) => recordEpisodes(trx, events)));
  }

  ofRepository(repository: string): Promise<readonly Episode[]> {
    return this.#ask(async (db) => {
      const all = await readEpisodes(db, (query) => query.where('repository', '=', repository));
      // A later one of the same subject takes the place of the one before.
      return [...new Map(all.map((episode) => [subjectKey(episode.subject), episode])).values()];
    });
  }

  list(since: Instant): Promise<EpisodeListing> {
    // In a transaction: an episode that is closed meanwhile is told once.
    return this.#ask((ledger) =>
      ledger.transaction().execute(async (db) => {
        const open = await readEpisodes(db, (query) => query.where('closed_at', 'is', null));
        return { open, closed: await readClosed(db, since) };
      }),
    );
  }

  auditHead(): Promise<AuditHead> {
    return this.#ask(readAuditHead);
  }

  async *recorded(since?: Instant): AsyncGenerator<readonly AuditedEvent[]> {
    const first = since === undefined ? 1 : await this.#ask((db) => readFirstSince(db, since));
    if (first === undefined) return;
    for (let after = first - 1; ; ) {
      const events = await this.#ask((db) => readAudited(db, after));
      const last = events.at(-1);
      if (last === undefined) return;
      yield events;
      after = last.sequence;
    }
  }

  async #ask<T>(question: (db: Kysely<LedgerTables>) => Promise<T>): Promise<T> {
    try {
      return await question(this.#ledger.db);
    } catch (error) {
      throw this.#ledger.explain(error);
    }
  }
}

/** By pieces: rows that become episodes at once leave nothing behind that a collector would have to carry along. */
async function readClosed(db: Kysely<LedgerTables>, since: Instant): Promise<readonly StandingEpisode[]> {
  const closed: StandingEpisode[] = [];
  const told = new OnceTold();
  let last: Pick<EpisodeRow, 'closed_at' | 'id'> = { closed_at: since, id: -1 };
  for (;;) {
    const { closed_at, id } = last;
    const rows = await db
      .selectFrom('episodes')
      .selectAll()
      .where(({ eb, refTuple, tuple }) => eb(refTuple('closed_at', 'id'), '>', tuple(closed_at, id)))
      .orderBy('closed_at')
      .orderBy('id')
      .limit(rowsAtOnce)
      .execute();
    const underived = rows.filter(({ standing }) => standing === null);
    const events = await readEvents(
      db,
      underived.map((row) => row.id),
    );
    const standings = parseStandings(rows);
    for (const [at, row] of rows.entries()) {
      const one = closedOf(row, standings[at], told, events);
      if (one !== undefined) closed.push(one);
    }
    if (rows.length < rowsAtOnce) return closed;
    last = rows.at(-1) ?? last;
  }
}

/** One text for all: a call for each of a hundred thousand takes a third longer. Only `recordEpisodes` writes the column, from this very type. */
function parseStandings(rows: readonly Pick<EpisodeRow, 'standing'>[]): readonly (EpisodeStanding | null)[] {
  return JSON.parse(`[${rows.map(({ standing }) => standing ?? 'null').join(',')}]`) as (EpisodeStanding | null)[];
}

function closedOf(
  row: EpisodeRow,
  standing: EpisodeStanding | null | undefined,
  told: OnceTold,
  events: ReadonlyMap<number, readonly EpisodeEvent[]>,
): StandingEpisode | undefined {
  const { number } = row;
  const subject = told.subjectOf(row);
  if (standing === null || standing === undefined)
    return closedEpisode({ subject, number, events: events.get(row.id) ?? [] });
  return { subject, number, standing };
}

/** Keeps each text once: a database gives the name of a repository anew with every row. */
class OnceTold {
  readonly #texts = new Map<string, string>();

  subjectOf(row: EpisodeRow): EpisodeSubject {
    return {
      repository: this.#once(row.repository),
      path: this.#once(row.path),
      stage: this.#once(row.stage),
      platform: this.#once(row.platform),
      image: this.#once(row.image),
      id: row.vulnerability,
      sourcePackage: this.#once(row.source_package),
    };
  }

  #once(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}

async function readEpisodes(
  db: Kysely<LedgerTables>,
  choose: (query: EpisodeQuery) => EpisodeQuery,
): Promise<readonly Episode[]> {
  const query = choose(db.selectFrom('episodes').selectAll());
  const rows = await query.orderBy('repository').orderBy('id').execute();
  const events = await readEvents(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ subject: subjectOf(row), number: row.number, events: events.get(row.id) ?? [] }));
}

async function readEvents(
  db: Kysely<LedgerTables>,
  episodes: readonly number[],
): Promise<ReadonlyMap<number, readonly EpisodeEvent[]>> {
  const events = new Map<number, EpisodeEvent[]>();
  for (let from = 0; from < episodes.length; from += idsAtOnce) {
    const rows = await db
      .selectFrom('episode_events')
      .select(['episode', 'at', 'what'])
      .where('episode', 'in', episodes.slice(from, from + idsAtOnce))
      .orderBy('episode')
      .orderBy('position')
      .execute();
    for (const { episode, at, what } of rows) {
      const event = { at, what: parseWhat(what) };
      const same = events.get(episode);
      if (same === undefined) events.set(episode, [event]);
      else same.push(event);
    }
  }
  return events;
}
