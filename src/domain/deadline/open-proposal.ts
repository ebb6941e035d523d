import type { Instant } from '../source/instant.ts';
import type { EpisodeEvent, ProposalProof } from './episode.ts';

/** The pull request that would end an episode, and how it stands. */
export type OpenProposal = {
  readonly id: string;
  readonly url: string;
  readonly since: Instant;
  /** Absent: nothing was checked yet. */
  readonly proof?: ProposalProof;
};

/** @param events in the order they were recorded in */
export function openProposal(events: readonly EpisodeEvent[]): OpenProposal | undefined {
  let open: OpenProposal | undefined;
  for (const { at, what } of events) {
    if (what.kind === 'proposed') open = { id: what.id, url: what.url, since: at };
    else if (what.kind === 'merged' || what.kind === 'reopened') open = undefined;
    else if (what.kind === 'withdrawn' && what.url === open?.url) open = undefined;
    else if (what.kind === 'verified' && what.url === open?.url)
      open = { ...open, proof: { decision: what.decision, failed: what.failed } };
  }
  return open;
}
