import { proofWords } from '../policy/approval/prove-approval.ts';
import type { WaiverApproval } from '../policy/approval/waiver-approval.ts';
import { allOf, type Episode, type EpisodeEvent, type EpisodeEventKind } from './episode.ts';
import type { TrackedWaiver } from './tracked-use.ts';

type ToldApproval = Extract<EpisodeEventKind, { readonly kind: 'approval' }>;

/** As long as an event may be. */
const maxWords = 400;

/** What is to be told of the approval of a waiver in force; `undefined` where it was told, or nobody was asked. */
export function approvalNews(
  events: readonly EpisodeEvent[],
  { id, approval }: Pick<TrackedWaiver, 'id' | 'approval'>,
): ToldApproval | undefined {
  if (approval === undefined) return undefined;
  const { proof, revision } = approval;
  const last = lastApproval(events, id);
  // What was known of a commit stays known, also where nobody can be asked today.
  const isSame = last !== undefined && (revision === undefined || last.revision === revision);
  if (isSame && (proof.kind === 'unknown' || proof.kind === last.proof)) return undefined;
  const words = proofWords(proof).slice(0, maxWords);
  return { kind: 'approval', waiver: id, proof: proof.kind, words, ...(revision === undefined ? {} : { revision }) };
}

/** What is known of the approval of a waiver by now. */
export function lastApproval(events: readonly EpisodeEvent[], waiver: string): ToldApproval | undefined {
  return allOf(events, 'approval').findLast(({ what }) => what.waiver === waiver)?.what;
}

/** Whether the approval of a waiver was proven in an earlier cycle, at the very commit that it stands at. */
export function wasProven({ id, revision }: WaiverApproval, episodes: readonly Episode[]): boolean {
  if (revision === undefined) return false;
  return episodes.some(({ events }) =>
    allOf(events, 'approval').some(
      ({ what }) => what.waiver === id && what.revision === revision && what.proof === 'proven',
    ),
  );
}
