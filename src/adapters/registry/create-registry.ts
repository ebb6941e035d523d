import { setTimeout } from 'node:timers/promises';
import type { Instant } from '../../domain/source/instant.ts';
import type { Credentials } from '../../ports/credentials.ts';
import { type Registry, RegistryError } from '../../ports/registry.ts';
import type { HttpClient } from '../http/http-client.ts';
import { ContentCache } from './content-cache.ts';
import { CredentialBreaker } from './credential-breaker.ts';
import { downloadImage } from './download-image.ts';
import { followRedirects } from './follow-redirects.ts';
import { findHubPublisher, listHubTags } from './hub-web.ts';
import { listTags } from './list-tags.ts';
import { PullBudgets } from './pull-budgets.ts';
import { readConfig, readManifest } from './read-content.ts';
import type { ContentParts } from './read-manifest-bytes.ts';
import { RequestCounter } from './request-counter.ts';
import { resolveTag } from './resolve-tag.ts';
import { Session } from './session.ts';
import { type SettingsByHost, type Site, siteOf } from './site.ts';
import { Tokens } from './tokens.ts';
import { Transport } from './transport.ts';

export type RegistryOptions = {
  readonly http: HttpClient;
  readonly credentials: Credentials;
  readonly settings: SettingsByHost;
  /** Where content by digest is kept; without one it is read anew by each process. */
  readonly cacheFolder?: string;
  readonly maxCacheBytes?: number;
  readonly clock: () => Instant;
  readonly sleep?: (ms: number) => Promise<void>;
  /** From 0 up to 1: spreads what is tried again. */
  readonly random?: () => number;
  /** The longest wait that a host asks for and that is waited. */
  readonly maxWaitMs?: number;
  /** The longest silence while a blob is downloaded. */
  readonly blobIdleMs?: number;
};

const maxWaitMs = 30_000;
const blobIdleMs = 30_000;

/** All registries, over HTTP. */
export function createRegistry(options: RegistryOptions): Registry {
  const { http, credentials, settings, clock, sleep = (ms) => setTimeout(ms), random = Math.random } = options;
  const counter = new RequestCounter();
  const timing = { clock, sleep, maxWaitMs: options.maxWaitMs ?? maxWaitMs };
  const transport = new Transport({ http, settings, timing, counter, random });
  const breaker = new CredentialBreaker(clock);
  const budgets = new PullBudgets(clock);
  const cache = new ContentCache(options.cacheFolder, clock, options.maxCacheBytes);
  const tokens = new Tokens(transport, clock);
  const session = new Session({ transport, tokens, breaker, credentials, settings });
  const ask = followRedirects(session, transport);
  const parts: ContentParts = { ask, budgets, cache, counter, reading: new Map() };
  const sites = new Map<string, Site>();
  const site = (name: string): Site => {
    const known = sites.get(name) ?? siteOf(name, settings);
    sites.set(name, known);
    return known;
  };
  return {
    resolve: async (address, tag) => resolveTag(parts, site(address.registry), address, tag),
    readManifest: async (address, digest) => readManifest(parts, site(address.registry), address, digest),
    readConfig: async (address, digest) => readConfig(parts, site(address.registry), address, digest),
    downloadImage: async (address, digest, folder, { maxBytes }) =>
      downloadImage(parts, site(address.registry), {
        ...{ address, digest, folder, maxBytes },
        idleMs: options.blobIdleMs ?? blobIdleMs,
      }),
    async listTags(address, known = new Set()) {
      const at = site(address.registry);
      const { webHost } = at.profile;
      if (webHost === undefined) return listTags(ask, at, address, clock);
      try {
        return await listHubTags(transport, at, webHost, address, { known, clock });
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        // The web API is asked as nobody: what it does not know may be there for us.
        if (error.code === 'not-found' && !(await session.hasLogin(at, address))) throw error;
        // The registry itself has the list too, without dates.
        return listTags(ask, at, address, clock);
      }
    },
    async findPublisher(address) {
      const at = site(address.registry);
      const { webHost } = at.profile;
      if (address.registry !== 'docker.io' || webHost === undefined) return undefined;
      const namespace = address.repository.split('/')[0] ?? '';
      if (namespace === 'library') return { badge: 'official', checkedAt: clock() };
      return findHubPublisher(transport, at, webHost, namespace, { cache, clock });
    },
    requests: () => counter.all(),
    budgets: () => budgets.all(),
    faults: () => breaker.faults(),
    async close() {
      await cache.trim();
      await http.close();
    },
  };
}
