import { type Episode, firstOf, type RecordedEvent } from '../../domain/deadline/episode.ts';
import { episodeStanding } from '../../domain/deadline/episode-standing.ts';
import { wasProven } from '../../domain/deadline/told-approvals.ts';
import { trackFindings } from '../../domain/deadline/track-findings.ts';
import { placeKey, type TrackedUse, type UsePlace } from '../../domain/deadline/tracked-use.ts';
import { usesOfTree } from '../../domain/deadline/uses-of-tree.ts';
import { withEvents } from '../../domain/deadline/with-events.ts';
import { splitByApproval, type WaiverApproval, waiverKey } from '../../domain/policy/approval/waiver-approval.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import type { CollectedUse } from '../monitor/collect-uses.ts';
import { scanKey } from '../scan/scan-key.ts';
import { OwnWordsLedger } from './own-words.ts';
import type { KnownExploited } from './read-exploited.ts';
import { type ProposalReading, readProposals } from './read-proposals.ts';
import { readReleasedImages } from './read-released-images.ts';
import { readReleases } from './read-releases.ts';
import { scanAlternatives } from './scan-alternatives.ts';
import { scanReplacements } from './scan-replacements.ts';
import { defaultPlatform, type ReadTree, type TrackCycleRequest, type TrackPorts } from './track-request.ts';
import type { TrackResult } from './track-result.ts';

/** Writes down what became of the findings of every repository since the cycle before; each repository in whole or not at all. */
export async function trackCycle(ports: TrackPorts, request: TrackCycleRequest): Promise<TrackResult> {
  const { trees, platform, facts, now } = request;
  const scanOf = ({ reference, use }: CollectedUse): ScanFacts =>
    facts.get(scanKey(reference, use.platform ?? platform)) ?? { kind: 'failed', message: 'no scanner was asked' };
  const replacements = await scanReplacements(ports, request, scanOf);
  const alternatives = await scanAlternatives(ports, request, { scanOf, replacements });
  const words = new OwnWordsLedger(now);
  const events: RecordedEvent[] = [];
  const unproven: { readonly place: UsePlace; readonly reason: string }[] = [];
  const unasked: { readonly repository: string; readonly reason: string }[] = [];
  const unread: { readonly repository: string; readonly reason: string }[] = [];
  const unreadImages: TrackResult['unreadImages'][number][] = [];
  let [open, late, openExploited] = [0, 0, 0];
  for (const given of trees) {
    const { repository, revision, isWhole } = given;
    const episodes = await ports.episodes.ofRepository(repository);
    const tree = { ...given, policy: withCountedWaivers(given, episodes, words, request) };
    const { policy } = tree;
    const { facts: own, without } = words.apply(tree, scanOf);
    const uses = usesOfTree(
      tree.uses,
      { repository, platform: platform ?? defaultPlatform, policy, now, ...approvalsIn(request) },
      (one): Omit<TrackedUse, 'place' | 'waivers'> => {
        const replacement = replacements.get(one);
        const others = alternatives.get(one);
        return {
          scan: own.get(one) ?? scanOf(one),
          ...(replacement === undefined ? {} : { replacement }),
          ...(others === undefined ? {} : { alternatives: others }),
        };
      },
    );
    const proposals = await readProposals(ports, { tree, uses, episodes }, request);
    if (proposals.kind === 'refused') unasked.push({ repository, reason: proposals.reason });
    const reading = await readReleases(ports, tree, { episodes, without }, request);
    if (reading.kind === 'refused') unread.push({ repository, reason: reading.reason });
    const releases = reading.kind === 'read' ? reading.releases : [];
    const shipped = await readReleasedImages(ports, { tree, uses, episodes, without }, request);
    unreadImages.push(...shipped.refused.map((one) => ({ repository, ...one })));
    const tracking = trackFindings({
      ...{ episodes, isWhole, releases, releasedImages: shipped.images, settings: policy.deadlines, now },
      uses: uses.map((use) => withProposal(use, proposals)),
      exploited: request.exploited.kind === 'read' ? request.exploited : noneExploited,
      mergedAt: proposals.kind === 'read' ? proposals.mergedAt : new Map(),
      ...(revision === undefined ? {} : { revision }),
    });
    const told = [...tracking.carried, ...tracking.events];
    await ports.episodes.append(told);
    events.push(...tracking.events);
    unproven.push(...tracking.unproven);
    for (const episode of withEvents(episodes, told)) {
      const { state } = episodeStanding(episode, policy.deadlines, now);
      if (state !== 'closed') open += 1;
      if (state !== 'closed' && firstOf(episode.events, 'exploited') !== undefined) openExploited += 1;
      if (state === 'late') late += 1;
    }
  }
  const count = (kind: RecordedEvent['event']['what']['kind']) =>
    events.filter(({ event }) => event.what.kind === kind).length;
  return {
    ...{ detected: count('detected'), reopened: count('reopened'), merged: count('merged') },
    ...{ closed: count('closed'), breached: count('breached'), open, late },
    unproven: unproven.map(({ place, reason }) => ({ ...place, reason })),
    ...{ unasked, unread, unreadImages },
    ...exploitedResult(request.exploited, openExploited),
    words: words.told(),
  };
}

/** Without waivers whose approval has to be proven and is not. One that nobody could be asked about counts if it was proven before, as it stands. */
function withCountedWaivers(
  { policy }: ReadTree,
  episodes: readonly Episode[],
  words: OwnWordsLedger,
  { approvals = new Map() }: TrackCycleRequest,
): ReadTree['policy'] {
  const { waivers, approvalProof } = policy;
  const isProven = (approval: WaiverApproval) => wasProven(approval, episodes);
  const { counted, uncounted } = splitByApproval(waivers, approvals, approvalProof, isProven);
  words.approve(
    waivers.flatMap((waiver) => approvals.get(waiverKey(waiver)) ?? []),
    uncounted,
  );
  return { ...policy, waivers: counted };
}

function approvalsIn({ approvals }: TrackCycleRequest): Pick<TrackCycleRequest, 'approvals'> {
  return approvals === undefined ? {} : { approvals };
}

const noneExploited = { source: '', listedAt: new Map<string, number>() };

function exploitedResult(known: KnownExploited, open: number): Pick<TrackResult, 'exploited'> {
  switch (known.kind) {
    case 'none':
      return {};
    case 'read':
      return { exploited: { kind: 'read', source: known.source, open } };
    case 'refused':
      return { exploited: known };
  }
}

function withProposal(use: TrackedUse, reading: ProposalReading): TrackedUse {
  const proposal = reading.kind === 'read' ? reading.open.get(placeKey(use.place)) : undefined;
  return proposal === undefined ? use : { ...use, proposal };
}
