import { type JsonObject, listMember, member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import type { ApprovedPullRequest, Forge } from '../../../ports/forge.ts';
import { malformed } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { nameOf } from './route-names.ts';

/** A comment is no last word: it leaves what was said before. */
const words: ReadonlySet<string> = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED']);

export function createReadApprovals(client: GithubClient): Forge['readApprovals'] {
  async function reviewsOf(repository: string, number: number, head: string) {
    const doing = `read the reviews of ${repository}#${number}`;
    const asked = { ...nameOf(repository), pull_number: number };
    const { items } = await client.list(doing, 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', asked);
    const last = new Map<string, JsonObject>();
    // Oldest first.
    for (const review of items) {
      const login = textMember(objectMember(review, 'user'), 'login');
      if (login !== undefined && words.has(textMember(review, 'state') ?? '')) last.set(login, review);
    }
    const approving = [...last].filter(([, one]) => textMember(one, 'state') === 'APPROVED');
    const isOfHead = ([, one]: (typeof approving)[number]) => textMember(one, 'commit_id') === head;
    const logins = (some: typeof approving) => some.map(([login]) => login).sort();
    return {
      approvedBy: logins(approving.filter(isOfHead)),
      approvedEarlier: logins(approving.filter((one) => !isOfHead(one))),
    };
  }

  async function writersOf(repository: string, number: number): Promise<readonly string[]> {
    const doing = `read the commits of ${repository}#${number}`;
    const asked = { ...nameOf(repository), pull_number: number };
    const { items } = await client.list(doing, 'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', asked);
    const logins = items
      .filter((commit) => !isMergeOfGithub(commit))
      .flatMap((commit) => ['author', 'committer'].map((role) => textMember(objectMember(commit, role), 'login')))
      .filter((login) => login !== undefined);
    return [...new Set(logins)].sort();
  }

  return async (repository, revision) => {
    const doing = `tell which pull requests brought ${revision.slice(0, 12)} to ${repository}`;
    const asked = { ...nameOf(repository), commit_sha: revision };
    const { items } = await client.list(doing, 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', asked);
    const approved: ApprovedPullRequest[] = [];
    for (const pull of items) {
      if (textMember(pull, 'merged_at') === undefined) continue;
      const [number, url] = [member(pull, 'number'), textMember(pull, 'html_url')];
      const [head, base] = [objectMember(pull, 'head'), objectMember(pull, 'base')];
      const [headRevision, baseRevision] = [textMember(head, 'sha'), textMember(base, 'sha')];
      const baseBranch = textMember(base, 'ref');
      if (typeof number !== 'number' || url === undefined || headRevision === undefined)
        throw malformed(doing, 'a pull request without number, address or head');
      if (baseRevision === undefined || baseBranch === undefined) throw malformed(doing, 'a pull request without base');
      const author = textMember(objectMember(pull, 'user'), 'login') ?? 'ghost';
      const { approvedBy, approvedEarlier } = await reviewsOf(repository, number, headRevision);
      const isOther = (login: string) => login !== author;
      approved.push({
        ...{ id: String(number), url, author, baseBranch, baseRevision, headRevision },
        writers: await writersOf(repository, number),
        approvedBy: approvedBy.filter(isOther),
        approvedEarlier: approvedEarlier.filter(isOther),
      });
    }
    return approved;
  };
}

/** "Update branch" belongs to whoever pressed the button, who wrote nothing. */
function isMergeOfGithub(commit: JsonObject): boolean {
  const parents = listMember(commit, 'parents') ?? [];
  const verification = objectMember(objectMember(commit, 'commit'), 'verification');
  const isOfGithub = textMember(objectMember(commit, 'committer'), 'login') === 'web-flow';
  return parents.length > 1 && isOfGithub && member(verification, 'verified') === true;
}
