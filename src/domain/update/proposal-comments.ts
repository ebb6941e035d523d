import { dayOf } from './barrier.ts';
import type { ProposalAction } from './proposal-facts.ts';

/** What is said beneath a pull request of ours. `marker`: one comment per word, changed in place. */
export type ProposalComment = { readonly marker: string; readonly body: string };

type Ending = Extract<ProposalAction, { readonly kind: 'supersede' | 'close' | 'explain-snooze' }>;

/** @param successorUrl where what supersedes it is. */
export function commentOn(action: Ending, successorUrl: string): ProposalComment {
  switch (action.kind) {
    case 'supersede':
      return { marker: 'superseded', body: `Superseded by ${successorUrl}, which changes the same image.` };
    case 'close':
      return { marker: 'done', body: 'Closed: nothing of this update is left to do on the base branch.' };
    case 'explain-snooze':
      return {
        marker: 'snoozed',
        body: `This was closed unmerged, so exactly this update is left alone until ${dayOf(action.until)} (UTC). Another version or digest is proposed anew. Reopen it to have it carried on before.`,
      };
  }
}
