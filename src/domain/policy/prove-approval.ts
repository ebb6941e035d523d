/** A commit that changed a waiver, and the pull requests that brought it, where a forge tells. */
export type ReviewedCommit = {
  readonly revision: string;
  readonly author: string;
  readonly pullRequests: readonly {
    readonly url: string;
    readonly author: string;
    readonly approvedBy: readonly string[];
  }[];
};

export type ApprovalProof =
  /** `by`: addresses of the pull requests in which it was approved. */
  | { readonly kind: 'proven'; readonly by: readonly string[] }
  | { readonly kind: 'not-proven'; readonly reason: string };

/**
 * Whether whom a waiver names as its approver approved of every commit that changed it: by the review of the pull request that brought it, which
 * he did not open himself. Who wrote a line proves nothing.
 *
 * @param approver `ada`, `@ada`: the login on the forge.
 */
export function proveApproval(approver: string, commits: readonly ReviewedCommit[]): ApprovalProof {
  const wanted = plain(approver);
  if (/^team:|\//.test(wanted))
    return { kind: 'not-proven', reason: `${approver} is a team: name the person whose review shows on the forge` };
  if (commits.length === 0) return { kind: 'not-proven', reason: 'no commit has it' };
  const by: string[] = [];
  for (const { revision, author, pullRequests } of commits) {
    const approved = pullRequests.find(
      (one) => plain(one.author) !== wanted && one.approvedBy.some((login) => plain(login) === wanted),
    );
    if (approved !== undefined) {
      by.push(approved.url);
      continue;
    }
    const commit = `${revision.slice(0, 12)} by ${author}`;
    const [first] = pullRequests;
    if (first === undefined) return { kind: 'not-proven', reason: `${commit} came with no merged pull request` };
    const isOwn = plain(first.author) === wanted;
    const others = first.approvedBy.length === 0 ? 'nobody approved' : `${first.approvedBy.join(', ')} approved`;
    const why = isOwn ? `${approver} opened ${first.url}` : `${others} ${first.url}, ${approver} did not`;
    return { kind: 'not-proven', reason: `${commit}: ${why}` };
  }
  return { kind: 'proven', by: [...new Set(by)] };
}

function plain(name: string): string {
  return name.trim().replace(/^@/, '').toLowerCase();
}
