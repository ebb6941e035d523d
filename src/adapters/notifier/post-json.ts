import type { Instant } from '../../domain/source/instant.ts';
import { NotifierError } from '../../ports/notifier.ts';
import { askedWait } from '../http/asked-wait.ts';
import { type HttpClient, HttpError } from '../http/http-client.ts';
import { portCodeOf } from '../http/port-code.ts';

/** How an address is asked. */
export type PostTools = {
  readonly http: HttpClient;
  readonly clock: () => Instant;
  /** Hosts of the own network, exactly as an address names them: these alone may be private, and be asked without TLS. */
  readonly privateHosts: ReadonlySet<string>;
};

const timeoutMs = 20_000;
/** Nothing of an answer is read but its status. */
const maxAnswerBytes = 65_536;

/** @throws NotifierError unless it is taken with a status of 200 to 299; redirects are not followed. */
export async function postJson(
  { http, clock, privateHosts }: PostTools,
  address: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const url = readAddress(address, privateHosts);
  const answer = await http
    .request({
      ...{ method: 'POST', url, body, maxBytes: maxAnswerBytes, timeoutMs },
      headers: { 'content-type': 'application/json', ...headers },
      isPrivateAllowed: privateHosts.has(url.hostname),
    })
    .catch((error: unknown) => {
      if (!(error instanceof HttpError)) throw error;
      const code = portCodeOf(error, 'not-allowed');
      throw new NotifierError(code === 'malformed' ? 'unavailable' : code, error.message, { cause: error });
    });
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  const retryAt = askedWait(answer.headers.get('retry-after')?.[0], undefined, clock());
  const wait = retryAt === undefined ? {} : { retryAt };
  if (status === 429) throw new NotifierError('rate-limited', 'it asks to wait (429)', wait);
  if (status >= 500) throw new NotifierError('unavailable', `it answered ${status}`, wait);
  const hint = status >= 300 && status < 400 ? ': a redirect, which is not followed' : '';
  throw new NotifierError('refused', `it answered ${status}${hint}`);
}

/** The text is not repeated: it may be a secret. */
function readAddress(address: string, privateHosts: ReadonlySet<string>): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSpoken = url?.protocol === 'https:' || (url?.protocol === 'http:' && privateHosts.has(url.hostname));
  if (url === undefined || !isSpoken || url.username !== '' || url.password !== '')
    throw new NotifierError('not-allowed', 'its address is no https address without user and password');
  return url;
}
