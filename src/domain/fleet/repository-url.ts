/** Where a git repository lies, in one of the forms that are safe to hand to git. */
export type RepositoryUrl = {
  /** As it was written: a server may tell two spellings apart. */
  readonly text: string;
  readonly protocol: RepositoryProtocol;
  /** Lower-case name or address, an IPv6 address without brackets. */
  readonly host: string;
  /** As written in the address; absent for the protocol's own. */
  readonly port?: number;
  /** Equal for two spellings of one repository: `.git`, a last slash, the user and the protocol do not count. */
  readonly identity: string;
};

/** `http` is for tests over loopback: nothing that people write may use it. */
export type RepositoryProtocol = 'https' | 'ssh' | 'http';

export type RepositoryUrlReading =
  | { readonly kind: 'url'; readonly url: RepositoryUrl }
  /** Half a sentence behind the name of what was read; never holds a credential. */
  | { readonly kind: 'refused'; readonly reason: string };

const maxLength = 2000;
/** Programs disagree about what other characters mean: what one takes for the host another takes for the path. */
const allowed = /^[A-Za-z0-9._~/:@%+,=!()[\]-]+$/;
const name = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/**
 * Reads `https://host/path`, `ssh://[user@]host/path` and `user@host:path`.
 *
 * @param protocols what may be used.
 */
export function parseRepositoryUrl(
  text: string,
  protocols: readonly RepositoryProtocol[] = ['https', 'ssh'],
): RepositoryUrlReading {
  if (text.startsWith('-')) return refused('begins with a dash: git would take it for an option');
  if (text.includes('::')) {
    const helper = text.slice(0, text.indexOf('::'));
    if (/^[a-z0-9+-]+$/i.test(helper))
      return refused(`names the git helper ${helper.slice(0, 20)}, which could do anything`);
  }
  if (/[?#]/.test(text)) return refused('has a query or a fragment: a branch is named by branch');
  if (text.length > maxLength || !allowed.test(text)) return refused('holds characters that no git address needs');
  const scheme = text.indexOf('://');
  if (scheme < 0) return parseShort(text, protocols);
  const protocol = text.slice(0, scheme).toLowerCase();
  const known = protocols.find((candidate) => candidate === protocol);
  if (known === undefined) return refused(reasonAgainst(protocol));
  return parseLong(text, known, text.slice(scheme + 3));
}

function parseLong(text: string, protocol: RepositoryProtocol, rest: string): RepositoryUrlReading {
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? '' : rest.slice(slash + 1);
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? undefined : authority.slice(0, at);
  const problem = problemOfUser(user);
  if (problem !== undefined) return refused(problem);
  const place = readHost(authority.slice(at + 1));
  if (place === undefined) return refused('names no host that git and Basekeeper would read alike');
  return finish({ text, protocol, ...place, path });
}

function parseShort(text: string, protocols: readonly RepositoryProtocol[]): RepositoryUrlReading {
  const colon = text.indexOf(':');
  const at = text.indexOf('@');
  if (at < 1 || colon < at || !protocols.includes('ssh'))
    return refused('is no address of a git repository: write https://host/path, ssh://host/path or git@host:path');
  const problem = problemOfUser(text.slice(0, at));
  if (problem !== undefined) return refused(problem);
  const place = readHost(text.slice(at + 1, colon));
  const path = text.slice(colon + 1);
  if (place === undefined || path.startsWith('-')) return refused('is no address of a git repository');
  return finish({ text, protocol: 'ssh', ...place, path });
}

/** A host whose spelling leaves nothing to interpret: `0x7f.1` and `127.1` are addresses to some programs. */
function readHost(written: string): { readonly host: string; readonly port?: number } | undefined {
  const bracket = written.indexOf(']');
  const colon = written.startsWith('[') ? (bracket < 0 ? -1 : written.indexOf(':', bracket)) : written.indexOf(':');
  const host = (colon < 0 ? written : written.slice(0, colon)).toLowerCase();
  const digits = colon < 0 ? undefined : written.slice(colon + 1);
  if (digits !== undefined && (!/^[1-9]\d{0,4}$/.test(digits) || Number(digits) > 65_535)) return undefined;
  if (!host.startsWith('[') && !name.test(host)) return undefined;
  if (!URL.canParse(`https://${host}/`) || new URL(`https://${host}/`).hostname !== host) return undefined;
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  return digits === undefined ? { host: bare } : { host: bare, port: Number(digits) };
}

function finish(found: Omit<RepositoryUrl, 'identity'> & { readonly path: string }): RepositoryUrlReading {
  const { path, ...place } = found;
  const bare = withoutEnd(withoutEnd(path, '/'), '.git');
  if (bare === '') return refused('names a host and no repository on it');
  const port = place.port === undefined ? '' : `:${place.port}`;
  const start = bare.startsWith('/') ? bare.slice(1) : bare;
  return { kind: 'url', url: { ...place, identity: `${place.host}${port}/${start}` } };
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}

function problemOfUser(user: string | undefined): string | undefined {
  if (user === undefined) return undefined;
  if (user.includes(':') || looksLikeToken(user))
    return "holds a credential: put the credential into git's credential helper";
  return name.test(user.replaceAll('_', '-')) ? undefined : 'has no user name that git would take';
}

/** Forges take a token in place of the user name. */
function looksLikeToken(user: string): boolean {
  return /^(ghp_|gho_|ghu_|ghs_|github_pat_|glpat-)/.test(user) || (user.length >= 20 && /\d/.test(user));
}

function reasonAgainst(protocol: string): string {
  switch (protocol) {
    case 'http':
    case 'git':
      return `is read over ${protocol}:, which neither hides nor proves anything: write https://`;
    case 'file':
      return 'is a folder of this machine: write it as path';
    default:
      return 'has a protocol that is not read: write https://, ssh:// or git@host:path';
  }
}

function refused(reason: string): RepositoryUrlReading {
  return { kind: 'refused', reason };
}
