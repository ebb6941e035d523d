import type { RecordedEvent } from '../../domain/deadline/episode.ts';
import type { RebuildSettings } from '../../domain/deadline/rebuild-settings.ts';
import type { RebuildOf, WantedRebuilds } from '../../domain/deadline/wanted-rebuilds.ts';
import type { StartedRun } from '../../domain/forge/started-run.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { EpisodeLog } from '../../ports/episode-log.ts';
import { type Forge, ForgeError } from '../../ports/forge.ts';
import type { ProposalPlace } from '../track/track-request.ts';
import type { AskedRebuild } from './act-result.ts';

export type RebuildPlace = Omit<Extract<ProposalPlace, { readonly kind: 'forge' }>, 'openBranch'>;

export type RebuildRequest = {
  readonly place: RebuildPlace;
  readonly wanted: WantedRebuilds;
  readonly settings: RebuildSettings;
  readonly now: Instant;
  readonly isDryRun: boolean;
};

/** So long a run that was started may be missing from the list of runs. */
const unlistedMs = 60_000;

/**
 * Asks for one release of a repository that builds anew on what its tags came to, once for each content: what is to be asked for is
 * written down before, the run afterwards. Where that was not written, the forge is looked at first: a run that came after the one
 * that was the newest then is the one that was asked for.
 *
 * A refusal is told, and asked for again by the next cycle. @throws StoreError
 */
export async function askRebuild(
  { episodes }: { readonly episodes: Pick<EpisodeLog, 'append'> },
  request: RebuildRequest,
): Promise<AskedRebuild | undefined> {
  const { wanted, now, isDryRun } = request;
  const { unasked, covered } = wanted;
  if (!isDryRun && covered.length > 0) await episodes.append(covered.map((one) => askedOf(one, one.url, now)));
  if (unasked.length === 0) return undefined;
  const digests = [...new Set(unasked.map(({ digest }) => digest))];
  try {
    return { digests, ...(await ask({ episodes }, request)) };
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return { digests, outcome: 'refused', reason: error.message };
  }
}

async function ask(
  { episodes }: { readonly episodes: Pick<EpisodeLog, 'append'> },
  { place, wanted: { unasked }, settings, now, isDryRun }: RebuildRequest,
): Promise<Omit<AskedRebuild, 'digests'>> {
  const { forge, repository } = place;
  const ref = settings.ref ?? place.branch ?? (await forge.readRepository(repository)).defaultBranch;
  const pipeline = { ...settings, ref };
  const runs = await forge.listStartedRuns(repository, pipeline);
  const record = async (url: string) => episodes.append(unasked.map((one) => askedOf(one, url, now)));
  const intended = unasked.flatMap((one) => one.intended ?? []).toSorted((a, b) => a.at - b.at);
  const [first] = intended;
  const found = first === undefined ? undefined : firstAfter(runs, first.after);
  if (found !== undefined) {
    if (!isDryRun) await record(found.url);
    return { outcome: 'found', url: found.url };
  }
  const last = intended.at(-1);
  if (last !== undefined && now - last.at < unlistedMs)
    return {
      outcome: 'pending',
      reason: `it may have been started at ${formatInstant(last.at)}, and its run is not listed yet: the next cycle looks again`,
    };
  if (isDryRun) return { outcome: 'planned' };
  const after = Math.max(0, ...runs.map(({ id }) => id));
  // Each time: a run may not be listed yet when the one that asked was killed.
  const again = new Map(unasked.flatMap((one) => (one.intended === undefined ? [] : [[one.digest, one]])));
  const asking = [...unasked.filter((one) => one.intended === undefined), ...again.values()];
  await episodes.append(asking.map((one) => eventOf(one, now, { kind: 'rebuild-intended', after })));
  const started =
    (await forge.startPipeline(repository, pipeline)) ?? (await findStarted(forge, place, pipeline, after));
  if (started === undefined)
    return { outcome: 'pending', reason: 'it was started, and its run is not listed yet: the next cycle looks again' };
  await record(started.url);
  return { outcome: 'asked', url: started.url };
}

async function findStarted(
  forge: Forge,
  { repository }: RebuildPlace,
  pipeline: Parameters<Forge['listStartedRuns']>[1],
  after: number,
): Promise<StartedRun | undefined> {
  return firstAfter(await forge.listStartedRuns(repository, pipeline), after);
}

function firstAfter(runs: readonly StartedRun[], after: number): StartedRun | undefined {
  return runs.filter(({ id }) => id > after).toSorted((a, b) => a.id - b.id)[0];
}

type What =
  | { readonly kind: 'rebuild-intended'; readonly after: number }
  | { readonly kind: 'rebuild-asked'; readonly url: string };

function askedOf(one: RebuildOf, url: string, now: Instant): RecordedEvent {
  return eventOf(one, now, { kind: 'rebuild-asked', url });
}

function eventOf({ episode: { subject, number }, digest }: RebuildOf, at: Instant, what: What): RecordedEvent {
  return { subject, number, event: { at, what: { ...what, digest } } };
}
