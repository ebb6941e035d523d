import type { Catalog, IsoDate } from '../catalog/catalog.ts';
import { systemLifecycle } from '../catalog/operating-system.ts';
import { parseReference, repositoryName } from '../image/reference.ts';
import { type OperatingSystemSlot, operatingSystemOf, parseTag, versionOf } from '../image/tag.ts';
import type { PlatformContent } from './tag-content.ts';

/** Repositories that are an operating system, and how tags of others name it. */
const distributions: ReadonlyMap<string, string> = new Map(
  'alpine debian ubuntu fedora amazonlinux oraclelinux rockylinux almalinux photon'
    .split(' ')
    .map((name) => [`docker.io/library/${name}`, name]),
);

/**
 * The release of the operating system that an image stands on: `Debian 12 (bookworm)`, `Alpine Linux 3.22`.
 *
 * The base that its publisher names is believed first, then Ubuntu's own labels, which every image built on it inherits,
 * then what the tag itself says.
 *
 * @returns `undefined` when nothing tells.
 */
export function osReleaseOf(
  image: string,
  tag: string,
  content: PlatformContent,
  catalog: Catalog,
  today: IsoDate,
): string | undefined {
  const slot =
    ofDistribution(image, content.version) ?? ofBase(content.base?.name) ?? ofLabels(content) ?? ofTag(image, tag);
  if (slot === undefined) return undefined;
  const known = systemLifecycle(slot, catalog, today);
  if (known !== undefined) return `${known.product} ${known.line}`;
  return slot.release === '' ? undefined : `${slot.name} ${slot.release.split('.').slice(0, 2).join('.')}`;
}

function ofBase(name: string | undefined): OperatingSystemSlot | undefined {
  const parsed = name === undefined ? undefined : parseReference(name);
  if (parsed?.kind !== 'ok' || parsed.reference.tag === undefined) return undefined;
  return ofTag(repositoryName(parsed.reference), parsed.reference.tag);
}

function ofTag(image: string, tag: string): OperatingSystemSlot | undefined {
  const named = operatingSystemOf(parseTag(tag));
  if (named !== undefined && named.release !== '') return named;
  return ofDistribution(image, tag);
}

/** `3.22.1` of alpine, `trixie-20250811` of debian. */
function ofDistribution(image: string, version: string | undefined): OperatingSystemSlot | undefined {
  const name = distributions.get(image);
  if (name === undefined || version === undefined) return undefined;
  const tag = parseTag(version);
  const named = operatingSystemOf(tag);
  if (named !== undefined && named.release !== '') return named;
  const numbers = versionOf(tag)?.numbers;
  return numbers === undefined ? undefined : slotOf(name, numbers.join('.'));
}

function ofLabels({ labels }: PlatformContent): OperatingSystemSlot | undefined {
  const version = labels?.get('org.opencontainers.image.version');
  const isUbuntu = labels?.get('org.opencontainers.image.ref.name') === 'ubuntu';
  return isUbuntu && version !== undefined && /^\d\d\.\d\d$/.test(version) ? slotOf('ubuntu', version) : undefined;
}

function slotOf(name: string, release: string): OperatingSystemSlot {
  return { kind: 'os', name, release, separator: '', isCodename: false, isNamed: true };
}
