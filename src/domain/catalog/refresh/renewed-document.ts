import { isDate } from '../../policy/inline-ignore.ts';
import type { CatalogSource, IsoDate } from '../catalog.ts';
import type { CycleRow, ProductRows, RenewableParts } from '../snapshot.ts';
import type { Json } from './lines-text.ts';

/** The renewed parts as the groups of a file. `parseRenewed` reads them back. */
export function renewedDocument({ official, lifeCycles }: RenewableParts): {
  readonly [group: string]: { readonly [key: string]: Json };
} {
  return {
    officialSource: official.source,
    repositories: official.repositories,
    smallAlready: official.smallAlready,
    retired: official.retired,
    officialKept: official.kept ?? {},
    lifeCyclesSource: lifeCycles.source,
    products: lifeCycles.products,
    lifeCyclesKept: lifeCycles.kept ?? {},
  };
}

/** @param value parsed JSON. @returns `undefined` when it is of another form in any place. */
export function parseRenewed(value: unknown): RenewableParts | undefined {
  if (!isGroup(value)) return undefined;
  const { officialSource, repositories, smallAlready, retired, officialKept } = value;
  const { lifeCyclesSource, products, lifeCyclesKept } = value;
  if (!isSource(officialSource) || !isSource(lifeCyclesSource)) return undefined;
  if (!isAll(repositories, isTags) || !isAll(smallAlready, isTags) || !isAll(products, isProduct)) return undefined;
  if (!isAll(retired, isDay) || !isAll(officialKept, isDay) || !isAll(lifeCyclesKept, isDay)) return undefined;
  if (Object.keys(repositories).length === 0 || Object.keys(products).length === 0) return undefined;
  return {
    official: { source: officialSource, repositories, smallAlready, retired, ...keptOf(officialKept) },
    lifeCycles: { source: lifeCyclesSource, products, ...keptOf(lifeCyclesKept) },
  };
}

function keptOf(kept: Readonly<Record<string, IsoDate>>): { kept?: Readonly<Record<string, IsoDate>> } {
  return Object.keys(kept).length === 0 ? {} : { kept };
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAll<T>(value: unknown, isRight: (entry: unknown) => entry is T): value is Readonly<Record<string, T>> {
  return isGroup(value) && Object.values(value).every(isRight);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isDay(value: unknown): value is IsoDate {
  return typeof value === 'string' && isDate(value);
}

function isTags(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.-]+(?: [\w.-]+)*$/.test(value);
}

function isSource(value: unknown): value is CatalogSource {
  return isGroup(value) && [value['name'], value['url'], value['license']].every(isText) && isDay(value['date']);
}

function isProduct(value: unknown): value is ProductRows {
  return isGroup(value) && isText(value['title']) && Array.isArray(value['cycles']) && value['cycles'].every(isRow);
}

function isRow(value: unknown): value is CycleRow {
  if (!Array.isArray(value) || value.length !== 7) return false;
  const [name, codename, lts, releasedOn, ends, longTermEnds, latest]: readonly unknown[] = value;
  const isWhen = (when: unknown) => when === null || typeof when === 'boolean' || isDay(when);
  return (
    isText(name) &&
    [codename, latest].every((text) => text === null || isText(text)) &&
    [lts, ends].every(isWhen) &&
    [releasedOn, longTermEnds].every((day) => day === null || isDay(day))
  );
}
