import { findBases, type PossibleBase } from '../../domain/advise/find-bases.ts';
import type { Jump } from '../../domain/advise/rank.ts';
import { describeImage } from '../../domain/catalog/describe-image.ts';
import { canonicalReference, type Reference } from '../../domain/image/reference.ts';
import type { RegistryFacts } from '../../domain/policy/registry-facts.ts';
import type { Registry, TagListing } from '../../ports/registry.ts';
import { mapLimited } from '../limited.ts';
import { askRegistries } from '../online/ask-registries.ts';
import { type Attempt, attempt } from '../online/attempt.ts';
import { dependsOnBadge } from '../online/collect-references.ts';
import { type ResolvedImage, resolveImage } from '../scan/resolve-image.ts';
import type { UnrankedBase } from './advice.ts';
import type { AdviseRequest } from './advise.ts';

/** A base as its registry has it now. */
export type OfferedBase = {
  readonly reference: Reference;
  readonly jump: Jump;
  readonly reasons: readonly string[];
  readonly image: ResolvedImage;
  readonly sizeBytes: number | undefined;
};

export type GatheredBases = {
  /** The present one first, if it is there. */
  readonly offered: readonly OfferedBase[];
  readonly unranked: readonly UnrankedBase[];
  readonly leftOut: readonly string[];
  readonly notes: readonly string[];
  readonly isListingUnanswered: boolean;
  /** What the registry says of the present one. */
  readonly registry: RegistryFacts | undefined;
};

/** The present base and what could stand in its place, each content once, as registries have them for the platform. */
export async function gatherBases(
  registry: Registry,
  reference: Reference,
  request: AdviseRequest,
): Promise<GatheredBases> {
  const { catalog, today, platform, maxBases } = request;
  const facts = await askPresent(registry, reference, request);
  const listing = await attempt(() => registry.listTags(reference));
  const found = findBases({
    reference,
    tags: listing.kind === 'answered' ? listing.value.tags : [],
    tagDigest: facts?.tag?.kind === 'moved' ? facts.tag.digest : undefined,
    ...{ catalog, today },
  });
  const all: readonly (PossibleBase | PresentBase)[] = [{ reference, jump: 'none', reasons: [] }, ...found];
  const answers = await mapLimited(all, (base) => locate(registry, base, platform));
  const { offered, unranked } = eachOnce(answers);
  // The present one is none of those that were asked for.
  const kept = offered.filter(({ jump }, at) => jump === 'none' || at < maxBases + Number(offered[0]?.jump === 'none'));
  const leftOut = offered.slice(kept.length).map((base) => canonicalReference(base.reference));
  const sized = await mapLimited(kept, async (base) => ({ ...base, sizeBytes: await readSize(registry, base.image) }));
  return { offered: sized, unranked, leftOut, registry: facts, ...listingNotes(listing) };
}

type ListingNotes = Pick<GatheredBases, 'notes' | 'isListingUnanswered'>;

/** Where a registry hands out images and no lists, nothing newer can ever be told: that is no failure of a day. */
function listingNotes(listing: Attempt<TagListing>): ListingNotes {
  if (listing.kind !== 'answered') {
    const isUnlistable = listing.kind === 'missing' || listing.code === 'unauthorized' || listing.code === 'refused';
    return { notes: [`newer versions are not known: ${listing.message}`], isListingUnanswered: !isUnlistable };
  }
  const isWhole = listing.value.extent !== 'truncated';
  const more = 'its repository has more tags than are read: the newest may not be among them';
  return { notes: isWhole ? [] : [more], isListingUnanswered: false };
}

type PresentBase = Omit<PossibleBase, 'jump'> & { readonly jump: 'none' };
type Located = Omit<OfferedBase, 'sizeBytes'>;

async function askPresent(
  registry: Registry,
  reference: Reference,
  { policy, catalog, today, platform }: AdviseRequest,
): Promise<RegistryFacts | undefined> {
  const facts = describeImage(reference, catalog, today);
  const wantsPublisher = dependsOnBadge({ reference, facts }, 'final', policy);
  const answers = await askRegistries(
    registry,
    [{ reference, platforms: [platform], isPlatformOpen: false, wantsPublisher }],
    {
      catalog,
      today,
    },
  );
  return answers.get(canonicalReference(reference));
}

async function locate(
  registry: Registry,
  base: PossibleBase | PresentBase,
  platform: string,
): Promise<Located | UnrankedBase> {
  const { reference } = base;
  const image = await resolveImage(registry, { reference, platform });
  if (image.kind === 'resolved') return { ...base, image };
  // Catalogs and lists name tags that are gone: that is known, not unverified.
  const { tag = 'latest', digest } = reference;
  const asked = await attempt(() => registry.resolve(reference, digest ?? tag));
  return unrankedOf(base, image.message, asked.kind === 'unanswered');
}

function unrankedOf(
  { reference, jump, reasons }: PossibleBase | PresentBase | Located,
  reason: string,
  isUnverified: boolean,
): UnrankedBase {
  return {
    reference: canonicalReference(reference),
    jump,
    reasons,
    sizeBytes: null,
    digest: null,
    reason,
    isUnverified,
  };
}

function eachOnce(bases: readonly (Located | UnrankedBase)[]): {
  readonly offered: readonly Located[];
  readonly unranked: readonly UnrankedBase[];
} {
  const offered = new Map<string, Located>();
  const unranked: UnrankedBase[] = [];
  for (const base of bases) {
    if (!('image' in base)) {
      unranked.push(base);
      continue;
    }
    const { digest } = base.image;
    const same = offered.get(digest);
    if (same === undefined) offered.set(digest, base);
    else unranked.push(unrankedOf(base, `the same content as ${canonicalReference(same.reference)}`, false));
  }
  return { offered: [...offered.values()], unranked };
}

async function readSize(registry: Registry, { reference, digest }: ResolvedImage): Promise<number | undefined> {
  const read = await attempt(() => registry.readManifest(reference, digest));
  return read.kind === 'answered' && read.value.kind === 'image' ? read.value.sizeBytes : undefined;
}
