/**
 * What is known of a token of GitHub. `job`: what GitHub gives to a running workflow. `classic`: a personal or OAuth one with
 * scopes. `app`: of a GitHub App's installation; its permissions are known where the App's key is at hand. `fine-grained`:
 * GitHub tells nobody what it may.
 */
export type TokenFacts =
  | { readonly kind: 'job' }
  | { readonly kind: 'classic'; readonly scopes: readonly string[] }
  | { readonly kind: 'fine-grained' }
  | { readonly kind: 'app'; readonly permissions: ReadonlyMap<string, string> | undefined };

/** `cannot` completes "the token cannot …", `remedy` is one clause. */
export type TokenGap = { readonly cannot: string; readonly remedy: string };

/** `permission`: as GitHub's API names it; `shown`: as its pages do. One of the `scopes` is enough. */
export type ForgeNeed = {
  readonly does: string;
  readonly permission: string;
  readonly level: 'read' | 'write';
  readonly shown: string;
  readonly scopes: readonly string[];
};

/** What our work on GitHub needs, the most wanted first. https://docs.github.com/rest/authentication/permissions-required-for-github-apps */
export const forgeNeeds: readonly ForgeNeed[] = [
  need('read repositories and their files', 'contents', 'read', 'Contents', 'repo'),
  need('push branches and merge', 'contents', 'write', 'Contents', 'repo'),
  need('open and change pull requests', 'pull_requests', 'write', 'Pull requests', 'repo'),
  need('keep issues up to date, comment, make and set labels, assign', 'issues', 'write', 'Issues', 'repo'),
  need('read checks', 'checks', 'read', 'Checks', 'repo'),
  need('set statuses', 'statuses', 'write', 'Commit statuses', 'repo', 'repo:status'),
  need('ask teams for reviews', 'members', 'read', 'Members', 'read:org', 'write:org', 'admin:org'),
  need('change workflow files', 'workflows', 'write', 'Workflows', 'workflow'),
  need('write repository variables', 'actions_variables', 'write', 'Variables', 'repo'),
  need('start workflows', 'actions', 'write', 'Actions', 'repo'),
];

/** What nobody sees who looks at a pull request that a job's token has opened. */
export const silentPullRequests: TokenGap = {
  cannot: 'start workflows by its pushes and pull requests, so that their checks never run',
  remedy: 'use a GitHub App, or start the checks by workflow_dispatch with actions: write',
};

/** What a job's token can do by no setting of its `permissions`. */
const jobGaps: readonly TokenGap[] = [
  silentPullRequests,
  { cannot: 'change workflow files', remedy: 'use a GitHub App with Workflows: write' },
  { cannot: 'write repository variables', remedy: 'use a GitHub App with Variables: write' },
  {
    cannot: 'open pull requests where the organisation does not let Actions',
    remedy: 'allow Actions to create pull requests in the settings of the organisation, or use a GitHub App',
  },
  { cannot: 'ask teams for reviews', remedy: 'use a GitHub App with Members: read' },
  { cannot: 'reach any other repository', remedy: 'use a GitHub App that is installed for all of them' },
];

/**
 * What the token at hand cannot do, and what mends it.
 *
 * @returns none where GitHub does not tell what a token may: its refusals name the permission then
 * @see docs/tokens.md
 */
export function describeTokenGaps(token: TokenFacts): readonly TokenGap[] {
  switch (token.kind) {
    case 'job':
      return jobGaps;
    case 'fine-grained':
      return [];
    case 'app': {
      const { permissions } = token;
      if (permissions === undefined) return [];
      return forgeNeeds
        .filter(({ permission, level }) => !isEnough(permissions.get(permission), level))
        .map(({ does, shown, level }) => ({ cannot: does, remedy: `give the App ${shown}: ${level}` }));
    }
    case 'classic':
      return classicGaps(token.scopes);
  }
}

function classicGaps(granted: readonly string[]): readonly TokenGap[] {
  const isPublicOnly = granted.includes('public_repo') && !granted.includes('repo');
  const gaps = forgeNeeds
    .filter(({ scopes }) => !scopes.some((scope) => granted.includes(scope)))
    .filter(({ scopes }) => !(isPublicOnly && scopes.includes('repo')))
    .map(({ does, scopes: [scope = ''] }) => ({ cannot: does, remedy: `give it the scope ${scope}` }));
  const privateGap = { cannot: 'reach private repositories', remedy: 'give it the scope repo' };
  return isPublicOnly ? [privateGap, ...gaps] : gaps;
}

function isEnough(granted: string | undefined, level: 'read' | 'write'): boolean {
  return granted === 'write' || granted === 'admin' || granted === level;
}

function need(
  does: string,
  permission: string,
  level: 'read' | 'write',
  shown: string,
  ...scopes: readonly string[]
): ForgeNeed {
  return { does, permission, level, shown, scopes };
}
