import type { RepositoryAddress } from '../../ports/registry.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { refused } from './refusal.ts';
import type { Session } from './session.ts';
import type { Ask, Transport } from './transport.ts';

const maxRedirects = 5;
const statuses = new Set([301, 302, 303, 307, 308]);

/** Asks a registry as whom it knows, and goes where it sends for blobs. */
export type AskRegistry = (ask: Ask, address: RepositoryAddress) => Promise<HttpAnswer>;

/**
 * Redirects are followed for blobs, and at hosts that are nothing but a signpost: over https only, to addresses that are
 * checked as any other, and without credentials at any other place.
 */
export function followRedirects(session: Session, transport: Transport): AskRegistry {
  return async (ask, address) => {
    let current = ask;
    let answer = await session.send(ask, address);
    const isFollowed = ask.kind === 'config' || ask.kind === 'blob' || ask.site.profile.sendsOn;
    for (let hops = 0; isFollowed && statuses.has(answer.status); hops += 1) {
      if (hops === maxRedirects) throw refused(ask.what, ask.site, `it is sent on more than ${maxRedirects} times`);
      const url = nextUrl(answer, current);
      current = { ...current, url };
      answer = url.origin === ask.site.origin ? await session.send(current, address) : await transport.send(current);
    }
    return answer;
  };
}

function nextUrl({ headers }: HttpAnswer, { url, what, site }: Ask): URL {
  const location = headers.get('location')?.[0] ?? '';
  if (location === '' || location.length > 16_384 || !URL.canParse(location, url.href))
    throw refused(what, site, 'it is sent on without saying where');
  const next = new URL(location, url);
  const isProtocolFine = next.protocol === 'https:' || (next.protocol === 'http:' && site.isInsecure);
  if (!isProtocolFine || next.username !== '' || next.password !== '')
    throw refused(what, site, `it is sent on to ${next.host}, which is not https`);
  next.hash = '';
  return next;
}
