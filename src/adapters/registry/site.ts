import type { RegistrySettings } from '../../domain/policy/registry-settings.ts';
import { RegistryError, type RepositoryAddress } from '../../ports/registry.ts';
import { type HostProfile, profileOf } from './hosts.ts';

/** Where the images of a registry are asked for, and by which rules. */
export type Site = {
  /** As references and reports spell it: `docker.io`. */
  readonly name: string;
  readonly profile: HostProfile;
  readonly origin: string;
  readonly host: string;
  /** In front of every repository, empty or `proxy/`. */
  readonly prefix: string;
  readonly isPrivate: boolean;
  readonly isInsecure: boolean;
  /** Whose credentials are shown: those of the host that is asked, never those of the host it stands for. */
  readonly credentialHost: string;
};

export type SettingsByHost = ReadonlyMap<string, RegistrySettings>;

/** What is asked there draws on the limits and the login of Docker Hub, by whatever name. */
const hubNames: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** @param written as references spell it. */
export function siteOf(written: string, settings: SettingsByHost): Site {
  const isHub = hubNames.has(written.toLowerCase().replace(/:443$/, ''));
  const name = isHub && !settings.has(written) ? 'docker.io' : written;
  const own = settings.get(name);
  const { isPrivate = false, isInsecure = false, endpoint } = own ?? {};
  if (endpoint !== undefined) return mirrorOf(name, endpoint, { isPrivate, isInsecure });
  const profile = profileOf(name);
  const url = parseOrigin(`${isInsecure ? 'http' : 'https'}://${profile.apiHost}`);
  if (url === undefined) throw new RegistryError('refused', name, `cannot ask ${name}: it is no host`);
  return {
    name,
    profile,
    origin: url.origin,
    host: url.host,
    prefix: '',
    isPrivate,
    isInsecure,
    credentialHost: profile.apiHost === 'registry-1.docker.io' ? name : profile.apiHost,
  };
}

/** A mirror is a plain registry, whatever it stands for: it counts no pulls and has no web API. */
function mirrorOf(name: string, endpoint: string, flags: Pick<Site, 'isPrivate' | 'isInsecure'>): Site {
  const url = parseOrigin(endpoint);
  const setting = `registries.${JSON.stringify(name)}.endpoint in the organisation's policy file`;
  if (url === undefined) throw new RegistryError('refused', name, `cannot ask ${name}: ${setting} is no address`);
  if (url.protocol === 'http:' && !flags.isInsecure)
    throw new RegistryError('refused', name, `cannot ask ${name}: ${setting} is not https, and not set to be insecure`);
  const path = url.pathname.replace(/^\/|\/$/g, '');
  return {
    ...flags,
    name,
    profile: profileOf(url.host),
    origin: url.origin,
    host: url.host,
    prefix: path === '' ? '' : `${path}/`,
    credentialHost: url.host,
  };
}

function parseOrigin(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.host !== '';
  return isPlain ? url : undefined;
}

/** The repository as this site spells it. */
export function wireRepository(site: Site, { repository }: RepositoryAddress): string {
  return site.prefix + repository;
}

/** `/v2/library/node/manifests/24` of the site. */
export function apiUrl(site: Site, address: RepositoryAddress, ...rest: readonly string[]): URL {
  const path = [...wireRepository(site, address).split('/'), ...rest].map(encodeURIComponent).join('/');
  // A digest is spelt with its colon everywhere.
  return new URL(`/v2/${path.replaceAll('%3A', ':')}`, site.origin);
}

/**
 * Whether a host may be asked on a private address for this site: itself, or another that it names, by that one's own setting.
 * What a registry of the public net names is never private: it would choose what is asked for inside.
 */
export function isPrivateAllowed(host: string, site: Site, settings: SettingsByHost): boolean {
  return site.isPrivate && (host === site.host || settings.get(host)?.isPrivate === true);
}
