import type { GitlabVariables } from './environment.ts';
import { namedUrl } from './named-url.ts';

export type GitlabPlace = {
  /** `https://gitlab.com`, or with the path under which GitLab lies. */
  readonly url: string;
  readonly token?: { readonly kind: 'private' | 'job'; readonly text: string };
  /** Whoever names the host in the environment may name one of their own network. */
  readonly isPrivateAllowed: boolean;
};

/**
 * The GitLab that a repository lies on, with the token for exactly that host: GITLAB_TOKEN and CI_JOB_TOKEN are of the GitLab
 * that GITLAB_HOST or CI_SERVER_URL names, GITLAB_TOKEN without either of gitlab.com. Others are asked without a token.
 *
 * @param address of the repository: `https://gitlab.com/acme/shop.git`
 * @param isTold that it is one: then it needs no name of one.
 * @returns `undefined` when nothing says that GitLab is there
 */
export function gitlabOf(address: URL, variables: GitlabVariables, isTold = false): GitlabPlace | undefined {
  const named = namedUrl(variables.host ?? variables.serverUrl);
  const owner = named ?? new URL('https://gitlab.com');
  if (address.host === owner.host) {
    const token = tokenOf(variables, named !== undefined && named.host === namedUrl(variables.serverUrl)?.host);
    return {
      url: owner.href.replace(/\/+$/, ''),
      isPrivateAllowed: named !== undefined && named.host !== 'gitlab.com',
      ...(token === undefined ? {} : { token }),
    };
  }
  const isLikeOne = isTold || address.host === 'gitlab.com' || address.hostname.startsWith('gitlab.');
  return isLikeOne && address.protocol === 'https:' ? { url: address.origin, isPrivateAllowed: false } : undefined;
}

/** A token made for this wins over the job's, which can do next to nothing. */
function tokenOf({ token, jobToken }: GitlabVariables, isOfJob: boolean): GitlabPlace['token'] {
  if (token !== undefined) return { kind: 'private', text: token };
  return jobToken !== undefined && isOfJob ? { kind: 'job', text: jobToken } : undefined;
}
