import { refused } from './refusal.ts';
import type { SettingsByHost, Site } from './site.ts';

/**
 * The token service that a registry names: https, or http where the registry itself or that host is set to be insecure.
 *
 * @param realm absolute, or relative to what was asked.
 * @throws RegistryError `refused`
 */
export function checkRealm(realm: string, askedAt: URL, what: string, site: Site, settings: SettingsByHost): URL {
  if (realm.length > 2048 || !URL.canParse(realm, askedAt.href))
    throw refused(what, site, 'its token service has no address');
  const url = new URL(realm, askedAt);
  const isInsecureAllowed = site.isInsecure || settings.get(url.host)?.isInsecure === true;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isInsecureAllowed))
    throw refused(what, site, `its token service ${url.host} is not https`);
  if (url.username !== '' || url.password !== '')
    throw refused(what, site, 'the address of its token service holds a name');
  url.hash = '';
  return url;
}
