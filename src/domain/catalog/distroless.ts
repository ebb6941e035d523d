import { parseTag } from '../image/tag.ts';
import type { Catalog, IsoDate } from './catalog.ts';
import type { Lifecycle } from './image-facts.ts';
import { latestCycle, lifecycleOf } from './life-cycle.ts';
import { findLines } from './lines.ts';
import { systemLifecycle } from './operating-system.ts';

/** `nodejs20-debian12` taken apart; `version` and `debian` are absent where the name has none. */
export type DistrolessName = { readonly base: string; readonly version?: string; readonly debian?: string };

const prefix = 'gcr.io/distroless/';
const products: Readonly<Record<string, string>> = { nodejs: 'nodejs', java: 'eclipse-temurin' };

/** @returns `undefined` for a repository elsewhere. */
export function parseDistroless(repository: string): DistrolessName | undefined {
  if (!repository.startsWith(prefix)) return undefined;
  const match = /^([a-z-]*?[a-z])(\d+)?(?:-debian(\d+))?$/.exec(repository.slice(prefix.length));
  if (match === null) return undefined;
  const [, base = '', version, debian] = match;
  return { base, ...(version === undefined ? {} : { version }), ...(debian === undefined ? {} : { debian }) };
}

/** The runtime in it: Node.js and Java name their line; the Python of Debian is not named. */
export function distrolessLifecycle(name: DistrolessName, catalog: Catalog, today: IsoDate): Lifecycle | undefined {
  const product = catalog.products.get(products[name.base] ?? '');
  const cycle = product?.cycles.find((candidate) => candidate.name === name.version);
  if (product === undefined || cycle === undefined) return undefined;
  return lifecycleOf(product, cycle, today, catalog.sources.lifeCycles, hasLine(name.base, catalog));
}

/** The Debian underneath, until the day distroless promised to rebuild it or Debian's own end, whichever is earlier. */
export function distrolessSystem(name: DistrolessName, catalog: Catalog, today: IsoDate): Lifecycle | undefined {
  if (name.debian === undefined) return undefined;
  const slot = {
    kind: 'os',
    name: 'debian',
    release: name.debian,
    separator: '',
    isCodename: false,
    isNamed: true,
  } as const;
  const promised = promisedUntil(name, catalog);
  const system = systemLifecycle(slot, catalog, today, promised);
  if (promised === undefined || system?.supportEndsOn !== promised) return system;
  // Debian itself may be patched for years after distroless stopped rebuilding on it: the name says whose end it is.
  return { ...system, product: `Distroless on ${system.product}`, source: catalog.sources.distroless };
}

/**
 * The repository to use instead: the latest line on the newest Debian of those that are alive, with what else the name says.
 *
 * @returns the same name when it is the one, `undefined` when nothing alive fits (dotnet, python2).
 */
export function bestDistroless(name: DistrolessName, catalog: Catalog, today: IsoDate): string | undefined {
  const alive = catalog.repositories
    .filter((repository) => repository.startsWith(prefix))
    .map((repository) => ({ repository, parsed: parseDistroless(repository) }))
    // A name without a release changes its Debian in place, so the one with it is proposed.
    .filter(({ parsed }) => parsed?.base === name.base && parsed.debian !== undefined)
    .filter(({ parsed }) => {
      const system = parsed === undefined ? undefined : distrolessSystem(parsed, catalog, today);
      return system === undefined || system.state === 'supported';
    })
    .toSorted((a, b) => Number(b.parsed?.debian ?? 0) - Number(a.parsed?.debian ?? 0));
  const present = distrolessLifecycle(name, catalog, today);
  const product = catalog.products.get(products[name.base] ?? '');
  if (product === undefined) return alive.find(({ parsed }) => parsed?.version === name.version)?.repository;
  const keepsLine = present !== undefined && present.state === 'supported' && !present.isBehind;
  const line = keepsLine ? name.version : latestCycle(product, today, hasLine(name.base, catalog))?.name;
  return alive.find(({ parsed }) => parsed?.version === line)?.repository;
}

/** Official images that distroless has the runtime of; the Python of Debian has no number of its own. */
const instead: ReadonlyMap<string, DistrolessName> = new Map([
  ['docker.io/library/node', { base: 'nodejs' }],
  ['docker.io/library/eclipse-temurin', { base: 'java' }],
  ['docker.io/library/python', { base: 'python', version: '3' }],
  ['docker.io/library/debian', { base: 'base' }],
]);

/**
 * The distroless repository that has what an official image is for, on the newest Debian that is alive and, where that may stay, on
 * the line of the tag.
 */
export function distrolessInstead(
  repository: string,
  tag: string | undefined,
  catalog: Catalog,
  today: IsoDate,
): string | undefined {
  const name = instead.get(repository);
  if (name === undefined) return undefined;
  const line = findLines(catalog, repository)?.cycleOf(parseTag(tag ?? ''))?.name;
  const isNumbered = products[name.base] !== undefined;
  return bestDistroless(isNumbered && line !== undefined ? { ...name, version: line } : name, catalog, today);
}

function hasLine(base: string, catalog: Catalog): (line: string) => boolean {
  return (line) => catalog.findTags(`${prefix}${base}${line}`) !== undefined;
}

function promisedUntil({ base, debian }: DistrolessName, catalog: Catalog): IsoDate | undefined {
  for (const [pattern, end] of catalog.distroless.supportEnds) {
    const dash = pattern.lastIndexOf('-');
    const [names, release] = [pattern.slice(0, dash), pattern.slice(dash + 1)];
    if (release !== `debian${debian}`) continue;
    // `java*` speaks of the images with a runtime; java-base is promised with them.
    if (names.endsWith('*') ? base.startsWith(names.slice(0, -1)) : base === names) return end;
  }
  return undefined;
}
