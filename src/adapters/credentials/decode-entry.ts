import { type Credential, CredentialError } from '../../ports/credentials.ts';
import type { AuthEntry } from './read-credential-file.ts';

/**
 * The credential of one entry under `auths`.
 *
 * @param place names file and host in messages.
 * @returns `undefined` for an empty entry: `docker login` leaves one where a helper keeps the secret.
 */
export function decodeEntry(entry: AuthEntry, place: string): Credential | undefined {
  const { auth, identitytoken: identity, registrytoken: bearer } = entry;
  if (isWritten(bearer)) return { kind: 'bearer', token: headerText(bearer, place) };
  const [username, secret] = isWritten(auth) ? splitAuth(auth, place) : [entry['username'], entry['password']];
  if (isWritten(identity)) return { kind: 'identity', ...(isWritten(username) ? { username } : {}), token: identity };
  return isWritten(username) ? { kind: 'basic', username, secret: secret ?? '' } : undefined;
}

/** A token that is sent in a header as it is may hold nothing that a header cannot. */
export function headerText(token: string, place: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CredentialError(`${place}: the token holds characters that no token has; log in again`);
}

function isWritten(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** `auth` is base64 of `user:password`, by some tools with NULs at its end. A password may hold colons. */
function splitAuth(auth: string, place: string): readonly [username: string, secret: string] {
  const broken = () => new CredentialError(`${place}: "auth" is not base64 of user:password; log in again`);
  if (!/^[A-Za-z0-9+/_=\s-]*$/.test(auth)) throw broken();
  const text = withoutEndNuls(Buffer.from(auth, 'base64').toString('utf8'));
  const colon = text.indexOf(':');
  if (colon < 0) throw broken();
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function withoutEndNuls(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\0') end -= 1;
  return text.slice(0, end);
}
