import type { UsePlace } from '../../domain/deadline/tracked-use.ts';
import type { OwnWords } from './own-words.ts';

/** What a cycle wrote down of findings and their deadlines: how many of each, over all its repositories. */
export type TrackResult = {
  readonly detected: number;
  readonly reopened: number;
  readonly merged: number;
  readonly closed: number;
  /** That passed their deadline since the cycle before. */
  readonly breached: number;
  /** Now, those without a fix among them. */
  readonly open: number;
  /** Of these, past their deadline. */
  readonly late: number;
  /** Uses whose scan proves nothing: their clocks run on. */
  readonly unproven: readonly (UsePlace & { readonly reason: string })[];
  /** Repositories of which it is not known what is proposed. */
  readonly unasked: readonly { readonly repository: string; readonly reason: string }[];
  /** Repositories whose releases could not be read: nothing of them is closed. */
  readonly unread: readonly { readonly repository: string; readonly reason: string }[];
  /** Images that are released and prove nothing, or a part of it, and why. */
  readonly unreadImages: readonly { readonly repository: string; readonly image: string; readonly reason: string }[];
  /** What is known to be exploited: how many open findings are; absent where nobody was asked. */
  readonly exploited?:
    | { readonly kind: 'read'; readonly source: string; readonly open: number }
    | { readonly kind: 'refused'; readonly reason: string };
  /** What VEX documents and waivers of the repositories hold for. */
  readonly words: OwnWords;
};
