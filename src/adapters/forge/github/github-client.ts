import type { Endpoints } from '@octokit/types';
import { asObject, type JsonObject, listMember, textMember } from '../../../domain/image/json-value.ts';
import { ForgeError } from '../../../ports/forge.ts';
import type { HttpClient } from '../../http/http-client.ts';
import { createOneHostFetch } from '../../http/one-host-fetch.ts';
import type { Waiting } from '../rate-limits.ts';
import { createInstallation } from './create-installation.ts';
import { type GithubAnswer, malformed } from './github-answer.ts';
import {
  type AppKey,
  createInstallationTokens,
  type InstallationToken,
  type InstallationTokens,
} from './installation-tokens.ts';
import { createKeptAnswers } from './kept-answers.ts';
import { createMutate } from './mutate.ts';
import { createPace, createPatientSending, type Send } from './patient-sending.ts';
import { createTransport } from './transport.ts';

export type GithubAccess = {
  /** `https://api.github.com`, of an Enterprise Server `https://github.corp.example/api/v3` */
  readonly apiUrl: string;
  readonly credential?: GithubCredential;
  readonly isPrivateAllowed: boolean;
};

/** Secrets. `isOfJob`: the token that GitHub gives to a running workflow. */
export type GithubCredential =
  | { readonly kind: 'token'; readonly token: string; readonly isOfJob: boolean }
  | ({ readonly kind: 'app' } & AppKey);

type Route = keyof Endpoints;

/** `installedFor`: whose installation of an App asks, where neither `owner`, `org` nor `username` tells. */
type Asked<R extends Route> = Endpoints[R]['parameters'] & { readonly installedFor?: string | undefined };

/**
 * One way to one GitHub: what is sent is checked by the compiler, what comes back is looked at by whoever reads it. `doing`
 * completes "cannot …" in errors.
 *
 * @throws ForgeError from every call
 */
export type GithubClient = {
  readonly credential: GithubCredential | undefined;
  ask<R extends Route>(doing: string, route: R, parameters: Asked<R>): Promise<GithubAnswer>;
  /** `undefined` for what is not there. */
  askMaybe<R extends Route>(doing: string, route: R, parameters: Asked<R>): Promise<GithubAnswer | undefined>;
  /** In the name of the App itself. */
  askAsApp<R extends Route>(doing: string, route: R, parameters: Endpoints[R]['parameters']): Promise<GithubAnswer>;
  /** A list, page by page, as much of it as `bounds` want. */
  list<R extends Route>(doing: string, route: R, parameters: Asked<R>, bounds?: ListBounds): Promise<Part>;
  /** GraphQL, for what REST does not have. @param installedFor whose installation of an App asks */
  mutate(
    doing: string,
    installedFor: string,
    query: string,
    variables: Readonly<Record<string, string>>,
  ): Promise<JsonObject>;
  /** `undefined` without an App. */
  installationToken(owner: string): Promise<InstallationToken | undefined>;
  requests(): number;
  /** The same way with a count of its own: tokens, kept answers and waits are shared. Tokens count where they began. */
  again(): GithubClient;
};

export type ListBounds = {
  readonly maxItems?: number;
  /** After this page the rest is not wanted. */
  readonly isEnough?: (page: readonly JsonObject[]) => boolean;
};

export type Part = { readonly items: readonly JsonObject[]; readonly isTruncated: boolean };

const bounds = { maxBytes: 16 * 1024 * 1024, timeoutMs: 60_000 };
const perPage = 100;
// As many pull requests or repositories as an organisation has; each page is one request.
const defaultMaxItems = 20_000;

export function createGithubClient(http: HttpClient, access: GithubAccess, waiting: Waiting): GithubClient {
  const { credential, isPrivateAllowed } = access;
  const apiUrl = access.apiUrl.replace(/\/+$/, '');
  const { origin, host } = new URL(apiUrl);
  const fetch = createOneHostFetch(http, origin, { ...bounds, isPrivateAllowed });
  const [kept, pace] = [createKeptAnswers(), createPace(waiting)];
  const start = () => {
    const transport = createTransport(apiUrl, fetch, kept);
    return { requests: transport.requests, send: createPatientSending(transport, host, pace) };
  };
  const first = start();
  const tokens =
    credential?.kind === 'app'
      ? createInstallationTokens(credential, createInstallation(first.send), waiting.clock)
      : undefined;
  const clientOf = (started: typeof first): GithubClient => ({
    ...createAsking(started.send, apiUrl, credential, tokens),
    requests: started.requests,
    again: () => clientOf(start()),
  });
  return clientOf(first);
}

function createAsking(
  send: Send,
  apiUrl: string,
  credential: GithubCredential | undefined,
  tokens: InstallationTokens | undefined,
): Omit<GithubClient, 'requests' | 'again'> {
  const mutate = createMutate(send, apiUrl);

  async function authorizationFor(parameters: object): Promise<string | undefined> {
    if (credential === undefined) return undefined;
    if (credential.kind === 'token') return `Bearer ${credential.token}`;
    const named = asObject(parameters);
    const owner = ['installedFor', 'owner', 'org', 'username']
      .map((name) => textMember(named, name))
      .find((name) => name !== undefined);
    if (tokens === undefined || owner === undefined) throw new Error('an App asks for an owner; this route names none');
    return `Bearer ${(await tokens.get(owner)).token}`;
  }

  async function ask(doing: string, route: string, parameters: { readonly installedFor?: string | undefined }) {
    const { installedFor: _, ...sent } = parameters;
    return send(doing, route, sent, await authorizationFor(parameters));
  }

  return {
    credential,
    ask,
    async askMaybe(doing, route, parameters) {
      try {
        return await ask(doing, route, parameters);
      } catch (error) {
        if (error instanceof ForgeError && error.code === 'not-found') return undefined;
        throw error;
      }
    },
    async mutate(doing, installedFor, query, variables) {
      return mutate(doing, query, variables, await authorizationFor({ installedFor }));
    },
    async askAsApp(doing, route, parameters) {
      if (tokens === undefined) throw new Error('there is no App to ask as');
      return send(doing, route, parameters, `Bearer ${await tokens.signJwt()}`);
    },
    async list(doing, route, parameters, { maxItems = defaultMaxItems, isEnough = () => false } = {}) {
      const items: JsonObject[] = [];
      for (let page = 1; ; page += 1) {
        const paged = { ...parameters, per_page: perPage, page };
        const answer = await ask(doing, route, paged);
        const read = itemsOf(answer, doing);
        items.push(...read);
        // Only that there is another page is read off; its address, which an answer could forge, is not.
        const isLast = !/;\s*rel="next"/.test(answer.headers['link'] ?? '');
        if (isLast || isEnough(read) || items.length >= maxItems)
          return {
            items: items.slice(0, maxItems),
            isTruncated: items.length > maxItems || (!isLast && !isEnough(read)),
          };
      }
    },
    installationToken: async (owner) => tokens?.get(owner),
  };
}

/** `[…]`, or for some routes `{ total_count, repositories: […] }`. */
function itemsOf({ data }: GithubAnswer, doing: string): readonly JsonObject[] {
  const wrapped = asObject(data);
  const lists = wrapped === undefined ? [data] : Object.keys(wrapped).map((name) => listMember(wrapped, name));
  const list = lists.find((one) => Array.isArray(one));
  if (!Array.isArray(list)) throw malformed(doing, 'no list');
  return list.map(asObject).filter((item) => item !== undefined);
}
