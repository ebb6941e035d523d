import { type CatalogUpstream, CatalogUpstreamError } from '../../ports/catalog-upstream.ts';
import { type HttpAnswer, type HttpClient, HttpError } from '../http/http-client.ts';
import { readLibraryArchive } from './read-library-archive.ts';

/**
 * One request each. The archive of the whole list is 1 MB; the list's 140 files one by one would be 140 requests and the names
 * another, of the 60 an hour that GitHub's API grants without a token. The dump of all products is one request for the 87 we ask.
 */
const sources = {
  officialList: new URL('https://codeload.github.com/docker-library/official-images/tar.gz/refs/heads/master'),
  lifeCycles: new URL('https://endoflife.date/api/v1/products/full/'),
};
const hosts = new Set(Object.values(sources).map(({ host }) => host));

const limits = { maxBytes: 32 * 1024 * 1024, timeoutMs: 60_000 };
const maxRedirects = 3;

/** @param given smaller limits, for tests of what happens at them. */
export function createCatalogUpstream(http: HttpClient, given: Partial<typeof limits> = {}): CatalogUpstream {
  const counts = new Map<string, number>();

  async function get(address: URL): Promise<Uint8Array> {
    let url = address;
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      counts.set(url.host, (counts.get(url.host) ?? 0) + 1);
      const answer = await ask(http, url, { ...limits, ...given });
      if (answer.status === 200) return answer.body;
      if (![301, 302, 303, 307, 308].includes(answer.status))
        throw new CatalogUpstreamError('unavailable', `cannot read ${place(address)}: it answers ${answer.status}`);
      url = targetOf(answer, url, address);
    }
    throw new CatalogUpstreamError('redirected', `cannot read ${place(address)}: it redirects without end`);
  }

  return {
    async readOfficialList() {
      const packed = await get(sources.officialList);
      return named(sources.officialList, () => readLibraryArchive(packed));
    },
    async readLifeCycles() {
      const text = new TextDecoder().decode(await get(sources.lifeCycles));
      return named(sources.lifeCycles, () => parseJson(text));
    },
    requests: () => Object.fromEntries(counts),
  };
}

async function ask(http: HttpClient, url: URL, bounds: typeof limits): Promise<HttpAnswer> {
  try {
    return await http.request({ method: 'GET', url, isPrivateAllowed: false, ...bounds });
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const code = error.code === 'too-large' || error.code === 'malformed' ? error.code : 'unavailable';
    throw new CatalogUpstreamError(code, `cannot read ${place(url)}: ${error.message}`, { cause: error });
  }
}

/** A redirect is followed over https to one of the fixed hosts alone. */
function targetOf(answer: HttpAnswer, from: URL, asked: URL): URL {
  const [location = ''] = answer.headers.get('location') ?? [];
  const target = URL.parse(location, from.href);
  const isOurs = target?.protocol === 'https:' && hosts.has(target.host) && target.username === '' && location !== '';
  if (target === null || !isOurs)
    throw new CatalogUpstreamError('redirected', `cannot read ${place(asked)}: it redirects to somewhere else`);
  return target;
}

function named<T>(address: URL, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CatalogUpstreamError)) throw error;
    throw new CatalogUpstreamError(error.code, `cannot read ${place(address)}: ${error.message}`, { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CatalogUpstreamError('malformed', 'the answer is no JSON', { cause: error });
  }
}

function place(url: URL): string {
  return `${url.host}${url.pathname}`;
}
