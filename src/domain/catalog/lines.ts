import { isPrerelease, operatingSystemOf, type Tag, versionOf, wordsOf } from '../image/tag.ts';
import type { Catalog, Cycle, Product } from './catalog.ts';
import type { KnownTag, RepositoryTags } from './repository-tags.ts';

/** The life-cycle lines of one repository: which cycle a tag is on, and which maintained tags a cycle has. */
export type Lines = {
  readonly product: Product;
  readonly productName: string;
  readonly cycleParts: number;
  readonly cycleOf: (tag: Tag) => Cycle | undefined;
  /** Maintained release tags on the cycle; prereleases are left out. */
  readonly tagsOn: (cycle: string) => readonly KnownTag[];
};

/** Node.js also names its LTS lines: `node:iron`, `node:lts-iron`. */
const nodeCodenames: Readonly<Record<string, string>> = {
  argon: '4',
  boron: '6',
  carbon: '8',
  dubnium: '10',
  erbium: '12',
  fermium: '14',
  gallium: '16',
  hydrogen: '18',
  iron: '20',
  jod: '22',
  krypton: '24',
};

const madeFrom = new WeakMap<Catalog, Map<string, Lines | undefined>>();

/** @returns `undefined` when no product is known for the repository. */
export function findLines(catalog: Catalog, repository: string): Lines | undefined {
  const made = madeFrom.get(catalog) ?? new Map<string, Lines | undefined>();
  madeFrom.set(catalog, made);
  if (!made.has(repository)) made.set(repository, makeLines(catalog, repository));
  return made.get(repository);
}

function makeLines(catalog: Catalog, repository: string): Lines | undefined {
  const { product: productName, cycleParts } = catalog.productOf.get(repository) ?? redHatProduct(repository);
  const product = catalog.products.get(productName);
  if (product === undefined) return undefined;
  const tags = catalog.findTags(repository);
  const exact = (tag: Tag) => exactCycle(tag, repository, productName, product, cycleParts);
  let byCycle: ReadonlyMap<string, readonly KnownTag[]> | undefined;
  const written = () => {
    byCycle ??= groupByCycle(tags, exact);
    return byCycle;
  };
  const cycleOf = (tag: Tag) => exact(tag) ?? openCycle(tag, product, (name) => written().has(name));
  let withOpen: ReadonlyMap<string, readonly KnownTag[]> | undefined;
  return {
    product,
    productName,
    cycleParts,
    cycleOf,
    tagsOn: (cycle) => {
      withOpen ??= groupByCycle(tags, cycleOf);
      return withOpen.get(cycle) ?? [];
    },
  };
}

/** `registry.access.redhat.com/ubi9/nodejs-20` stands on UBI 9: the repository names the release. */
function redHatProduct(repository: string): { readonly product: string; readonly cycleParts: number } {
  return { product: redHatRelease(repository) === undefined ? '' : 'rhel', cycleParts: 0 };
}

function redHatRelease(repository: string): string | undefined {
  const path = /^registry\.(?:access\.redhat\.com|redhat\.io)\/ubi(\d+)(?=$|[-/])/.exec(repository);
  return path?.[1];
}

function groupByCycle(
  tags: RepositoryTags | undefined,
  cycleOf: (tag: Tag) => Cycle | undefined,
): ReadonlyMap<string, readonly KnownTag[]> {
  const groups = new Map<string, KnownTag[]>();
  for (const known of tags?.all() ?? []) {
    const cycle = isPrerelease(known.tag) ? undefined : cycleOf(known.tag);
    if (cycle === undefined) continue;
    const group = groups.get(cycle.name) ?? [];
    group.push(known);
    groups.set(cycle.name, group);
  }
  return groups;
}

function exactCycle(
  tag: Tag,
  repository: string,
  productName: string,
  product: Product,
  cycleParts: number,
): Cycle | undefined {
  const { cycles } = product;
  const named = (name: string | undefined) => cycles.find((cycle) => cycle.name === name);
  if (productName === 'rhel') return named(redHatRelease(repository));
  const system = operatingSystemOf(tag);
  const version = versionOf(tag);
  if (productName.startsWith('windows-')) return windowsCycle(system?.release ?? version?.numbers[0] ?? '', named);
  if (version === undefined) {
    if (system?.name === productName && system.isCodename)
      return cycles.find(({ codename }) => codename === system.release);
    if (productName !== 'nodejs') return undefined;
    return named(
      wordsOf(tag)
        .map((word) => nodeCodenames[word])
        .find((line) => line !== undefined),
    );
  }
  return cycleOfNumbers(product, version.numbers, cycleParts);
}

/** The cycle that leading numbers of a version name. */
export function cycleOfNumbers({ cycles }: Product, numbers: readonly string[], cycleParts: number): Cycle | undefined {
  const named = (name: string) => cycles.find((cycle) => cycle.name === name);
  if (numbers.length < cycleParts) return named(numbers.join('.'));
  // A few products changed how many numbers name a line (.NET Core 3.1, Docker 26.1): more numbers first, then fewer.
  for (const parts of [cycleParts, cycleParts + 1, cycleParts - 1]) {
    const cycle = parts > 0 && parts <= numbers.length ? named(numbers.slice(0, parts).join('.')) : undefined;
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** `1809` is how the images of Windows Server 2019 are tagged, beside `ltsc2019`. */
export function windowsCycle(release: string, named: (name: string) => Cycle | undefined): Cycle | undefined {
  return (release === '1809' ? named('2019') : undefined) ?? named(release.replace('ltsc', '').toLowerCase());
}

function lastDay({ ends, longTermEnds }: Cycle): string {
  return longTermEnds ?? (typeof ends === 'string' ? ends : '');
}

/** `python:3` moves within its major: today it is the newest line that has tags. */
function openCycle(tag: Tag, { cycles }: Product, hasTags: (cycle: string) => boolean): Cycle | undefined {
  const numbers = versionOf(tag)?.numbers;
  if (numbers === undefined) return undefined;
  const within = cycles.filter(({ name }) => name.startsWith(`${numbers.join('.')}.`));
  // Where no line has tags any more, the one that was supported longest: `mongo:6` was 6.0, not the rapid 6.3.
  return within.find(({ name }) => hasTags(name)) ?? within.toSorted((a, b) => lastDay(b).localeCompare(lastDay(a)))[0];
}
