import { type JsonObject, member, objectMember, textMember } from '../../../domain/image/json-value.ts';
import type { ApprovedPullRequest, Forge } from '../../../ports/forge.ts';
import { malformed } from './github-answer.ts';
import type { GithubClient } from './github-client.ts';
import { nameOf } from './route-names.ts';

/** A comment is no last word: it leaves what was said before. */
const words: ReadonlySet<string> = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED']);

export function createReadApprovals(client: GithubClient): Forge['readApprovals'] {
  async function approversOf(repository: string, number: number, head: string): Promise<readonly string[]> {
    const doing = `read the reviews of ${repository}#${number}`;
    const asked = { ...nameOf(repository), pull_number: number };
    const { items } = await client.list(doing, 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', asked);
    const last = new Map<string, JsonObject>();
    // Oldest first.
    for (const review of items) {
      const login = textMember(objectMember(review, 'user'), 'login');
      if (login !== undefined && words.has(textMember(review, 'state') ?? '')) last.set(login, review);
    }
    return [...last]
      .filter(([, one]) => textMember(one, 'state') === 'APPROVED' && textMember(one, 'commit_id') === head)
      .map(([login]) => login)
      .sort();
  }

  return async (repository, revision) => {
    const doing = `tell which pull requests brought ${revision.slice(0, 12)} to ${repository}`;
    const asked = { ...nameOf(repository), commit_sha: revision };
    const { items } = await client.list(doing, 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', asked);
    const approved: ApprovedPullRequest[] = [];
    for (const pull of items) {
      if (textMember(pull, 'merged_at') === undefined) continue;
      const [number, url] = [member(pull, 'number'), textMember(pull, 'html_url')];
      const head = textMember(objectMember(pull, 'head'), 'sha');
      if (typeof number !== 'number' || url === undefined || head === undefined)
        throw malformed(doing, 'a pull request without number, address or head');
      const author = textMember(objectMember(pull, 'user'), 'login') ?? 'ghost';
      const approvedBy = (await approversOf(repository, number, head)).filter((login) => login !== author);
      approved.push({ id: String(number), url, author, approvedBy });
    }
    return approved;
  };
}
