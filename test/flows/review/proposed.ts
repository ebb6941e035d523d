import type { ReviewForge } from '../../../src/flows/review/review-pull-request.ts';
import type { Author, CommitStatus, PullRequestChanges } from '../../../src/ports/forge.ts';

type Files = Readonly<Record<string, string>>;
type Commit = PullRequestChanges['commits'][number];

const bot: Author = { login: 'dependabot[bot]', isBot: true, appId: 29110 };
export const botCommit: Commit = { revision: 'b'.repeat(40), author: bot, committer: bot, isVerified: true };

/** What a forge holds of one pull request, `acme/shop` 7, and what was left on it. */
export type Proposed = {
  readonly base: Files;
  readonly head: Files;
  readonly author?: Author;
  readonly commits?: readonly Commit[];
  readonly isTruncated?: boolean;
  readonly branch?: string;
};

export type Left = {
  readonly comments: Map<string, string>;
  readonly statuses: (CommitStatus & { revision: string })[];
};

/** A forge that keeps state: one repository with one open pull request. */
export function forgeOf(proposed: Proposed): { readonly forge: ReviewForge; readonly left: Left } {
  const left: Left = { comments: new Map(), statuses: [] };
  const headRevision = 'b'.repeat(40);
  const { base, head, author = bot, commits = [botCommit], isTruncated = false, branch = 'update' } = proposed;
  const paths = [...new Set([...Object.keys(base), ...Object.keys(head)])].filter((path) => base[path] !== head[path]);
  const kindOf = (path: string) =>
    base[path] === undefined ? 'added' : head[path] === undefined ? 'removed' : 'changed';
  return {
    left,
    forge: {
      listPullRequests: async () => [
        {
          id: '7',
          url: 'https://forge.example/acme/shop/pull/7',
          state: 'open',
          title: 'Bump node',
          body: '',
          branch,
          baseBranch: 'main',
          headRevision,
          isDraft: false,
          isAutoMerging: false,
          createdAt: 0,
          author,
          labels: [],
        },
      ],
      readChanges: async () => ({ commits, files: paths.map((path) => ({ path, kind: kindOf(path) })), isTruncated }),
      readFile: async (_repository, path, revision) => (revision === headRevision ? head : base)[path],
      writeComment: async (_repository, _id, marker, body) => void left.comments.set(marker, body),
      setStatus: async (_repository, revision, status) => void left.statuses.push({ revision, ...status }),
    },
  };
}
