import { type HttpAnswer, type HttpClient, HttpError, type HttpRequest } from './http-client.ts';

/** What libraries that want a `fetch` are given. */
export type Fetch = (address: string | URL, init?: FetchInit) => Promise<Response>;

type FetchInit = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
};

export type HostBounds = Pick<HttpRequest, 'maxBytes' | 'timeoutMs' | 'isPrivateAllowed'>;

const maxRedirects = 3;
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const bodiless = new Set([204, 205, 304]);

/**
 * A `fetch` that speaks to one origin alone, whatever an answer says: credentials in its headers reach no other. Redirects
 * within the origin are followed, for writing requests only those that keep the method.
 *
 * @param origin `https://api.github.com`
 * @throws HttpError from the fetch
 */
export function createOneHostFetch(http: HttpClient, origin: string, bounds: HostBounds): Fetch {
  return async (address, init = {}) => {
    const method = methods.find((name) => name === (init.method ?? 'GET').toUpperCase());
    if (method === undefined) throw new HttpError('malformed', 'the method is none that we send');
    let url = new URL(address);
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      if (url.origin !== origin) throw new HttpError('refused-address', `it leads to another host, ${url.host}`);
      const answer = await http.request({
        method,
        url,
        ...bounds,
        ...(init.headers === undefined ? {} : { headers: init.headers }),
        ...(init.body === undefined ? {} : { body: init.body }),
        ...(init.signal === undefined ? {} : { signal: init.signal }),
      });
      const target = redirectOf(answer, url, method);
      if (target === undefined) return responseOf(answer);
      url = target;
    }
    throw new HttpError('malformed', 'it redirects without end');
  };
}

function redirectOf({ status, headers }: HttpAnswer, from: URL, method: string): URL | undefined {
  const isFollowed = status === 307 || status === 308 || ((status === 301 || status === 302) && method === 'GET');
  const location = headers.get('location')?.[0];
  if (!isFollowed || location === undefined || !URL.canParse(location, from.href)) return undefined;
  return new URL(location, from);
}

function responseOf({ status, headers, body }: HttpAnswer): Response {
  const pairs = [...headers].flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
  try {
    // The body is unpacked already, and a Response does not unpack.
    return new Response(bodiless.has(status) ? null : Buffer.from(body), { status, headers: pairs });
  } catch (error) {
    throw new HttpError('malformed', 'its status or headers are none of HTTP', { cause: error });
  }
}
