import type { PlatformContent } from '../monitor/tag-content.ts';
import { parseReference, type Reference } from './reference.ts';

/**
 * What an image is said to be built on. `provenance`: whoever built it. `annotation`: whoever pushed it. `label`: somebody below may
 * have said so of another image, for labels are inherited.
 */
export type NamedBase = { readonly reference: Reference; readonly known: 'provenance' | 'annotation' | 'label' };

const nameKey = 'org.opencontainers.image.base.name';
const digestKey = 'org.opencontainers.image.base.digest';

/**
 * @returns `undefined` where it names none, and where what it names is no reference.
 * @see OCI image specification, annotations
 */
export function namedBase({ base, labels }: Pick<PlatformContent, 'base' | 'labels'>): NamedBase | undefined {
  if (base !== undefined) return baseAt(base.name, base.digest, 'annotation');
  const name = labels?.get(nameKey);
  return name === undefined ? undefined : baseAt(name, labels?.get(digestKey), 'label');
}

function baseAt(name: string, digest: string | undefined, known: NamedBase['known']): NamedBase | undefined {
  const isPinned = digest === undefined || name.includes('@');
  const parsed = parseReference(isPinned ? name : `${name}@${digest}`);
  return parsed.kind === 'ok' ? { reference: parsed.reference, known } : undefined;
}
