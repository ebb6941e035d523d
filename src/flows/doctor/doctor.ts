import type { Reference } from '../../domain/image/reference.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { CredentialInventory, Credentials } from '../../ports/credentials.ts';
import type { OwnStorage } from '../../ports/own-storage.ts';
import type { Programs } from '../../ports/programs.ts';
import type { Registry } from '../../ports/registry.ts';
import { type InstalledScanner, ScannerError } from '../../ports/scanner.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { describeCatalog } from '../describe-catalog.ts';
import { mapLimited } from '../limited.ts';
import { type CollectRequest, collectUses } from '../monitor/collect-uses.ts';
import type { TagRegistry } from '../track/list-released-tags.ts';
import { checkForge, type DescribeToken } from './check-forge.ts';
import {
  checkCache,
  checkCatalog,
  checkCredentials,
  checkGit,
  checkLedger,
  checkProxies,
  checkScanner,
  checkTrivy,
  type NamedProxies,
  type ScannerState,
} from './check-machine.ts';
import { type AskedHost, checkRegistry } from './check-registry.ts';
import { checkReleaseImages } from './check-release-images.ts';
import { type DoctorResult, worstOf } from './doctor-result.ts';

export type DoctorPorts = {
  readonly workspace: Workspace;
  readonly registry: Pick<Registry, 'budgets' | 'faults'> & TagRegistry;
  readonly credentials: Credentials & CredentialInventory;
  readonly programs: Programs;
  readonly storage: OwnStorage;
  readonly describeToken: DescribeToken;
  /** @throws ScannerError */
  readonly inspectScanner: () => Promise<InstalledScanner>;
};

export type DoctorRequest = CollectRequest & {
  readonly proxies: NamedProxies;
  /** Names of variables that hold one. */
  readonly forgeTokens: readonly string[];
  /** A variable of the environment names the scanner. */
  readonly isScannerNamed: boolean;
  readonly now: Instant;
};

/** Asked whatever the tree names: most images come from there in the end. */
const hubSample: Reference = { registry: 'docker.io', repository: 'library/alpine', tag: 'latest' };

/** Tries everything that commands use outside of the program itself, and writes nothing. */
export async function doctor(ports: DoctorPorts, request: DoctorRequest): Promise<DoctorResult> {
  const { uses } = await collectUses(ports.workspace, request);
  const hosts = hostsOf(
    uses.map(({ reference }) => reference),
    request.policy.registries,
  );
  const [registries, released, forge, sources, git, trivy, grype, ledger, cache] = await Promise.all([
    mapLimited(hosts, (host) => checkRegistry(ports, host)),
    checkReleaseImages(ports.registry, request.policy.deadlines),
    checkForge(request.forgeTokens, ports.describeToken),
    ports.credentials.listSources(),
    ports.programs.find('git'),
    scannerState(ports.inspectScanner, request.isScannerNamed),
    ports.programs.find('grype'),
    ports.storage.inspectLedger(),
    ports.storage.inspectCache(),
  ]);
  const overview = describeCatalog(request.catalog, undefined, request.today);
  const checks = [
    ...registries,
    ...released,
    ...checkProxies(request.proxies),
    ...checkCredentials(sources),
    ...forge,
    checkGit(git),
    ...checkTrivy(trivy, request.now),
    checkScanner('grype', grype),
    checkLedger(ledger),
    checkCache(cache),
    ...(overview === undefined ? [] : [checkCatalog(overview)]),
  ];
  return { state: worstOf(checks), checks };
}

async function scannerState(inspect: DoctorPorts['inspectScanner'], isNamed: boolean): Promise<ScannerState> {
  try {
    return { kind: 'installed', scanner: await inspect() };
  } catch (error) {
    if (!(error instanceof ScannerError)) throw error;
    return { kind: 'failed', error, isNamed };
  }
}

/** Docker Hub first, then by name. Images with a tag come first: a digest may be gone for good. */
function hostsOf(references: readonly Reference[], settings: Policy['registries']): readonly AskedHost[] {
  const byHost = Map.groupBy(references, ({ registry }) => registry);
  const others = [...byHost.keys()].filter((host) => host !== hubSample.registry).sort();
  return [hubSample.registry, ...others].map((host) => {
    const images = byHost.get(host) ?? [];
    const endpoint = settings.get(host)?.endpoint;
    const tagged = images.filter(({ tag }) => tag !== undefined);
    return {
      host,
      uses: images.length,
      images: distinct(tagged.length > 0 ? tagged : images),
      ...(host === hubSample.registry ? { sample: hubSample } : {}),
      ...(endpoint === undefined ? {} : { endpoint }),
    };
  });
}

function distinct(references: readonly Reference[]): readonly Reference[] {
  return [...new Map(references.map((one) => [`${one.repository}:${one.tag}@${one.digest}`, one])).values()];
}
