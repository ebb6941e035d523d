import type { Digest } from '../../domain/image/manifest.ts';
import { isObsoleteType, manifestTypes } from '../../domain/image/parse-manifest.ts';
import type { RepositoryAddress } from '../../ports/registry.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { type ContentCache, sha256 } from './content-cache.ts';
import type { AskRegistry } from './follow-redirects.ts';
import type { PullBudgets } from './pull-budgets.ts';
import { malformed } from './refusal.ts';
import type { RequestCounter } from './request-counter.ts';
import { expectOk } from './session.ts';
import { apiUrl, type Site } from './site.ts';
import type { Ask } from './transport.ts';

export type ContentParts = {
  readonly ask: AskRegistry;
  readonly budgets: PullBudgets;
  readonly cache: ContentCache;
  readonly counter: RequestCounter;
  /** What is on its way. */
  readonly reading: Map<string, Promise<Uint8Array>>;
};

export type ManifestBytes = { readonly bytes: Uint8Array; readonly digest: Digest; readonly mediaType: string };

const maxBytes = 4 * 1024 * 1024;
/** Digests are those of the bytes as they lie there. */
export const plainBytes = { 'accept-encoding': 'identity' } as const;
/** One header with all four types, always the same: another set can be answered with another digest. */
export const manifestHeaders = { ...plainBytes, accept: manifestTypes.join(', ') } as const;

/**
 * GET of a manifest, which is a pull where pulls are counted.
 *
 * @param reference tag or digest.
 */
export async function readManifestBytes(
  { ask: askRegistry, budgets }: ContentParts,
  site: Site,
  address: RepositoryAddress,
  reference: string,
  what: string,
): Promise<ManifestBytes> {
  const url = apiUrl(site, address, 'manifests', reference);
  const ask: Ask = { site, kind: 'manifest', method: 'GET', url, headers: manifestHeaders, maxBytes, what };
  const { countsPulls } = site.profile;
  const send = () => askRegistry(ask, address);
  const answer = countsPulls ? await budgets.spend(site.name, what, send) : await send();
  expectOk(answer, ask);
  const mediaType = mediaTypeOf(answer, ask);
  const digest = sha256(answer.body);
  const said = answer.headers.get('docker-content-digest')?.[0];
  if (said !== undefined && said !== digest)
    throw malformed(what, site, `its bytes do not match the digest ${said.slice(0, 80)}`);
  return { bytes: answer.body, digest, mediaType };
}

/** Without its parameters; empty where nothing is said. */
export function mediaTypeOf({ headers }: HttpAnswer, { what, site }: Ask): string {
  const mediaType = (headers.get('content-type')?.[0] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (isObsoleteType(mediaType)) throw malformed(what, site, 'it has an obsolete format (schema 1)');
  return mediaType;
}

export function nameOf({ registry, repository }: RepositoryAddress): string {
  return `${registry}/${repository}`;
}
