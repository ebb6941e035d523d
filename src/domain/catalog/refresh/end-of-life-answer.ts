import { isDate } from '../../policy/inline-ignore.ts';
import type { IsoDate } from '../catalog.ts';
import type { StatedCycle } from './cycle-rows.ts';

/** What the life-cycle API said: of each product its cycles, or why they cannot be used. */
export type EndOfLifeAnswer =
  | { readonly kind: 'read'; readonly generatedOn: IsoDate; readonly products: ReadonlyMap<string, StatedProduct> }
  | { readonly kind: 'malformed'; readonly reason: string };

export type StatedProduct =
  | { readonly kind: 'read'; readonly cycles: readonly StatedCycle[] }
  | { readonly kind: 'malformed'; readonly reason: string };

const maxProducts = 5000;
const maxCycles = 500;

/**
 * Reads the answer of `https://endoflife.date/api/v1/products/full/`, by the product's name and its aliases (products are
 * renamed, and the old name stays an alias).
 *
 * The API splits each "date or yes" in two: `eolFrom` is the date, `isEol` what holds on the day on which the answer was made.
 * The date is what counts where there is one, since the catalog is asked about other days: Node.js 26 has `isLts: false` and
 * `ltsFrom: 2026-10-28`.
 *
 * @param latestReleasedOn cycles that claim a later release make their product unusable.
 * @see https://endoflife.date/docs/api/v1/
 */
export function parseEndOfLife(document: unknown, latestReleasedOn: IsoDate): EndOfLifeAnswer {
  if (!isRecord(document) || !Array.isArray(document['result']))
    return { kind: 'malformed', reason: 'the answer holds no list of products' };
  const { schema_version: version, generated_at: generatedAt, result } = document;
  if (typeof version !== 'string' || !version.startsWith('1.'))
    return { kind: 'malformed', reason: 'the answer is not of version 1 of the API' };
  const generatedOn = typeof generatedAt === 'string' ? dateOf(generatedAt.slice(0, 10)) : undefined;
  if (generatedOn === undefined) return { kind: 'malformed', reason: 'the answer does not say when it was made' };
  if (result.length > maxProducts) return { kind: 'malformed', reason: `it lists more than ${maxProducts} products` };
  const products = new Map<string, StatedProduct>();
  const byAlias = new Map<string, StatedProduct>();
  for (const row of result) {
    if (!isRecord(row) || typeof row['name'] !== 'string') continue;
    const product = statedProduct(row, latestReleasedOn);
    if (products.has(row['name'])) products.set(row['name'], { kind: 'malformed', reason: 'it is listed twice' });
    else products.set(row['name'], product);
    const aliases = Array.isArray(row['aliases']) ? row['aliases'] : [];
    for (const alias of aliases.slice(0, 50)) if (typeof alias === 'string') byAlias.set(alias, product);
  }
  return { kind: 'read', generatedOn, products: new Map([...byAlias, ...products]) };
}

function statedProduct(row: Fields, latestReleasedOn: IsoDate): StatedProduct {
  const releases = row['releases'];
  if (!Array.isArray(releases) || releases.length === 0) return { kind: 'malformed', reason: 'it has no releases' };
  if (releases.length > maxCycles) return { kind: 'malformed', reason: `it has more than ${maxCycles} releases` };
  const cycles = new Map<string, StatedCycle>();
  for (const release of releases) {
    const cycle = isRecord(release) ? statedCycle(release) : 'one of its releases is none';
    if (typeof cycle === 'string') return { kind: 'malformed', reason: cycle };
    if (cycles.has(cycle.name)) return { kind: 'malformed', reason: `it has ${cycle.name} twice` };
    if (cycle.releasedOn !== undefined && cycle.releasedOn > latestReleasedOn)
      return { kind: 'malformed', reason: `${cycle.name} is said to be released on ${cycle.releasedOn}` };
    cycles.set(cycle.name, cycle);
  }
  return { kind: 'read', cycles: [...cycles.values()] };
}

/** A text says what is wrong. */
function statedCycle(release: Fields): StatedCycle | string {
  const name = textOf(release['name'], 40);
  if (typeof name !== 'string' || !/^[\w.+-]+$/.test(name)) return 'one of its releases has no name';
  const { isLts, isEol, latest } = release;
  if (!isFlag(isLts) || !isFlag(isEol)) return `${name} does not say whether it has ended`;
  const dates = ['ltsFrom', 'releaseDate', 'eolFrom', 'eoesFrom'].map((key) => optionalDate(release[key]));
  if (dates.includes('malformed')) return `${name} has a date that is none`;
  const [ltsFrom, releasedOn, eolFrom, extendedEnds] = dates;
  return {
    name,
    codename: textOf(release['codename'], 60),
    // Whether it says "no" or nothing is one to us; the catalog writes neither.
    lts: ltsFrom ?? (isLts === true ? true : undefined),
    releasedOn,
    ends: eolFrom ?? isEol ?? undefined,
    extendedEnds,
    latest: isRecord(latest) ? textOf(latest['name'], 60) : undefined,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFlag(value: unknown): value is boolean | null | undefined {
  return typeof value === 'boolean' || value === null || value === undefined;
}

function textOf(value: unknown, maxLength: number): string | undefined {
  // Names come out on terminals; what they hold there is our own to say.
  const isPlain = typeof value === 'string' && value.length <= maxLength && /^[\x20-\x7e\u00a0-\u024f]+$/.test(value);
  return isPlain ? value : undefined;
}

function optionalDate(value: unknown): IsoDate | 'malformed' | undefined {
  if (value === null || value === undefined) return undefined;
  return (typeof value === 'string' ? dateOf(value) : undefined) ?? 'malformed';
}

/** A day that exists, within the life of software. */
function dateOf(text: string): IsoDate | undefined {
  return isDate(text) && text > '1980-01-01' && text < '2100-01-01' ? text : undefined;
}
