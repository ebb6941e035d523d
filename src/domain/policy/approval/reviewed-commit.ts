/** A commit that changed a waiver, and the pull requests that brought it, where a forge tells. */
export type ReviewedCommit = {
  readonly revision: string;
  /** As he called himself. */
  readonly author: string;
  readonly pullRequests: readonly ReviewedPullRequest[];
};

/** A merged pull request, with whatever tells whether it was approved. Logins as the forge writes them. */
export type ReviewedPullRequest = {
  readonly url: string;
  readonly author: string;
  /** Whose commits it has. */
  readonly writers: readonly string[];
  /** Of the head that was merged, without the author. */
  readonly approvedBy: readonly string[];
  /** Of an earlier head. */
  readonly approvedEarlier: readonly string[];
  /** What it was merged into. `default`: the branch that the forge shows first. */
  readonly into: { readonly kind: 'default' } | { readonly kind: 'other'; readonly branch: string };
  /** Whose the policy file was by CODEOWNERS before it was merged: empty where nobody answers for it. */
  readonly owners: readonly string[];
  /** Whether the head that was merged has the waiver as it stands; told of the newest commit alone. */
  readonly hasWaiver?: boolean;
  /** Who of those that approved is of a team that matters; what `membershipsToAsk` asks for. */
  readonly memberships: readonly Membership[];
};

/** `unknown`: the forge did not tell, and why. */
export type Membership = {
  readonly team: string;
  readonly login: string;
  readonly is: 'member' | 'none' | { readonly unknown: string };
};
