import type { Instant } from '../source/instant.ts';
import { allOf, type Episode, type EpisodeEvent, type ProposalProof } from './episode.ts';
import { openProposal } from './open-proposal.ts';
import { evidenceOf } from './scan-evidence.ts';
import type { UseProposal } from './tracked-use.ts';

/**
 * What became of the proposals of an episode whose finding is there still. A pull request whose content has the finding proposes
 * nothing for it.
 */
export function trackProposal(
  { subject, events }: Episode,
  proposal: UseProposal,
  now: Instant,
): readonly EpisodeEvent[] {
  const known = openProposal(events);
  const evidence = proposal.kind === 'open' ? evidenceOf(proposal.scan, subject) : undefined;
  if (proposal.kind === 'none' || evidence?.kind === 'present')
    return known === undefined ? [] : [{ at: now, what: { kind: 'withdrawn', url: known.url } }];
  const { id, url, openedAt, reference, proof } = proposal;
  const isNew = known?.url !== url;
  const proposed: EpisodeEvent = {
    at: Math.min(now, Math.max(openedAt, begunAt(events))),
    what: { kind: 'proposed', url, id },
  };
  const before = isNew ? undefined : known?.proof;
  const isProven = proof !== undefined && isNews(proof, before);
  return [
    ...(evidence?.kind === 'absent'
      ? [{ at: now, what: { kind: 'base-available', reference, digest: evidence.digest } } as const]
      : []),
    ...(isNew ? [proposed] : []),
    ...(isProven ? [{ at: now, what: { kind: 'verified', url, ...proof } } as const] : []),
  ];
}

/** When the forge merged one of its proposals, as long as the finding was not back since. @param mergedAt by their addresses */
export function proposalMergedAt(
  events: readonly EpisodeEvent[],
  mergedAt: ReadonlyMap<string, Instant>,
): Instant | undefined {
  const begun = allOf(events, 'reopened').at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  const merged = allOf(events, 'proposed').flatMap(({ at, what }) => {
    const when = mergedAt.get(what.url);
    return when === undefined || when <= begun ? [] : [Math.max(at, when)];
  });
  return merged.length === 0 ? undefined : Math.min(...merged);
}

/** A pull request may be older than the finding that it mends. */
function begunAt(events: readonly EpisodeEvent[]): Instant {
  const begun = [...allOf(events, 'detected'), ...allOf(events, 'reopened'), ...allOf(events, 'withdrawn')];
  return Math.max(...begun.map(({ at }) => at));
}

/** That checks run for the first time is none. */
function isNews(proof: ProposalProof, before: ProposalProof | undefined): boolean {
  if (before === undefined) return proof.decision !== 'hold';
  return proof.decision !== before.decision || proof.failed.join('\n') !== before.failed.join('\n');
}
