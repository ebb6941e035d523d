import type { RebuildSettings } from '../domain/deadline/rebuild-settings.ts';
import { unproposedImages } from '../domain/deadline/unproposed-images.ts';
import { usesOfTree } from '../domain/deadline/uses-of-tree.ts';
import { type WantedRebuilds, wantedRebuilds } from '../domain/deadline/wanted-rebuilds.ts';
import type { ScanFacts } from '../domain/policy/scan-facts.ts';
import type { ActedRepository, ActResult, AskedRebuild } from '../flows/act/act-result.ts';
import { askRebuild } from '../flows/act/ask-rebuild.ts';
import { scanKey } from '../flows/scan/scan-key.ts';
import { defaultPlatform, type ProposalPlace, type ReadTree } from '../flows/track/track-request.ts';
import { propose } from '../flows/update/propose.ts';
import type { EpisodeLog } from '../ports/episode-log.ts';
import { ForgeError } from '../ports/forge.ts';
import { RepositoryError } from '../ports/repositories.ts';
import type { GatheredUses } from './gather-uses.ts';
import { openProposals } from './open-proposals.ts';
import { type FleetOptions, withUpdateRun } from './update-run.ts';
import { workOnUpdates } from './work-on-updates.ts';

export type Acting = {
  readonly episodes: Pick<EpisodeLog, 'ofRepository' | 'append'>;
  readonly gathered: GatheredUses;
  /** What was said of the images in use, by `scanKey`. */
  readonly facts: ReadonlyMap<string, ScanFacts>;
  /** Repositories whose releases could not be read. */
  readonly unread: ReadonlySet<string>;
  readonly options: FleetOptions;
  readonly clock: () => number;
};

type Due = { readonly tree: ReadTree; readonly images: ReadonlySet<string>; readonly rebuilds: WantedRebuilds };

/**
 * What CRITICAL findings ask for at once: the update that ends them is proposed by the code of `update --propose --scan`, and where a
 * tag merely moved a release is asked for. What fails in one repository is its own, and is tried again by the next cycle.
 *
 * @see policy 5.2.5
 */
export async function actAtOnce(acting: Acting): Promise<ActResult> {
  const due = await findDue(acting);
  if (due.length === 0) return { repositories: [], unproven: [] };
  const { gathered, options, clock } = acting;
  const forges = openProposals(gathered.addresses, clock);
  try {
    const repositories: ActedRepository[] = [];
    const reachable: Due[] = [];
    for (const one of due) {
      const place = await placeOf(one, forges.of);
      const isProposed = one.images.size > 0 && place.kind === 'forge';
      const isFolder = options.fleet !== undefined && !gathered.addresses.has(one.tree.repository);
      const acted = await rebuild(one, place, acting);
      repositories.push(isProposed && isFolder ? { ...acted, left: [...acted.left, folderOfFleet] } : acted);
      if (isProposed && !isFolder) reachable.push(one);
    }
    if (reachable.length === 0) return { repositories, unproven: [] };
    const { proposed, unproven } = await proposeUpdates(reachable, acting);
    return { repositories: repositories.map((one) => withProposals(one, proposed)), unproven };
  } finally {
    await forges.close();
  }
}

const folderOfFleet = 'a folder of this machine has no pull requests: name the url of its repository';

async function findDue({ episodes, gathered, facts, options, clock }: Acting): Promise<readonly Due[]> {
  const due: Due[] = [];
  const { platform } = options;
  for (const tree of gathered.read) {
    const { repository, policy } = tree;
    const now = clock();
    const all = await episodes.ofRepository(repository);
    const uses = usesOfTree(
      tree.uses,
      { repository, platform: platform ?? defaultPlatform, policy, now },
      ({ reference, use }) => ({ scan: facts.get(scanKey(reference, use.platform ?? platform)) ?? unscanned }),
    );
    const images = unproposedImages(all, policy.deadlines, now);
    const rebuilds = wantedRebuilds(all, uses, policy.deadlines, now);
    if (images.size > 0 || rebuilds.unasked.length > 0 || rebuilds.covered.length > 0)
      due.push({ tree, images, rebuilds });
  }
  return due;
}

const unscanned: ScanFacts = { kind: 'failed', message: 'no scanner was asked' };

type Place = ProposalPlace | { readonly kind: 'refused'; readonly reason: string };

async function placeOf({ tree }: Due, find: (repository: string) => Promise<ProposalPlace>): Promise<Place> {
  try {
    return await find(tree.repository);
  } catch (error) {
    if (!(error instanceof ForgeError) && !(error instanceof RepositoryError)) throw error;
    return { kind: 'refused', reason: error.message };
  }
}

async function rebuild({ tree, images, rebuilds }: Due, place: Place, acting: Acting): Promise<ActedRepository> {
  const { repository, policy } = tree;
  const told = { repository, images: [...images].toSorted(), proposals: [], left: [], failures: [] };
  if (place.kind === 'refused') return { ...told, failures: [place.reason] };
  if (place.kind === 'none') return { ...told, left: [place.reason] };
  const asked = await askFor(rebuilds, { place, settings: policy.deadlines.rebuild }, tree, acting);
  return { ...told, ...(asked === undefined ? {} : { rebuild: asked }) };
}

async function askFor(
  wanted: WantedRebuilds,
  {
    place,
    settings,
  }: { readonly place: Extract<Place, { kind: 'forge' }>; readonly settings: RebuildSettings | undefined },
  { repository }: ReadTree,
  { episodes, unread, options, clock }: Acting,
): Promise<AskedRebuild | undefined> {
  const digests = [...new Set(wanted.unasked.map(({ digest }) => digest))];
  if (digests.length > 0 && unread.has(repository))
    return { digests, outcome: 'refused', reason: 'its releases could not be read: it may be in one already' };
  if (digests.length > 0 && settings === undefined) return { digests, outcome: 'unnamed', reason: unnamed };
  return askRebuild(
    { episodes },
    { place, wanted, settings: settings ?? { inputs: {} }, now: clock(), isDryRun: options.dryRun === true },
  );
}

const unnamed =
  'a tag moved, and nothing was merged that would make a release: name what does in the policy file, deadlines: { rebuild: { workflow: release.yml } }, or start it';

type Proposed = Pick<ActedRepository, 'proposals' | 'left' | 'failures'>;

async function proposeUpdates(due: readonly Due[], { options }: Acting) {
  const only = new Map(due.map(({ tree, images }) => [tree.repository, images]));
  return withUpdateRun({ ...options, scan: true }, async (run) => {
    const { repositories } = await workOnUpdates<readonly [string, Proposed]>(
      [...only.keys()],
      { ...run, only },
      {
        async use({ named, forge, branches, request, plan }) {
          const { rows } = await propose({ forge, branches }, request);
          const failures = plan.unanswered.map(({ reference, message }) => `${reference}: ${message}`);
          const isNothing = rows.length === 0 && failures.length === 0;
          return [named.name, { proposals: rows, left: isNothing ? [nothingMends] : [], failures }];
        },
        none: ({ named, left, failure, problems }) => [
          named.name,
          {
            proposals: [],
            left: [
              ...(left === undefined ? [] : [left]),
              ...problems.map(({ path, message }) => `${path}: ${message}`),
            ],
            failures: failure === undefined ? [] : [failure],
          },
        ],
      },
    );
    return { proposed: new Map(repositories), unproven: [...run.unproven] };
  });
}

const nothingMends = 'no update in its line is proven to mend a CRITICAL finding now';

function withProposals(one: ActedRepository, proposed: ReadonlyMap<string, Proposed>): ActedRepository {
  const found = proposed.get(one.repository);
  if (found === undefined) return one;
  const { proposals, left, failures } = found;
  return { ...one, proposals, left: [...one.left, ...left], failures: [...one.failures, ...failures] };
}
