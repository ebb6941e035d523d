import { Commits, MergeRequestApprovals, MergeRequests } from '@gitbeaker/core';
import { asObject, listMember, member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import type { ApprovedPullRequest, Forge } from '../../../ports/forge.ts';
import { malformed } from './read-merge-request.ts';
import type { Session } from './session.ts';

/**
 * GitLab does not tell about which commit somebody approved – a project may take approvals back when commits are added –, nor whose
 * account a commit is.
 */
export function createReadApprovals(session: Session): Forge['readApprovals'] {
  const commits = new Commits(session.options);
  const approvals = new MergeRequestApprovals(session.options);
  const mergeRequests = new MergeRequests(session.options);

  async function approversOf(repository: string, number: number): Promise<readonly string[]> {
    const doing = `read the approvals of ${repository}!${number}`;
    const asked = { mergerequestIId: number };
    const answer = asObject(await session.ask(doing, () => approvals.showConfiguration(repository, asked)));
    const all = listMember(answer, 'approved_by');
    if (all === undefined) throw malformed(doing, 'no list of who approved');
    return all.flatMap((one) => textMember(objectMember(asObject(one), 'user'), 'username') ?? []).sort();
  }

  /** `start_sha`: what the target led to when the newest commits came. https://docs.gitlab.com/api/merge_requests/#get-single-mr */
  async function endsOf(repository: string, number: number) {
    const doing = `read ${repository}!${number}`;
    const one = asObject(await session.ask(doing, () => mergeRequests.show(repository, number)));
    const ends = objectMember(one, 'diff_refs');
    const [baseBranch, baseRevision] = [textMember(one, 'target_branch'), textMember(ends, 'start_sha')];
    const headRevision = textMember(ends, 'head_sha');
    if (baseBranch === undefined || baseRevision === undefined || headRevision === undefined)
      throw malformed(doing, 'a merge request without target or commits');
    return { baseBranch, baseRevision, headRevision };
  }

  return async (repository, revision) => {
    const doing = `tell which merge requests brought ${revision.slice(0, 12)} to ${repository}`;
    const listed = await session.ask(doing, () => commits.allMergeRequests(repository, revision));
    if (!Array.isArray(listed)) throw malformed(doing, 'no list of merge requests');
    const approved: ApprovedPullRequest[] = [];
    for (const given of listed) {
      const one = asObject(given);
      if (textMember(one, 'state') !== 'merged') continue;
      const [number, url] = [member(one, 'iid'), textMember(one, 'web_url')];
      if (typeof number !== 'number' || url === undefined)
        throw malformed(doing, 'a merge request without number or address');
      const author = textMember(objectMember(one, 'author'), 'username') ?? 'ghost';
      const approvedBy = (await approversOf(repository, number)).filter((login) => login !== author);
      const ends = await endsOf(repository, number);
      approved.push({ id: String(number), url, author, ...ends, writers: [], approvedBy, approvedEarlier: [] });
    }
    return approved;
  };
}
