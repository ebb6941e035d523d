import { parseReference } from '../domain/image/reference.ts';
import type { RegistrySettings } from '../domain/policy/registry-settings.ts';
import type { PolicyFile } from './policy-schema.ts';
import type { PolicyProblem, ReadPolicyFile } from './read-policy-file.ts';

type Registries = ReadonlyMap<string, RegistrySettings>;
type WrittenSettings = NonNullable<PolicyFile['registries']>[string];

/** What a file says of registries, put over `base` host by host. */
export function mergeRegistries(base: Registries, file: ReadPolicyFile, problems: PolicyProblem[]): Registries {
  const merged = new Map(base);
  const writtenBy = new Map<string, string>();
  for (const [key, written] of Object.entries(file.content.registries ?? {})) {
    const host = hostOf(key);
    const same = host === undefined ? undefined : writtenBy.get(host);
    const reason =
      host === undefined
        ? 'is no registry host: write it as in an image name, without https:// and path'
        : same === undefined
          ? undefined
          : `names the same registry as ${same}`;
    if (reason !== undefined)
      problems.push({
        file: file.name,
        line: file.lineOf(['registries', key]),
        message: `registries.${key} ${reason}`,
      });
    if (host === undefined) continue;
    writtenBy.set(host, key);
    const endpoint = readEndpoint(written);
    if (endpoint.kind === 'wrong')
      problems.push({
        file: file.name,
        line: file.lineOf(['registries', key, 'endpoint']),
        message: `registries.${key}.endpoint ${endpoint.reason}`,
      });
    else merged.set(host, settingsOf(written, endpoint.url));
  }
  return merged;
}

/** The host as references name it, in lower case. */
function hostOf(key: string): string | undefined {
  const parsed = parseReference(`${key}/a/b`);
  if (parsed.kind === 'invalid' || !URL.canParse(`https://${key}`)) return undefined;
  const { registry, repository } = parsed.reference;
  return repository === 'a/b' ? registry.toLowerCase() : undefined;
}

type Endpoint =
  | { readonly kind: 'url'; readonly url: string | undefined }
  | { readonly kind: 'wrong'; readonly reason: string };

/** Reasons do not repeat the address: it may hold a password. */
function readEndpoint({ endpoint, insecure = false }: WrittenSettings): Endpoint {
  if (endpoint === undefined) return { kind: 'url', url: undefined };
  const wrong = (reason: string): Endpoint => ({ kind: 'wrong', reason });
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return wrong('is no web address: write https://host/path');
  if (url.username !== '' || url.password !== '')
    return wrong('may hold no user or password: log in with docker login, its credentials are used');
  // An empty query or fragment is one too, and is not seen in `search` and `hash`.
  if (/[?#]/.test(endpoint)) return wrong('may hold no query and no fragment');
  if (url.protocol === 'http:' && !insecure) return wrong('is plain HTTP: write https://, or add insecure: true');
  return { kind: 'url', url: url.href.endsWith('/') ? url.href.slice(0, -1) : url.href };
}

function settingsOf(written: WrittenSettings, endpoint: string | undefined): RegistrySettings {
  const { maxInFlight, requestsPerSecond } = written;
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    isPrivate: written.private ?? false,
    isInsecure: written.insecure ?? false,
    ...(maxInFlight === undefined ? {} : { maxInFlight }),
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
  };
}
