import { compareNumbers } from '../../src/domain/catalog/compare-numbers.ts';
import { dayOf, readSource } from './read-source.ts';

type When = string | boolean;
type Release = {
  readonly releaseCycle: string;
  readonly codename?: string;
  readonly lts?: When;
  readonly releaseDate?: string;
  readonly eol?: When;
  readonly eoes?: When;
  readonly latest?: string;
};
type EndOfLife = {
  readonly commit: string;
  readonly date: string;
  readonly products: Readonly<Record<string, { readonly title: string; readonly releases: readonly Release[] }>>;
  readonly images: Readonly<Record<string, { readonly product: string; readonly cycleParts: number }>>;
};
type DistroRow = {
  readonly version?: string;
  readonly series: string;
  readonly release?: string;
  readonly eol?: string;
};
type DistroInfo = {
  readonly version: string;
  readonly distributions: Readonly<Record<'debian' | 'ubuntu', readonly DistroRow[]>>;
};

/**
 * Products whose LTS field does not make a line the one to be on: Red Hat's holds the end of support, and Composer's LTS is
 * for versions of PHP that have ended.
 */
const noLts = new Set(['rhel', 'composer']);
/** The source knows Oracle's builds only; the versions in the image were patched by others for years. It is retired, which says all. */
const withoutLines = new Set(['openjdk']);
const titles: Readonly<Record<string, string>> = {
  dotnet: '.NET',
  rhel: 'Red Hat Enterprise Linux (UBI)',
  mongodb: 'MongoDB',
};

/** `[cycle, codename, lts, released, end of free support of the own team, end of Debian LTS, latest]`; null where unknown. */
type Row = readonly [string, string | null, When | null, string | null, When | null, string | null, string | null];

export function lifeCycles(folder: string) {
  const endOfLife = readSource<EndOfLife>(folder, 'endoflife.json');
  const distros = readSource<DistroInfo>(folder, 'distro-info.json');
  const products: Record<string, { title: string; cycles: Row[] }> = {};
  const imagesOfProducts = Object.entries(endOfLife.images).filter(([image]) => !withoutLines.has(image));
  const wanted = new Set(imagesOfProducts.map(([, { product }]) => product));
  for (const product of wanted) {
    const found = endOfLife.products[product];
    if (found === undefined) continue;
    const cycles = found.releases.map((release) => row(product, release, distros));
    products[product] = { title: titles[product] ?? found.title, cycles };
  }
  for (const product of ['debian', 'ubuntu'] as const) {
    const known = products[product]?.cycles ?? [];
    const cycles = new Set(known.map(([cycle]) => cycle));
    for (const { version, series, release, eol } of distros.distributions[product]) {
      const cycle = version?.split(' ')[0];
      if (cycle === undefined || cycles.has(cycle) || Number(cycle) < 1) continue;
      known.push([cycle, series, null, release ?? null, eol ?? null, null, null]);
    }
  }
  // Some products stand in another order in the source: the reader relies on the newest being first.
  for (const { cycles } of Object.values(products)) cycles.sort(([a], [b]) => compareNumbers(b, a));
  const images: Record<string, readonly [string, number]> = {};
  for (const [image, { product, cycleParts }] of imagesOfProducts) images[image] = [product, cycleParts];
  return {
    source: {
      name: 'endoflife.date',
      url: `https://github.com/endoflife-date/endoflife.date/tree/${endOfLife.commit}`,
      date: dayOf(endOfLife.date),
      license: 'MIT',
    },
    distroSource: {
      name: `Debian distro-info-data ${distros.version}`,
      url: 'https://packages.debian.org/distro-info-data',
      // The package states no date; it was fetched with the rest.
      date: dayOf(endOfLife.date),
      license: 'ISC',
    },
    products,
    images,
  };
}

function row(product: string, release: Release, distros: DistroInfo): Row {
  const { releaseCycle: cycle, lts, releaseDate, eol, eoes, latest } = release;
  const series =
    product === 'debian' || product === 'ubuntu'
      ? distros.distributions[product].find(({ version }) => version?.split(' ')[0] === cycle)?.series
      : undefined;
  // Extended support is free for Debian (LTS) alone; everybody else sells it.
  const free = product === 'debian' && typeof eoes === 'string' ? eoes : null;
  const itsLts = noLts.has(product) ? null : (lts ?? null);
  return [cycle, series ?? null, itsLts, releaseDate ?? null, eol ?? null, free, latest ?? null];
}
