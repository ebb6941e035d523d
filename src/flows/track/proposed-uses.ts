import { proofOfChecks } from '../../domain/deadline/proof-of-checks.ts';
import { placeKey, type TrackedUse, type UseProposal } from '../../domain/deadline/tracked-use.ts';
import { usesOfTree } from '../../domain/deadline/uses-of-tree.ts';
import { canonicalReference } from '../../domain/image/reference.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import { formatInstant } from '../../domain/source/instant.ts';
import type { PullRequest } from '../../ports/forge.ts';
import { type CollectedUse, collectUses } from '../monitor/collect-uses.ts';
import { scanEach, wantedScan } from './scan-each.ts';
import {
  defaultPlatform,
  type ProposalPlace,
  type ReadTree,
  type TrackCycleRequest,
  type TrackPorts,
} from './track-request.ts';

type Ports = Pick<TrackPorts, 'scans' | 'registry'> & {
  readonly place: Extract<ProposalPlace, { readonly kind: 'forge' }>;
};

/** A use as the head of a pull request names it; `key`: of its place. */
type ChangedUse = {
  readonly pullRequest: PullRequest;
  readonly head: string;
  readonly key: string;
  readonly one: CollectedUse;
};

/** What pull requests make of each use that is tracked, by `placeKey`. @param open newest first @throws ForgeError, RepositoryError */
export async function proposedUses(
  ports: Ports,
  open: readonly PullRequest[],
  { tree, uses }: { readonly tree: ReadTree; readonly uses: readonly TrackedUse[] },
  request: TrackCycleRequest,
): Promise<ReadonlyMap<string, UseProposal>> {
  const none = uses.map(({ place }) => [placeKey(place), { kind: 'none' }] as const);
  const changed = open.length === 0 ? [] : await changedUses(ports.place, open, tree, request);
  const images = changed.map(({ one }) => wantedScan(one, request.platform));
  const said = await scanEach(ports, images, request);
  const proofs = await readProofs(ports.place, changed);
  const told = changed.map(({ pullRequest, head, key, one }): readonly [string, UseProposal] => {
    const { id, url, createdAt } = pullRequest;
    const scan = said(wantedScan(one, request.platform)) ?? unscanned;
    const proof = proofs.get(head);
    const reference = canonicalReference(one.reference);
    const proposal: UseProposal = { kind: 'open', id, url, openedAt: createdAt, reference, scan };
    return [key, proof === undefined ? proposal : { ...proposal, proof }];
  });
  // The newest one of a use counts.
  return new Map<string, UseProposal>([...none, ...told.toReversed()]);
}

const unscanned: ScanFacts = { kind: 'failed', message: 'no scanner was asked' };

async function changedUses(
  place: Ports['place'],
  open: readonly PullRequest[],
  tree: ReadTree,
  request: TrackCycleRequest,
): Promise<readonly ChangedUse[]> {
  const branch = place.branch ?? (await place.forge.readRepository(place.repository)).defaultBranch;
  const present = new Map(
    byPlace(tree.uses, tree, request).map(({ key, one }) => [key, canonicalReference(one.reference)]),
  );
  const today = formatInstant(request.now).slice(0, 10);
  const survey = { ...tree.survey, catalog: request.catalog, today, tree: tree.repository };
  const changed: ChangedUse[] = [];
  for (const pullRequest of open.filter(({ baseBranch }) => baseBranch === branch)) {
    const workspace = await place.openBranch(pullRequest.branch);
    const { uses } = await collectUses(workspace, survey);
    for (const { key, one } of byPlace(uses, tree, request)) {
      const before = present.get(key);
      if (before !== undefined && before !== canonicalReference(one.reference))
        changed.push({ pullRequest, head: workspace.revision, key, one });
    }
  }
  return changed;
}

/** What counts of a tree, each by the place that its episodes are kept at. */
function byPlace(
  uses: readonly CollectedUse[],
  { repository, policy }: ReadTree,
  { platform, now }: TrackCycleRequest,
): readonly Pick<ChangedUse, 'key' | 'one'>[] {
  const settings = { repository, platform: platform ?? defaultPlatform, policy, now };
  return uses.flatMap((one) =>
    usesOfTree([one], settings, () => ({ scan: unscanned })).map(({ place }) => ({ key: placeKey(place), one })),
  );
}

async function readProofs({ forge, repository }: Ports['place'], changed: readonly ChangedUse[]) {
  const proofs = new Map<string, ReturnType<typeof proofOfChecks>>();
  for (const head of new Set(changed.map((one) => one.head)))
    proofs.set(head, proofOfChecks(await forge.readChecks(repository, head)));
  return proofs;
}
