import type { BaseResourceOptions } from '@gitbeaker/requester-utils';
import { asObject, type JsonObject, member } from '../../../domain/image/json-value.ts';
import type { Instant } from '../../../domain/source/instant.ts';
import { ForgeError } from '../../../ports/forge.ts';
import { type HttpClient, HttpError } from '../../http/http-client.ts';
import { createOneHostFetch } from '../../http/one-host-fetch.ts';
import type { RateLimits } from '../rate-limits.ts';
import { transportFailure } from '../transport-failure.ts';
import { refusalOf, wordsOf } from './refusal.ts';
import { createRequester, Refusal, type TokenKind } from './requester.ts';

export type GitlabToken = { readonly kind: Exclude<TokenKind, 'none'>; readonly text: string };

export type GitlabAccess = {
  /** `https://gitlab.com`, or with the path under which GitLab lies: `https://corp.example/gitlab` */
  readonly url: string;
  readonly token?: GitlabToken;
  readonly isPrivateAllowed: boolean;
};

/** What a page of a list is asked with. */
export type Page = { readonly page: number; readonly perPage: 100; readonly showExpanded: true };

/** One way to one GitLab. `doing` completes "cannot …". */
export type Session = {
  /** For the classes of gitbeaker. */
  readonly options: BaseResourceOptions<false>;
  ask(doing: string, call: () => Promise<unknown>): Promise<unknown>;
  /** `undefined` for what is not there. */
  askMaybe(doing: string, call: () => Promise<unknown>): Promise<unknown>;
  /** The whole list; one that is longer than the bound is refused. */
  list(doing: string, call: (page: Page) => Promise<unknown>): Promise<readonly JsonObject[]>;
  /** As much of the list as the bound allows. */
  listSome(doing: string, maxItems: number, call: (page: Page) => Promise<unknown>): Promise<Part>;
  requests(): number;
};

/** `limits`: of that GitLab, for all sessions that ask it with the same token. */
export type Asking = { readonly clock: () => Instant; readonly limits: RateLimits };

type Part = { readonly items: readonly JsonObject[]; readonly isTruncated: boolean };

const bounds = { maxBytes: 16 * 1024 * 1024, timeoutMs: 60_000 };
const perPage = 100;
// As many merge requests or projects as an organisation has; each page is one request.
const maxItems = 20_000;

export function createSession(http: HttpClient, access: GitlabAccess, { clock, limits }: Asking): Session {
  const { url, token, isPrivateAllowed } = access;
  const kind = token?.kind ?? 'none';
  let requests = 0;
  const fetch = createOneHostFetch(http, new URL(url).origin, { ...bounds, isPrivateAllowed });
  const requesterFn = createRequester(fetch, headersOf(token), () => {
    requests += 1;
  });

  async function ask(doing: string, call: () => Promise<unknown>): Promise<unknown> {
    const credential = token?.text ?? '';
    await limits.pass(doing, credential);
    try {
      return await call();
    } catch (error) {
      if (error instanceof Refusal) {
        const refusal = refusalOf(doing, error.answer, kind, clock());
        limits.note(credential, refusal);
        throw refusal;
      }
      if (error instanceof HttpError) throw transportFailure(doing, new URL(url).host, error);
      throw error;
    }
  }

  async function listSome(doing: string, most: number, call: (page: Page) => Promise<unknown>): Promise<Part> {
    const items: JsonObject[] = [];
    for (let page = 1; page <= Math.ceil(most / perPage); page += 1) {
      const answer = asObject(await ask(doing, () => call({ page, perPage, showExpanded: true })));
      const data = member(answer, 'data');
      if (!Array.isArray(data)) throw new ForgeError('malformed', `cannot ${doing}: GitLab's answer is no list`);
      items.push(...data.map(asObject).filter((item) => item !== undefined));
      const next = member(asObject(member(answer, 'paginationInfo')), 'next');
      if (typeof next !== 'number') return { items: items.slice(0, most), isTruncated: items.length > most };
    }
    return { items: items.slice(0, most), isTruncated: true };
  }

  return {
    // Gitbeaker waits for nobody: whom GitLab asks to wait is told when.
    options: { host: url.replace(/\/+$/, ''), token: '', requesterFn, queryTimeout: null, rateLimits: {} },
    ask,
    listSome,
    requests: () => requests,
    async askMaybe(doing, call) {
      return ask(doing, async () => {
        try {
          return await call();
        } catch (error) {
          if (error instanceof Refusal && error.answer.status === 404 && isOfContent(wordsOf(error.answer)))
            return undefined;
          throw error;
        }
      });
    },
    async list(doing, call) {
      const { items, isTruncated } = await listSome(doing, maxItems, call);
      if (isTruncated)
        throw new ForgeError('invalid', `cannot ${doing}: there are more than ${maxItems}; name a smaller part`);
      return items;
    },
  };
}

/** GitLab says what is missing; a project that is, is no missing file. */
function isOfContent(words: string): boolean {
  return /^404 (?:File|Tree|Commit|Branch|Reference|Signature|GPG Signature)\b/i.test(words);
}

function headersOf(token: GitlabToken | undefined): Readonly<Record<string, string>> {
  if (token === undefined) return {};
  return { [token.kind === 'job' ? 'job-token' : 'private-token']: token.text };
}
