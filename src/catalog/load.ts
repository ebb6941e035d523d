import type { Catalog, Cycle, Product, RetiredImage } from '../domain/catalog/catalog.ts';
import { type RepositoryTags, repositoryTags } from '../domain/catalog/repository-tags.ts';
import type {
  CycleRow,
  LifeCyclesPart,
  OfficialPart,
  RenewableParts,
  RenewedCatalog,
} from '../domain/catalog/snapshot.ts';
import distroless from './data/distroless.json' with { type: 'json' };
import dotnet from './data/dotnet.json' with { type: 'json' };
import lifeCycles from './data/life-cycles.json' with { type: 'json' };
import official from './data/official.json' with { type: 'json' };
import sizes from './data/sizes.json' with { type: 'json' };
import { partsInForce } from './parts-in-force.ts';
import { productsOfImages } from './products-of-images.ts';
import { earlyAccessOnly, successions, tablesSource } from './successors.ts';
import { vendors } from './vendors.ts';

let shipped: Catalog | undefined;

/**
 * The catalog that this version of the program carries, with those parts of a renewed one that are newer. The shipped one is
 * made once; tags are parsed when a repository is first asked for.
 */
export function loadCatalog(renewed: RenewedCatalog = { kind: 'none' }): Catalog {
  if (renewed.kind !== 'none') return build(renewed);
  shipped ??= build(renewed);
  return shipped;
}

function build(renewed: RenewedCatalog): Catalog {
  const parts = partsInForce(renewed);
  const texts = new Map<string, string>([
    ...Object.entries(parts.official.repositories).map(([name, tags]) => [onHub(name), tags] as const),
    ...Object.entries(dotnet.repositories),
    ...Object.entries(distroless.images).map(([name, tags]) => [`gcr.io/distroless/${name}`, tags] as const),
  ]);
  const smallAlready = new Map(
    Object.entries(parts.official.smallAlready).map(([name, tags]) => [onHub(name), new Set(tags.split(' '))]),
  );
  const known = new Map<string, RepositoryTags>();
  const sources = {
    official: parts.official.source,
    dotnet: dotnet.source,
    distroless: distroless.source,
    lifeCycles: parts.lifeCycles.source,
    distributions: lifeCycles.distroSource,
    sizes: sizes.source,
    own: tablesSource,
  };
  const isRenewed = sources.official !== official.source || sources.lifeCycles !== lifeCycles.source;
  const lists = [sources.official, sources.lifeCycles, ...(isRenewed ? [] : [sources.dotnet, sources.distroless])];
  const asOf = lists.map(({ date }) => date).sort()[0] ?? '';
  return {
    asOf,
    isRenewed,
    notes: notesOf(renewed, asOf, parts),
    sources,
    repositories: [...texts.keys()].sort(),
    findTags: (repository) => {
      const before = known.get(repository);
      if (before !== undefined) return before;
      const text = texts.get(repository);
      if (text === undefined) return undefined;
      const tags = repositoryTags(text);
      known.set(repository, tags);
      return tags;
    },
    isSmallAlready: (repository, tag) => smallAlready.get(repository)?.has(tag) ?? false,
    retired: retiredImages(parts.official.retired),
    products: products(parts.lifeCycles),
    productOf: productsOfImages(),
    distroless: {
      supportEnds: new Map(Object.entries(distroless.supportEnds)),
      frozen: new Map(Object.entries(distroless.frozen)),
    },
    vendors,
    sizes: new Map(
      Object.entries(sizes.sizes).map(([name, tags]) => [
        name.includes('/') ? name : onHub(name),
        new Map(Object.entries(tags)),
      ]),
    ),
  };
}

function notesOf(renewed: RenewedCatalog, asOf: string, parts: RenewableParts): readonly string[] {
  if (renewed.kind === 'unusable')
    return [
      `a renewed catalog was not used, the shipped one is: ${renewed.reason}; basekeeper catalog refresh writes it anew`,
    ];
  const older = [dotnet.source, distroless.source].filter(({ date }) => date < asOf);
  const kept = Object.entries({ ...parts.official.kept, ...parts.lifeCycles.kept });
  return [
    ...(older.length === 0
      ? []
      : [`older, for only a new version of basekeeper renews it: ${older.map(dated).join(', ')}`]),
    ...(kept.length === 0
      ? []
      : [`older, for it could not be renewed: ${kept.map(([name, date]) => dated({ name, date })).join(', ')}`]),
  ];
}

function dated({ name, date }: { readonly name: string; readonly date: string }): string {
  return `${name} (${date})`;
}

function onHub(name: string): string {
  return `docker.io/library/${name}`;
}

function retiredImages(retired: OfficialPart['retired']): ReadonlyMap<string, RetiredImage> {
  const all = new Map<string, RetiredImage>();
  for (const [since, keepsPrereleases] of [
    [retired, false],
    [earlyAccessOnly, true],
  ] as const) {
    for (const [name, date] of Object.entries(since)) {
      // A name from outside may be `constructor`.
      const succession = Object.hasOwn(successions, name) ? successions[name] : undefined;
      const { successors, isDropIn = false } = succession ?? { successors: [] };
      all.set(name, { since: date, successors, isDropIn, keepsPrereleases });
    }
  }
  return all;
}

function products({ products }: LifeCyclesPart): ReadonlyMap<string, Product> {
  const entries = Object.entries(products);
  return new Map(entries.map(([name, { title, cycles }]) => [name, { title, cycles: cycles.map(cycle) }]));
}

function cycle([name, codename, lts, releasedOn, ends, longTermEnds, latest]: CycleRow): Cycle {
  return {
    name,
    ...(codename === null ? {} : { codename }),
    ...(lts === null ? {} : { lts }),
    ...(releasedOn === null ? {} : { releasedOn }),
    ends: ends ?? false,
    ...(longTermEnds === null ? {} : { longTermEnds }),
    ...(latest === null ? {} : { latest }),
  };
}
