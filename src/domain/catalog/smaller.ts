import { formatSlot, formatTag, isPrerelease, operatingSystemOf, type Tag, versionOf } from '../image/tag.ts';
import type { Catalog, IsoDate } from './catalog.ts';
import { isWindows, systemLifecycle } from './operating-system.ts';
import type { KnownTag } from './repository-tags.ts';
import { typicalSize } from './sizes.ts';
import { contentOf, type SmallKind, smallKindOf, smallKinds } from './variant.ts';

export type Smaller = { readonly known: KnownTag; readonly kind: SmallKind; readonly sizeBytes: number | undefined };

/**
 * Maintained variants of the same version and content that are smaller; one per kind, smallest first.
 *
 * Empty for what is small already (slim too: the policy is satisfied; `caddy:2`, which is the alpine image under another
 * name) and for Windows.
 */
export function smallerTags(repository: string, tag: Tag, catalog: Catalog, today: IsoDate): readonly Smaller[] {
  const system = operatingSystemOf(tag);
  if (smallKindOf(tag, repository) !== undefined || isWindows(system) || isPrerelease(tag)) return [];
  if (catalog.isSmallAlready(repository, formatTag(tag))) return [];
  const content = contentOf(tag, repository);
  const own = typicalSize(repository, formatTag(tag), catalog);
  const candidates = (catalog.findTags(repository)?.all() ?? []).filter(
    ({ tag: other }) =>
      !isPrerelease(other) &&
      sameVersion(tag, other) &&
      contentOf(other, repository) === content &&
      isAlive(other, catalog, today),
  );
  return smallKinds
    .flatMap((kind): readonly Smaller[] => {
      const best = candidates
        .filter(({ tag: other }) => smallKindOf(other, repository) === kind && fits(kind, tag, other))
        .map((known) => ({ known, kind, sizeBytes: typicalSize(repository, known.text, catalog) }))
        .filter(({ sizeBytes }) => own === undefined || sizeBytes === undefined || sizeBytes < own)
        .toSorted((a, b) => preference(system?.release, a) - preference(system?.release, b) || bySize(a, b))[0];
      return best === undefined ? [] : [best];
    })
    .toSorted(bySize);
}

/** Version, or the release that stands for it (`bookworm`), and the build date are the same. */
function sameVersion(one: Tag, other: Tag): boolean {
  const [version, otherVersion] = [versionOf(one), versionOf(other)];
  if ((version === undefined) !== (otherVersion === undefined)) return false;
  if (version === undefined || otherVersion === undefined) {
    const [system, otherSystem] = [operatingSystemOf(one), operatingSystemOf(other)];
    if (system === undefined || system.release !== otherSystem?.release || !system.isCodename) return false;
  } else if (formatSlot(version) !== formatSlot(otherVersion)) return false;
  return dateOf(one) === dateOf(other);
}

/** A slim or distroless variant stands on the system that was written; alpine and chiseled bring their own. */
function fits(kind: SmallKind, tag: Tag, other: Tag): boolean {
  if (kind === 'alpine' || kind === 'chiseled') return true;
  return (operatingSystemOf(tag)?.release ?? '') === (operatingSystemOf(other)?.release ?? '');
}

/** The written system first, then the tag that names none or no release. */
function preference(release: string | undefined, { known }: Smaller): number {
  const its = operatingSystemOf(known.tag)?.release ?? '';
  if (its === release) return 0;
  return its === '' ? 1 : 2;
}

function bySize(a: Smaller, b: Smaller): number {
  const [one, other] = [a.sizeBytes ?? guess(a.kind), b.sizeBytes ?? guess(b.kind)];
  return one - other || (a.known.text < b.known.text ? -1 : 1);
}

/** Orders kinds whose size is not known: alpine is the smallest wherever both were measured. */
function guess(kind: SmallKind): number {
  return Number.MAX_SAFE_INTEGER - smallKinds.indexOf(kind);
}

function dateOf({ slots }: Tag): string {
  return slots.flatMap((slot) => (slot.kind === 'date' ? [slot.text] : [])).join('-');
}

/** The system underneath is not past its end, and has more than long-term support. */
export function isAlive(tag: Tag, catalog: Catalog, today: IsoDate): boolean {
  const system = operatingSystemOf(tag);
  const state = system === undefined ? undefined : systemLifecycle(system, catalog, today)?.state;
  return state === undefined || state === 'supported' || state === 'unreleased';
}
