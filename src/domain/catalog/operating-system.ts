import type { OperatingSystemSlot } from '../image/tag.ts';
import type { Catalog, Cycle, IsoDate, Product } from './catalog.ts';
import type { Lifecycle } from './image-facts.ts';
import { lifecycleOf } from './life-cycle.ts';
import { findLines, windowsCycle } from './lines.ts';

/** The product of each system that a tag can name, and the repository whose tags say which lines can be written. */
const systems: Readonly<Record<string, { readonly product: string; readonly repository: string }>> = {
  alpine: { product: 'alpine-linux', repository: 'docker.io/library/alpine' },
  debian: { product: 'debian', repository: 'docker.io/library/debian' },
  ubuntu: { product: 'ubuntu', repository: 'docker.io/library/ubuntu' },
  ubi: { product: 'rhel', repository: '' },
  rhel: { product: 'rhel', repository: '' },
  oraclelinux: { product: 'oracle-linux', repository: 'docker.io/library/oraclelinux' },
  almalinux: { product: 'almalinux', repository: 'docker.io/library/almalinux' },
  rockylinux: { product: 'rocky-linux', repository: 'docker.io/library/rockylinux' },
  al: { product: 'amazon-linux', repository: 'docker.io/library/amazonlinux' },
  amazonlinux: { product: 'amazon-linux', repository: 'docker.io/library/amazonlinux' },
  fedora: { product: 'fedora', repository: 'docker.io/library/fedora' },
  photon: { product: 'vmware-photon', repository: 'docker.io/library/photon' },
  nanoserver: { product: 'windows-nano-server', repository: '' },
  windowsservercore: { product: 'windows-server-core', repository: '' },
};

/** The life cycle of the system that a tag names, where the catalog knows it. `sid` and a bare `alpine` name no release. */
export function systemLifecycle(
  slot: OperatingSystemSlot,
  catalog: Catalog,
  today: IsoDate,
  endsAt?: IsoDate,
): Lifecycle | undefined {
  const found = systemCycle(slot, catalog);
  if (found === undefined) return undefined;
  const { product, cycle, repository } = found;
  const lines = findLines(catalog, repository);
  const hasTag = (name: string) => lines === undefined || lines.tagsOn(name).length > 0;
  const isDistribution = slot.name === 'debian' || slot.name === 'ubuntu';
  const source = isDistribution ? catalog.sources.distributions : catalog.sources.lifeCycles;
  return lifecycleOf(product, cycle, today, source, hasTag, endsAt);
}

function systemCycle(
  { name, release, isCodename }: OperatingSystemSlot,
  catalog: Catalog,
): { readonly product: Product; readonly cycle: Cycle; readonly repository: string } | undefined {
  const system = systems[name];
  const product = system === undefined ? undefined : catalog.products.get(system.product);
  if (system === undefined || product === undefined || release === '') return undefined;
  const plain = release.replace(/^ltsc/, '');
  const [major = '', minor] = plain.split('.');
  const wanted = isCodename ? undefined : [plain, minor === undefined ? major : `${major}.${minor}`, major];
  const named = (wantedName: string) => product.cycles.find((candidate) => candidate.name === wantedName);
  const windows = name === 'nanoserver' || name === 'windowsservercore' ? windowsCycle(release, named) : undefined;
  if (windows !== undefined) return { product, cycle: windows, repository: system.repository };
  const cycle = isCodename
    ? product.cycles.find(({ codename }) => codename === release)
    : product.cycles.find((candidate) => wanted?.includes(candidate.name));
  return cycle === undefined ? undefined : { product, cycle, repository: system.repository };
}

/** Windows images run on Windows hosts only; none of the others can stand in for them. */
export function isWindows(slot: OperatingSystemSlot | undefined): boolean {
  return slot !== undefined && ['nanoserver', 'windowsservercore', 'ltsc'].includes(slot.name);
}
