import { type CatalogChanges, compareParts } from '../domain/catalog/refresh/changes.ts';
import { parseEndOfLife } from '../domain/catalog/refresh/end-of-life-answer.ts';
import { type Renewal, renewLifeCycles, renewOfficial } from '../domain/catalog/refresh/renew.ts';
import { findShrinks, type Shrink } from '../domain/catalog/refresh/shrinks.ts';
import type { LifeCyclesPart, OfficialPart, RenewableParts } from '../domain/catalog/snapshot.ts';
import { type CatalogUpstream, CatalogUpstreamError } from '../ports/catalog-upstream.ts';

/** What the live sources say against what is in force. This is also the `--json` output, but for `parts`. */
export type CatalogRefresh = {
  /** `ready`: may be written. `refused`: shrank too much. `failed`: neither source could be read. */
  readonly outcome: 'ready' | 'refused' | 'failed';
  /** Dates of the two sources. */
  readonly before: SourceDates;
  readonly after: SourceDates;
  readonly changes: CatalogChanges;
  readonly shrinks: readonly Shrink[];
  /** What stays as it was, and why: then the refresh is in part. */
  readonly faults: readonly string[];
  readonly requests: Readonly<Record<string, number>>;
  readonly parts: RenewableParts;
};

type SourceDates = { readonly official: string; readonly lifeCycles: string };

/**
 * Reads the live sources and compares; writes nothing.
 *
 * @param now ISO instant. @param isShrinkAccepted whether what shrank is known to be right.
 */
export async function refreshCatalog(
  upstream: CatalogUpstream,
  before: RenewableParts,
  { now, isShrinkAccepted }: { readonly now: string; readonly isShrinkAccepted: boolean },
): Promise<CatalogRefresh> {
  const [official, lifeCycles] = await Promise.all([
    orFault(() => readOfficial(upstream, before.official, now)),
    orFault(() => readLifeCycles(upstream, before.lifeCycles, now)),
  ]);
  const parts = { official: official.part ?? before.official, lifeCycles: lifeCycles.part ?? before.lifeCycles };
  const renewedProducts =
    lifeCycles.part === undefined
      ? undefined
      : Object.keys(parts.lifeCycles.products).length - Object.keys(parts.lifeCycles.kept ?? {}).length;
  const shrinks = findShrinks(before, parts, renewedProducts);
  const isAnyRead = official.part !== undefined || lifeCycles.part !== undefined;
  return {
    outcome: !isAnyRead ? 'failed' : shrinks.length > 0 && !isShrinkAccepted ? 'refused' : 'ready',
    before: datesOf(before),
    after: datesOf(parts),
    changes: compareParts(before, parts),
    shrinks,
    faults: [...official.faults, ...lifeCycles.faults],
    requests: upstream.requests(),
    parts,
  };
}

async function readOfficial(
  upstream: CatalogUpstream,
  before: OfficialPart,
  now: string,
): Promise<Renewal<OfficialPart>> {
  const listing = await upstream.readOfficialList();
  refuseOtherTimes('the list of official images', listing.committedOn, before.source.date, now);
  return renewOfficial(before, listing);
}

async function readLifeCycles(
  upstream: CatalogUpstream,
  before: LifeCyclesPart,
  now: string,
): Promise<Renewal<LifeCyclesPart>> {
  // Announced releases are listed with their day; further ahead than two years it is a mistake.
  const answer = parseEndOfLife(await upstream.readLifeCycles(), dayAfter(now, 2 * 366));
  if (answer.kind === 'malformed')
    throw new CatalogUpstreamError('malformed', `cannot use what endoflife.date says: ${answer.reason}`);
  refuseOtherTimes('the answer of endoflife.date', answer.generatedOn, before.source.date, now);
  return renewLifeCycles(before, answer);
}

/** An older answer comes from a cache that stands still, one of the future from a wrong clock: either would hide what is newer. */
function refuseOtherTimes(what: string, date: string, before: string, now: string): void {
  if (date < before) throw new CatalogUpstreamError('malformed', `${what} is of ${date}, older than the present one`);
  // Where it is tomorrow already.
  if (date > dayAfter(now, 1)) throw new CatalogUpstreamError('malformed', `${what} is of ${date}, a day to come`);
}

/** One source's failure is told and the other one goes on. */
async function orFault<Part>(
  read: () => Promise<Renewal<Part>>,
): Promise<{ readonly part: Part | undefined; readonly faults: readonly string[] }> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CatalogUpstreamError)) throw error;
    return { part: undefined, faults: [error.message] };
  }
}

function dayAfter(now: string, days: number): string {
  return new Date(Date.parse(now) + days * 86_400_000).toISOString().slice(0, 10);
}

function datesOf({ official, lifeCycles }: RenewableParts): SourceDates {
  return { official: official.source.date, lifeCycles: lifeCycles.source.date };
}
