import { type Episode, firstOf } from '../../domain/deadline/episode.ts';
import { closingOf } from '../../domain/deadline/milestones.ts';
import { newestReleases } from '../../domain/deadline/order-releases.ts';
import { isReleasedAsImage } from '../../domain/deadline/track-releases.ts';
import type { TrackedRelease } from '../../domain/deadline/tracked-use.ts';
import { usesOfTree } from '../../domain/deadline/uses-of-tree.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import { repositoryName } from '../../domain/image/reference.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { PublishedRelease } from '../../ports/releases.ts';
import { RepositoryError } from '../../ports/repositories.ts';
import type { ImageLedger, Store } from '../../ports/store.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { type CollectedUse, collectUses } from '../monitor/collect-uses.ts';
import type { AppliedWords } from './own-words.ts';
import { scanEach, wantedScan } from './scan-each.ts';
import { defaultPlatform, type ReadTree, type TrackCycleRequest, type TrackPorts } from './track-request.ts';

/** Of each series: what was released before the last look was told then. */
const newest = 10;

export type ReleaseReading =
  | { readonly kind: 'read'; readonly releases: readonly TrackedRelease[] }
  /** One clause: who was asked what, and what came back. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * What the releases since the first open episode stand on. A digest that the Dockerfile pins is that of the release; of a tag counts
 * what it was seen to stand for before and after the publication, and where that is not known the release proves nothing.
 */
export async function readReleases(
  ports: TrackPorts,
  tree: ReadTree,
  { episodes, without }: { readonly episodes: readonly Episode[]; readonly without: AppliedWords['without'] },
  request: TrackCycleRequest,
): Promise<ReleaseReading> {
  const { releases: tags, policy } = tree;
  const since = firstDetection(episodes.filter((one) => !isReleasedAsImage(one, { settings: policy.deadlines })));
  if (since === undefined || policy.deadlines.releases !== 'tags') return { kind: 'read', releases: [] };
  if (tags === undefined) return { kind: 'refused', reason: noTags };
  try {
    const kinds = new Map<string, TrackedRelease['kind']>();
    const published = await tags.list((names) => {
      const chosen = newestReleases(names, newest);
      for (const { name, kind } of chosen) kinds.set(name, kind);
      return chosen.map(({ name }) => name);
    });
    const later = published
      .filter(({ publishedAt }) => publishedAt > since && publishedAt <= request.now)
      .toSorted((a, b) => a.publishedAt - b.publishedAt);
    const releases: TrackedRelease[] = [];
    for (const release of later)
      releases.push({
        ...{ ...release, kind: kinds.get(release.name) ?? 'unknown' },
        uses: await usesOfRelease(
          ports,
          { ...tree, without, workspace: await tags.open(release.name) },
          release,
          request,
        ),
      });
    return { kind: 'read', releases };
  } catch (error) {
    if (!(error instanceof RepositoryError)) throw error;
    return { kind: 'refused', reason: error.message };
  }
}

const noTags =
  'it is no git repository; where what is on the branch ships at once, write releases: branch under deadlines in the policy file';

function firstDetection(episodes: readonly Episode[]): Instant | undefined {
  const open = episodes.filter(({ events }) => closingOf(events) === undefined);
  const detected = open.flatMap(({ events }) => firstOf(events, 'detected')?.at ?? []);
  return detected.length === 0 ? undefined : Math.min(...detected);
}

type ReleasedTree = { readonly workspace: Workspace; readonly without: AppliedWords['without'] };

async function usesOfRelease(
  ports: TrackPorts,
  { workspace, repository, policy, survey, without }: ReadTree & ReleasedTree,
  { name, publishedAt }: PublishedRelease,
  request: TrackCycleRequest,
): Promise<TrackedRelease['uses']> {
  const { platform, catalog, now } = request;
  const today = formatInstant(publishedAt).slice(0, 10);
  const { uses } = await collectUses(workspace, { ...survey, catalog, today, tree: repository });
  const dated = await digestsAt(ports.store, uses, publishedAt);
  const images = new Map(
    uses.flatMap((one) => {
      const digest = one.reference.digest ?? dated.get(one);
      return digest === undefined ? [] : [[one, wantedScan(one, platform, { ...one.reference, digest })] as const];
    }),
  );
  const said = await scanEach(ports, [...images.values()], request);
  return usesOfTree(uses, { repository, platform: platform ?? defaultPlatform, policy, now }, (one) => {
    const image = images.get(one);
    const scan = image === undefined ? undefined : said(image);
    return { scan: scan === undefined ? unknownContent(name) : without(scan, one.reference) };
  });
}

function unknownContent(name: string): ScanFacts {
  return { kind: 'failed', message: `it is not known what the tag stood for when ${name} was published` };
}

/** What tags stood for at an instant: seen before it and after it, without a move between. */
async function digestsAt(
  store: Pick<Store, 'readImages'>,
  uses: readonly CollectedUse[],
  at: Instant,
): Promise<ReadonlyMap<CollectedUse, Digest>> {
  const tagged = uses.filter(({ reference }) => reference.digest === undefined);
  const ledgers = await store.readImages([...new Set(tagged.map(({ reference }) => repositoryName(reference)))]);
  return new Map(
    tagged.flatMap((one) => {
      const { tag = 'latest' } = one.reference;
      const digest = digestAt(ledgers.get(repositoryName(one.reference)), tag, at);
      return digest === undefined ? [] : [[one, digest] as const];
    }),
  );
}

function digestAt(ledger: ImageLedger | undefined, tag: string, at: Instant): Digest | undefined {
  return ledger?.sightings.find(
    (sighting) =>
      sighting.tag === tag && sighting.platform === '*' && sighting.firstSeenAt <= at && at <= sighting.lastSeenAt,
  )?.digest;
}
