import { branchPrefix } from '../../domain/update/proposal.ts';
import { ForgeError } from '../../ports/forge.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import { findCandidates } from './find-candidates.ts';
import { settleOne } from './settle-one.ts';
import type { SettledRepository, SettleRow } from './settle-result.ts';
import type { Candidate, SettlePlace, SettleRun, Tally } from './settle-run.ts';

const dayMs = 86_400_000;
/** Between two looks at checks that run. */
const everyMs = 30_000;

type Settled = Pick<SettledRepository, 'name' | 'rows' | 'failure'>;

/**
 * Settles the open pull requests of ours in all these repositories: waits for their checks until the deadline, merges what may be
 * merged, one after the other, and asks people about the rest. No store of ours: all that counts is read from the forges each time.
 */
export async function settle(places: readonly SettlePlace[], run: SettleRun): Promise<readonly Settled[]> {
  const rows = new Map<SettlePlace, SettleRow[]>();
  const failures = new Map<SettlePlace, string>();
  const candidates: Candidate[] = [];
  for (const place of places) {
    try {
      const found = await findCandidates(place);
      rows.set(place, [...found.rows]);
      candidates.push(...found.candidates);
    } catch (error) {
      failures.set(place, messageOf(error));
    }
  }
  const tally: Tally = {
    mergedToday: run.isWhole && failures.size === 0 ? await countMerged(places, run) : undefined,
    mergedInto: new Map(),
  };
  for (const [candidate, row] of await settleAll(candidates, run, tally)) rows.get(candidate.place)?.push(row);
  return places.map((place) => {
    const failure = failures.get(place);
    return { name: place.name, rows: rows.get(place) ?? [], ...(failure === undefined ? {} : { failure }) };
  });
}

async function settleAll(
  candidates: readonly Candidate[],
  run: SettleRun,
  tally: Tally,
): Promise<readonly (readonly [Candidate, SettleRow])[]> {
  const settled = new Map<Candidate, SettleRow>();
  for (let waiting = candidates; ; ) {
    const isLast = run.clock() + everyMs > run.deadline;
    const still: Candidate[] = [];
    for (const candidate of waiting) {
      const row = await settleOne(candidate, run, tally, isLast);
      settled.set(candidate, row);
      if (row.action === 'wait') still.push(candidate);
    }
    if (isLast || still.length === 0) break;
    await run.pause(everyMs);
    waiting = still;
  }
  return candidates.flatMap((candidate) => {
    const row = settled.get(candidate);
    return row === undefined ? [] : [[candidate, row] as const];
  });
}

/** In these repositories since midnight UTC, whoever merged them; not asked where nothing limits it. */
async function countMerged(places: readonly SettlePlace[], { clock }: SettleRun): Promise<number | undefined> {
  if (places.every(({ request }) => request.settings.automerge.perDay === undefined)) return undefined;
  const closedSince = Math.floor(clock() / dayMs) * dayMs;
  let merged = 0;
  for (const { forge, request } of places) {
    try {
      const found = await forge.listPullRequests(request.repository, { branchPrefix, closedSince });
      merged += found.filter(({ state }) => state === 'merged').length;
    } catch (error) {
      messageOf(error);
      return undefined;
    }
  }
  return merged;
}

function messageOf(error: unknown): string {
  if (error instanceof ForgeError || error instanceof RepositoryError) return error.message;
  throw error;
}
