import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { HttpError } from './http-error.ts';
import { createPublicLookup } from './public-lookup.ts';

/** Addresses of proxies; `no`: hosts that are asked directly, as `NO_PROXY` lists them. */
export type Proxies = { readonly http?: string; readonly https?: string; readonly no?: string };

/**
 * Connections by what they may reach. Those that may reach private addresses are kept apart, so that a request that must
 * not never rides on a connection that was opened for one that may.
 */
export type Dispatchers = {
  choose(isMapped: boolean, isPrivateAllowed: boolean): Dispatcher;
  close(): Promise<void>;
};

const connectTimeoutMs = 10_000;
// HTTP/1.1: requests to one host are few, and each of its connections is one that a time-out can cut.
const settings = { allowH2: false, maxHeaderSize: 32_768 } as const;

export function createDispatchers(proxies: Proxies): Dispatchers {
  const mapped = new Agent({ ...settings, connect: { timeout: connectTimeoutMs } });
  const open = createDispatcher(proxies, { timeout: connectTimeoutMs });
  const guarded = createDispatcher(proxies, { timeout: connectTimeoutMs, lookup: createPublicLookup() });
  return {
    choose: (isMapped, isPrivateAllowed) => (isMapped ? mapped : isPrivateAllowed ? open : guarded),
    close: async () => {
      await Promise.all([mapped.destroy(), open.destroy(), guarded.destroy()]);
    },
  };
}

function createDispatcher(proxies: Proxies, connect: NonNullable<Agent.Options['connect']>): Dispatcher {
  const http = proxyAddress(proxies.http);
  const https = proxyAddress(proxies.https);
  if (http === '' && https === '') return new Agent({ ...settings, connect });
  // The empty text: undici would look into the environment by itself. Who is behind a proxy is the proxy's to resolve.
  return new EnvHttpProxyAgent({
    ...settings,
    connect,
    httpProxy: http,
    httpsProxy: https,
    noProxy: proxies.no ?? '',
  });
}

/** `proxy.corp:3128` is written as often as the whole address. */
function proxyAddress(written: string | undefined): string {
  if (written === undefined || written === '') return '';
  const address = written.includes('://') ? written : `http://${written}`;
  // The text is not repeated: it may hold a password.
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw new HttpError('unreachable', 'the proxy that the environment names is no http or https address');
  return address;
}
