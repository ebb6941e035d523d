import { Commits, MergeRequestApprovals } from '@gitbeaker/core';
import { asObject, listMember, member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import type { ApprovedPullRequest, Forge } from '../../../ports/forge.ts';
import { malformed } from './read-merge-request.ts';
import type { Session } from './session.ts';

/** GitLab does not tell about which commit somebody approved: a project may take approvals back when commits are added. */
export function createReadApprovals(session: Session): Forge['readApprovals'] {
  const commits = new Commits(session.options);
  const approvals = new MergeRequestApprovals(session.options);

  async function approversOf(repository: string, number: number): Promise<readonly string[]> {
    const doing = `read the approvals of ${repository}!${number}`;
    const asked = { mergerequestIId: number };
    const answer = asObject(await session.ask(doing, () => approvals.showConfiguration(repository, asked)));
    const all = listMember(answer, 'approved_by');
    if (all === undefined) throw malformed(doing, 'no list of who approved');
    return all.flatMap((one) => textMember(objectMember(asObject(one), 'user'), 'username') ?? []).sort();
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
      approved.push({ id: String(number), url, author, approvedBy });
    }
    return approved;
  };
}
