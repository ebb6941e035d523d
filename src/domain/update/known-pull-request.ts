import { readTrailers } from './commit-trailers.ts';
import { keyOfBranch } from './proposal.ts';
import type { BranchHead, ListedPullRequest, ProposalFacts } from './proposal-facts.ts';
import { type ProposalMarker, readMarker } from './proposal-marker.ts';

/** A pull request of ours: its branch or its marker names a key. */
export type KnownPullRequest = {
  readonly pullRequest: ListedPullRequest;
  readonly key: string;
  readonly marker: ProposalMarker | undefined;
  readonly head: HeadState;
};

/** `people`: somebody else wrote the last commit, or made it part of something. `revision`: of ours. */
export type HeadState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'ours'; readonly revision: string; readonly fingerprint: string }
  | { readonly kind: 'people' };

/** The name of the branch counts for more than the marker, which whoever may write a comment's text may change. */
export function knowPullRequests(facts: ProposalFacts): readonly KnownPullRequest[] {
  return facts.pullRequests.flatMap((pullRequest) => {
    const marker = readMarker(pullRequest.body);
    const key = keyOfBranch(pullRequest.branch) ?? marker?.key;
    if (key === undefined) return [];
    const head = headState(facts.heads.get(pullRequest.branch), key, facts.authorEmail);
    return [{ pullRequest, key, marker: marker?.key === key ? marker : undefined, head }];
  });
}

/** A commit of ours stands upon one other, has our address, and says which proposal it is. */
export function headState(head: BranchHead | undefined, key: string, authorEmail: string): HeadState {
  if (head === undefined) return { kind: 'missing' };
  const trailers = readTrailers(head.message);
  const isOurs = head.parents.length === 1 && head.committerEmail === authorEmail && trailers?.key === key;
  if (!isOurs) return { kind: 'people' };
  return { kind: 'ours', revision: head.revision, fingerprint: trailers.fingerprint };
}
