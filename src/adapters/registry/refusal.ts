import { asObject, listMember, parseJsonObject, textMember } from '../../domain/image/json-value.ts';
import type { Instant } from '../../domain/source/instant.ts';
import { formatInstant } from '../../domain/source/instant.ts';
import { RegistryError, type RegistryErrorCode } from '../../ports/registry.ts';
import type { HttpAnswer, HttpError } from '../http/http-client.ts';
import { portCodeOf } from '../http/port-code.ts';
import type { Site } from './site.ts';

const maxDetail = 500;

/** What an answer that is none of those wanted means. `what`: `cannot list tags of ghcr.io/acme/base`. */
export function refusalOf(answer: HttpAnswer, what: string, site: Site): RegistryError {
  const { status } = answer;
  const detail = detailOf(answer);
  const said = detail === '' ? '' : ` (${status}: ${detail})`;
  const fail = (code: RegistryErrorCode, text: string) => new RegistryError(code, site.name, `${what}: ${text}${said}`);
  if (status === 404 || status === 410)
    return fail('not-found', site.profile.hidesMissing ? 'it is missing or private' : 'there is no such thing');
  if (status === 401 || status === 403) {
    if (site.profile.hidesMissing) return fail('not-found', 'it is missing or private');
    return fail('unauthorized', `it may not be read; check the credentials for ${site.credentialHost}`);
  }
  if (status >= 300 && status < 400)
    return fail('refused', 'it is sent to another place, which is followed for blobs only');
  if (status >= 500) return fail('unavailable', 'the host is out of order');
  return fail('malformed', `the host answers ${status}`);
}

/** @param host that was asked, which may be a token service or where a blob lies. */
export function refusalOfError(error: HttpError, what: string, host: string, site: Site): RegistryError {
  const remedy = error.code === 'refused-address' ? remedyFor(host, site) : '';
  const at = host === site.name ? '' : `${host}: `;
  const message = `${what}: ${at}${error.message}${remedy}`;
  return new RegistryError(portCodeOf(error, 'refused'), site.name, message, { cause: error });
}

function remedyFor(host: string, site: Site): string {
  const setting = (name: string) => `registries.${JSON.stringify(name)}.private: true`;
  const file = "in the organisation's policy file";
  if (host === site.host) return `; to allow it set ${setting(site.name)} ${file}`;
  if (site.isPrivate) return `; to allow it set ${setting(host)} ${file}`;
  return `; to allow it set ${setting(site.name)} beside that of ${JSON.stringify(host)} ${file}`;
}

export function rateLimited(what: string, host: string, site: Site, retryAt: Instant): RegistryError {
  const message = `${what}: ${host} asks to wait until ${formatInstant(retryAt)}`;
  return new RegistryError('rate-limited', site.name, message, { retryAt });
}

export function malformed(what: string, site: Site, reason: string): RegistryError {
  return new RegistryError('malformed', site.name, `${what}: ${reason}`);
}

export function refused(what: string, site: Site, reason: string): RegistryError {
  return new RegistryError('refused', site.name, `${what}: ${reason}`);
}

/** What the host says in its own words, on one line: the errors of the protocol, or the beginning of any text. */
export function detailOf({ body }: Pick<HttpAnswer, 'body'>): string {
  const text = Buffer.from(body.subarray(0, 16_384)).toString('utf8');
  const errors = listMember(parseJsonObject(text), 'errors') ?? [];
  const told = errors.slice(0, 3).flatMap((error) => {
    const message = textMember(asObject(error), 'message') ?? '';
    const code = textMember(asObject(error), 'code') ?? '';
    return message === '' && code === '' ? [] : [[message, code].filter((part) => part !== '').join(', ')];
  });
  return cleaned(told.length > 0 ? told.join('; ') : text);
}

/** One line without control characters. Signed addresses lose their query: it opens what they point to. */
function cleaned(text: string): string {
  const line = text
    .slice(0, 4 * maxDetail)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replace(/\?[^\s"'<>]*/g, '')
    .trim();
  return line.length > maxDetail ? `${line.slice(0, maxDetail)}…` : line;
}
