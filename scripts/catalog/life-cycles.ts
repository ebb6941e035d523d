import { cycleRow, newestFirst } from '../../src/domain/catalog/refresh/cycle-rows.ts';
import type { CycleRow } from '../../src/domain/catalog/snapshot.ts';
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

/** The source knows Oracle's builds only; the versions in the image were patched by others for years. It is retired, which says all. */
const withoutLines = new Set(['openjdk']);
const titles: Readonly<Record<string, string>> = {
  dotnet: '.NET',
  rhel: 'Red Hat Enterprise Linux (UBI)',
  mongodb: 'MongoDB',
};

export function lifeCycles(folder: string) {
  const endOfLife = readSource<EndOfLife>(folder, 'endoflife.json');
  const distros = readSource<DistroInfo>(folder, 'distro-info.json');
  const products: Record<string, { title: string; cycles: CycleRow[] }> = {};
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
  const sorted = Object.entries(products).map(([name, { title, cycles }]) => [
    name,
    { title, cycles: newestFirst(cycles) },
  ]);
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
    products: Object.fromEntries(sorted),
    images,
  };
}

function row(product: string, release: Release, distros: DistroInfo): CycleRow {
  const { releaseCycle: name, lts, releaseDate, eol, eoes, latest } = release;
  const codename =
    product === 'debian' || product === 'ubuntu'
      ? distros.distributions[product].find(({ version }) => version?.split(' ')[0] === name)?.series
      : undefined;
  const extendedEnds = typeof eoes === 'string' ? eoes : undefined;
  return cycleRow(product, { name, codename, lts, releasedOn: releaseDate, ends: eol, extendedEnds, latest });
}
