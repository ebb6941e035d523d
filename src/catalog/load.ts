import type { Catalog, Cycle, Product, ProductOfImage, RetiredImage } from '../domain/catalog/catalog.ts';
import { type RepositoryTags, repositoryTags } from '../domain/catalog/repository-tags.ts';
import distroless from './data/distroless.json' with { type: 'json' };
import dotnet from './data/dotnet.json' with { type: 'json' };
import lifeCycles from './data/life-cycles.json' with { type: 'json' };
import official from './data/official.json' with { type: 'json' };
import sizes from './data/sizes.json' with { type: 'json' };
import { earlyAccessOnly, successions, tablesSource } from './successors.ts';
import { vendors } from './vendors.ts';

let loaded: Catalog | undefined;

/** The catalog that this version of the program carries. Made once; tags are parsed when a repository is first asked for. */
export function loadCatalog(): Catalog {
  loaded ??= build();
  return loaded;
}

function build(): Catalog {
  const texts = new Map<string, string>([
    ...Object.entries(official.repositories).map(([name, tags]) => [onHub(name), tags] as const),
    ...Object.entries(dotnet.repositories),
    ...Object.entries(distroless.images).map(([name, tags]) => [`gcr.io/distroless/${name}`, tags] as const),
  ]);
  const smallAlready = new Map(
    Object.entries(official.smallAlready).map(([name, tags]) => [onHub(name), new Set(tags.split(' '))]),
  );
  const known = new Map<string, RepositoryTags>();
  const sources = {
    official: official.source,
    dotnet: dotnet.source,
    distroless: distroless.source,
    lifeCycles: lifeCycles.source,
    distributions: lifeCycles.distroSource,
    sizes: sizes.source,
    own: tablesSource,
  };
  return {
    asOf:
      [sources.official, sources.dotnet, sources.distroless, sources.lifeCycles].map(({ date }) => date).sort()[0] ??
      '',
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
    retired: retiredImages(),
    products: products(),
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

function onHub(name: string): string {
  return `docker.io/library/${name}`;
}

function retiredImages(): ReadonlyMap<string, RetiredImage> {
  const all = new Map<string, RetiredImage>();
  for (const [since, keepsPrereleases] of [
    [official.retired, false],
    [earlyAccessOnly, true],
  ] as const) {
    for (const [name, date] of Object.entries(since)) {
      const { successors, isDropIn = false } = successions[name] ?? { successors: [] };
      all.set(name, { since: date, successors, isDropIn, keepsPrereleases });
    }
  }
  return all;
}

type Row = readonly (string | boolean | null | undefined)[];

function products(): ReadonlyMap<string, Product> {
  // The rows are tuples in the file; a JSON module gives their type as a wide array.
  const entries = Object.entries(lifeCycles.products) as [string, { title: string; cycles: readonly Row[] }][];
  return new Map(entries.map(([name, { title, cycles }]) => [name, { title, cycles: cycles.map(cycle) }]));
}

function cycle([name, codename, lts, releasedOn, ends, longTermEnds, latest]: Row): Cycle {
  return {
    name: String(name),
    ...(typeof codename === 'string' ? { codename } : {}),
    ...(typeof lts === 'string' || typeof lts === 'boolean' ? { lts } : {}),
    ...(typeof releasedOn === 'string' ? { releasedOn } : {}),
    ends: ends ?? false,
    ...(typeof longTermEnds === 'string' ? { longTermEnds } : {}),
    ...(typeof latest === 'string' ? { latest } : {}),
  };
}

/** endoflife.date names images as people write them; here they are named in full. */
function productsOfImages(): ReadonlyMap<string, ProductOfImage> {
  const all = new Map<string, ProductOfImage>();
  // Pairs in the file; see above.
  const entries = Object.entries(lifeCycles.images) as unknown as [string, readonly [string, number]][];
  for (const [image, [product, cycleParts]] of entries) {
    const first = image.split('/')[0] ?? '';
    const name = !image.includes('/') ? onHub(image) : first.includes('.') ? image : `docker.io/${image}`;
    all.set(name, { product, cycleParts });
  }
  const more: Readonly<Record<string, ProductOfImage>> = {
    'docker.io/library/azul-zulu': { product: 'azul-zulu', cycleParts: 1 },
    'public.ecr.aws/amazonlinux/amazonlinux': { product: 'amazon-linux', cycleParts: 1 },
    'docker.io/amazon/aws-lambda-nodejs': { product: 'nodejs', cycleParts: 1 },
    'mcr.microsoft.com/dotnet/core/sdk': { product: 'dotnet', cycleParts: 1 },
    'mcr.microsoft.com/dotnet/core/aspnet': { product: 'dotnet', cycleParts: 1 },
    'mcr.microsoft.com/dotnet/core/runtime': { product: 'dotnet', cycleParts: 1 },
    'mcr.microsoft.com/dotnet/core/runtime-deps': { product: 'dotnet', cycleParts: 1 },
    'public.ecr.aws/lambda/nodejs': { product: 'nodejs', cycleParts: 1 },
    'public.ecr.aws/lambda/python': { product: 'python', cycleParts: 2 },
  };
  for (const [name, product] of Object.entries(more)) all.set(name, product);
  return all;
}
