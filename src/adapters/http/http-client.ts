import type { Dispatcher } from 'undici';
import { createDispatchers, type Dispatchers, type Proxies } from './dispatchers.ts';
import { HttpError, httpErrorOf } from './http-error.ts';
import { refusedName } from './public-address.ts';
import { readBody } from './read-body.ts';
import { type BodyReceiver, ReceiverFailed, receiveBody } from './receive-body.ts';

export { HttpError } from './http-error.ts';
export type { BodyReceiver } from './receive-body.ts';

export type HttpRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of the body, as it comes and unpacked. */
  readonly maxBytes: number;
  /** From the first byte sent to the last received, connecting included. */
  readonly timeoutMs: number;
  /** The host may have a private, loopback or link-local address. */
  readonly isPrivateAllowed: boolean;
  /** Takes the body of a 200 as it comes and as it is packed; the answer has none then. */
  readonly receiver?: BodyReceiver;
  /** The longest silence between two pieces of an answer; for bodies so long that `timeoutMs` is long too. */
  readonly idleMs?: number;
  readonly signal?: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  /** By lower-case name, in the order they came. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Unpacked. Empty for a status of 400 or more whose body is too large or cannot be unpacked. */
  readonly body: Uint8Array;
};

/**
 * One request, one answer, whatever its status. Redirects are answers. No answer within bounds is an error.
 *
 * @throws HttpError; what a receiver throws comes out as it is
 */
export type HttpClient = {
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Ends open connections. */
  close(): Promise<void>;
};

export type HttpClientOptions = {
  readonly proxies?: Proxies;
  /** For tests and the demo: `https://registry-1.docker.io` → `http://127.0.0.1:1234`. What is mapped may be private. */
  readonly origins?: ReadonlyMap<string, string>;
};

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const dispatchers = createDispatchers(options.proxies ?? {});
  const origins = options.origins ?? new Map<string, string>();
  return {
    request: (request) => send(request, dispatchers, origins),
    close: () => dispatchers.close(),
  };
}

/** Who waits for a large body does not want as much of a refusal. */
const refusalBytes = 65_536;

async function send(
  request: HttpRequest,
  dispatchers: Dispatchers,
  origins: ReadonlyMap<string, string>,
): Promise<HttpAnswer> {
  const { method, url, headers = {}, maxBytes, timeoutMs, isPrivateAllowed, receiver, idleMs } = request;
  const mapped = origins.get(url.origin);
  const refusal = mapped === undefined && !isPrivateAllowed ? refusedName(url.hostname) : undefined;
  if (refusal !== undefined) throw new HttpError('refused-address', refusal);

  const deadline = new AbortController();
  const timer = setTimeout(
    () => deadline.abort(new HttpError('timeout', `no answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  const silence =
    idleMs === undefined
      ? undefined
      : setTimeout(() => deadline.abort(new HttpError('timeout', `nothing came for ${idleMs} ms`)), idleMs);
  const signal = request.signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, request.signal]);
  try {
    const answer = await dispatchers.choose(mapped !== undefined, isPrivateAllowed).request({
      method,
      origin: mapped ?? url.origin,
      path: url.pathname + url.search,
      headers: { 'accept-encoding': 'gzip', 'user-agent': 'basekeeper', ...headers },
      body: request.body ?? null,
      signal,
      // undici ends the connection after each HEAD, for servers that send a body with it: a handshake for every tag that is
      // looked at. It notices such a body, and ends that connection then.
      reset: false,
    });
    const read = headersOf(answer);
    const status = answer.statusCode;
    silence?.refresh();
    if (receiver !== undefined && status === 200) {
      await receiveBody(answer.body, receiver, maxBytes, () => silence?.refresh());
      return { status, headers: read, body: new Uint8Array() };
    }
    const body = readBody(answer.body, read, receiver === undefined ? maxBytes : refusalBytes);
    return { status, headers: read, body: await (status < 400 ? body : body.catch(noneOfRefusal)) };
  } catch (error) {
    if (error instanceof ReceiverFailed) throw error.cause;
    throw httpErrorOf(error, deadline.signal, request.signal);
  } finally {
    clearTimeout(timer);
    clearTimeout(silence);
  }
}

/** What a refusal says matters less than that it is one: its status is told without a body that cannot be had. */
function noneOfRefusal(error: unknown): Uint8Array {
  if (error instanceof HttpError && (error.code === 'too-large' || error.code === 'malformed')) return new Uint8Array();
  throw error;
}

function headersOf({ headers }: Dispatcher.ResponseData): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), typeof value === 'string' ? [value] : value] as const],
    ),
  );
}
