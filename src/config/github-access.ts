import type { GithubVariables } from './environment.ts';
import { namedUrl } from './named-url.ts';

export type GithubPlace = {
  readonly apiUrl: string;
  readonly credential?:
    | { readonly kind: 'token'; readonly token: string; readonly isOfJob: boolean }
    /** One of both; where neither is set, `key` is absent. */
    | { readonly kind: 'app'; readonly appId: string; readonly key: AppKeyPlace | undefined };
  /** Whoever names the host in the environment may name one of their own network. */
  readonly isPrivateAllowed: boolean;
};

export type AppKeyPlace = { readonly text: string } | { readonly file: string };

const publicHost = 'github.com';

/**
 * The GitHub that a repository lies on, with the credential for exactly that host. GITHUB_TOKEN is of the host of the running
 * workflow, GH_TOKEN of github.com, GH_ENTERPRISE_TOKEN of an Enterprise host that GH_HOST or the workflow names, the App
 * of the first of these that is named. Others are asked without.
 *
 * @param address of the repository: `https://github.com/acme/shop.git`
 * @param isTold that it is one: then it needs no name of one.
 * @returns `undefined` when nothing says that GitHub is there
 */
export function githubOf(address: URL, variables: GithubVariables, isTold = false): GithubPlace | undefined {
  const server = namedUrl(variables.serverUrl) ?? new URL(`https://${publicHost}`);
  const named = [namedUrl(variables.host), server].find((url) => url?.host === address.host);
  if (named === undefined && address.host !== publicHost) {
    if (!(isTold || address.hostname.startsWith('github.')) || address.protocol !== 'https:') return undefined;
    return { apiUrl: apiOf(address), isPrivateAllowed: false };
  }
  const origin = named ?? new URL(`https://${publicHost}`);
  if (origin.protocol !== address.protocol && address.protocol !== 'ssh:') return undefined;
  const isServer = origin.host === server.host;
  const credential = credentialOf(origin.host, isServer, variables);
  return {
    apiUrl: (isServer ? namedUrl(variables.apiUrl)?.href : undefined)?.replace(/\/+$/, '') ?? apiOf(origin),
    isPrivateAllowed: origin.host !== publicHost || (isServer && variables.apiUrl !== undefined),
    ...(credential === undefined ? {} : { credential }),
  };
}

/** The one that the environment speaks of first: where its credential is of. */
export function ownGithub({ host, serverUrl }: GithubVariables): URL {
  return namedUrl(host) ?? namedUrl(serverUrl) ?? new URL(`https://${publicHost}`);
}

function credentialOf(host: string, isServer: boolean, variables: GithubVariables): GithubPlace['credential'] {
  const { appId, token, jobToken, enterpriseToken } = variables;
  if (appId !== undefined && host === ownGithub(variables).host) return { kind: 'app', appId, key: keyOf(variables) };
  const own = host === publicHost ? token : enterpriseToken;
  if (own !== undefined) return { kind: 'token', token: own, isOfJob: false };
  if (jobToken === undefined || !isServer) return undefined;
  return { kind: 'token', token: jobToken, isOfJob: variables.isInJob && jobToken.startsWith('ghs_') };
}

function keyOf({ appPrivateKey, appPrivateKeyFile }: GithubVariables): AppKeyPlace | undefined {
  if (appPrivateKey !== undefined) return { text: appPrivateKey };
  return appPrivateKeyFile === undefined ? undefined : { file: appPrivateKeyFile };
}

/** https://docs.github.com/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api */
function apiOf({ protocol, host }: URL): string {
  return host === publicHost || host.endsWith('.ghe.com') ? `${protocol}//api.${host}` : `${protocol}//${host}/api/v3`;
}
