import { type Reference, repositoryName } from '../image/reference.ts';
import { operatingSystemOf, parseTag, wordsOf } from '../image/tag.ts';
import { isBuilderImage } from './builder.ts';
import type { Catalog, IsoDate } from './catalog.ts';
import { chooseBase, type KnownFacts } from './choose-base.ts';
import { type DistrolessName, distrolessLifecycle, distrolessSystem, parseDistroless } from './distroless.ts';
import { floatingWord } from './floating.ts';
import type { ImageFacts, Lifecycle, SmallerVariant } from './image-facts.ts';
import { keepsData } from './keeps-data.ts';
import { lifecycleOf } from './life-cycle.ts';
import { findLines } from './lines.ts';
import { systemLifecycle } from './operating-system.ts';
import { publisherOf, tagStateOf } from './publisher.ts';
import { recommend } from './recommend.ts';
import { typicalSize } from './sizes.ts';
import { smallerTags } from './smaller.ts';

/**
 * All that the catalog knows of one reference on one day.
 *
 * @param reference after aliases: a mirror is described as what it mirrors.
 * @param today decides which lines are LTS and which have ended; tags are known as of the catalog's date whatever the day.
 */
export function describeImage(reference: Reference, catalog: Catalog, today: IsoDate): ImageFacts {
  const repository = repositoryName(reference);
  const distroless = withTaggedVersion(parseDistroless(repository), reference.tag);
  const floating = floatingWord(reference, repository, catalog);
  const sizeBytes =
    reference.tag === undefined && reference.digest !== undefined
      ? undefined
      : typicalSize(repository, reference.tag ?? 'latest', catalog);
  const plain: KnownFacts = {
    ...publisherOf(reference, repository, catalog),
    tagState: tagStateOf(reference, repository, catalog),
    ...(floating === undefined ? {} : { floating }),
    ...(distroless === undefined
      ? lifecycles(reference, repository, catalog, today)
      : ofDistroless(distroless, catalog, today)),
    smaller: [],
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    isDebug: isDebugTag(repository, reference.tag),
    isBuilder: isBuilderImage(repository, reference.tag),
    keepsData: keepsData(repository),
  };
  const known = { ...plain, smaller: smallerVariants(reference, repository, plain, catalog, today) };
  const recommended = recommend(reference, repository, known, catalog, today);
  return recommended === undefined ? known : { ...known, recommended };
}

/** The old `distroless/nodejs:16` names its line in the tag. */
function withTaggedVersion(name: DistrolessName | undefined, tag: string | undefined): DistrolessName | undefined {
  const version = /^(\d+)(?:$|-)/.exec(tag ?? '')?.[1];
  return name === undefined || name.version !== undefined || version === undefined ? name : { ...name, version };
}

type Lifecycles = { readonly lifecycle?: Lifecycle; readonly os?: Lifecycle };

function ofDistroless(name: DistrolessName, catalog: Catalog, today: IsoDate): Lifecycles {
  return joined(distrolessLifecycle(name, catalog, today), distrolessSystem(name, catalog, today));
}

/** The product's line and, unless the system is the product, the system's. */
function lifecycles(reference: Reference, repository: string, catalog: Catalog, today: IsoDate): Lifecycles {
  const tag = parseTag(reference.tag ?? '');
  const lines = findLines(catalog, repository);
  const cycle = lines?.cycleOf(tag);
  const isDistribution = lines?.productName === 'debian' || lines?.productName === 'ubuntu';
  const source = isDistribution ? catalog.sources.distributions : catalog.sources.lifeCycles;
  const hasTag = (name: string) => lines !== undefined && lines.tagsOn(name).length > 0;
  const lifecycle =
    lines === undefined || cycle === undefined ? undefined : lifecycleOf(lines.product, cycle, today, source, hasTag);
  const system = operatingSystemOf(tag);
  const os = system === undefined ? undefined : systemLifecycle(system, catalog, today);
  return joined(lifecycle, os?.product === lifecycle?.product ? undefined : os);
}

function joined(lifecycle: Lifecycle | undefined, os: Lifecycle | undefined): Lifecycles {
  return { ...(lifecycle === undefined ? {} : { lifecycle }), ...(os === undefined ? {} : { os }) };
}

/** Of a floating tag: the smaller variants of the release that it would be replaced by. */
function smallerVariants(
  reference: Reference,
  repository: string,
  facts: KnownFacts,
  catalog: Catalog,
  today: IsoDate,
): readonly SmallerVariant[] {
  const isFloating = facts.floating !== undefined && facts.publisher !== 'retired';
  const base = isFloating ? chooseBase(reference, repository, repository, facts, catalog, today)?.tag : undefined;
  const own = reference.tag === undefined ? undefined : parseTag(reference.tag);
  const tag = base ?? own;
  if (tag === undefined) return [];
  return smallerTags(repository, tag, catalog, today).map(({ known, sizeBytes }) => ({
    reference: { registry: reference.registry, repository: reference.repository, tag: known.text },
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  }));
}

/** Images that have no shell by design carry one under these tags. */
function isDebugTag(repository: string, tag: string | undefined): boolean {
  const isShellFree = /^(?:gcr\.io\/distroless|cgr\.dev\/chainguard|dhi\.io)\//.test(repository);
  return isShellFree && tag !== undefined && wordsOf(parseTag(tag)).includes('debug');
}
