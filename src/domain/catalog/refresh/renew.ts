import type { IsoDate } from '../catalog.ts';
import type { CycleRow, LifeCyclesPart, OfficialPart, ProductRows } from '../snapshot.ts';
import { cycleRow, newestFirst, type StatedCycle } from './cycle-rows.ts';
import type { EndOfLifeAnswer, StatedProduct } from './end-of-life-answer.ts';
import { parseLibraryFile } from './library-file.ts';
import { type Origins, officialLists } from './official-lists.ts';

/** A part made anew, with a sentence for each thing that had to stay as it was. */
export type Renewal<Part> = { readonly part: Part; readonly faults: readonly string[] };

/** What a listing of docker-library/official-images says of itself and of each image. */
type Listing = {
  readonly commit: string;
  readonly committedOn: IsoDate;
  readonly files: ReadonlyMap<string, string>;
};

/**
 * The official images of today. A file that cannot be read keeps the tags it had. An image that is gone from the list, or has
 * no tag left, counts as retired from the day of the listing on; one that is back does no more.
 *
 * Names that are no repository's (`README.md`, `MAINTAINERS`) are not images.
 */
export function renewOfficial(before: OfficialPart, listing: Listing): Renewal<OfficialPart> {
  const origins = new Map<string, Origins>();
  const kept: Record<string, IsoDate> = {};
  const faults: string[] = [];
  for (const [name, text] of listing.files) {
    if (!repositoryForm.test(name)) continue;
    const file = parseLibraryFile(text);
    if (file.kind === 'read') {
      if (file.origins.size > 0) origins.set(name, file.origins);
    } else if (!Object.hasOwn(before.repositories, name)) faults.push(`library/${name} was left out: ${file.reason}`);
    else {
      kept[name] = before.kept?.[name] ?? before.source.date;
      faults.push(`library/${name} stays as of ${kept[name]}: ${file.reason}`);
    }
  }
  const lists = officialLists(origins);
  const ofKept = (all: Readonly<Record<string, string>>) =>
    Object.entries(all).filter(([name]) => Object.hasOwn(kept, name));
  const repositories = { ...lists.repositories, ...Object.fromEntries(ofKept(before.repositories)) };
  const smallAlready = { ...lists.smallAlready, ...Object.fromEntries(ofKept(before.smallAlready)) };
  const retired = Object.entries(before.retired).filter(([name]) => !Object.hasOwn(repositories, name));
  const gone = Object.keys(before.repositories).filter((name) => !Object.hasOwn(repositories, name));
  const source = {
    ...before.source,
    url: `https://github.com/docker-library/official-images/tree/${listing.commit}`,
    date: listing.committedOn,
  };
  return {
    part: {
      source,
      repositories,
      smallAlready,
      retired: Object.fromEntries([...retired, ...gone.map((name) => [name, listing.committedOn] as const)]),
      ...(Object.keys(kept).length === 0 ? {} : { kept }),
    },
    faults,
  };
}

// Hyphens, dots and underscores inside; long enough for every name there was.
const repositoryForm = /^[a-z0-9][a-z0-9._-]{0,79}$/;

/**
 * The life cycles of today, of the products that the catalog knows images of. A product that the answer does not hold, or
 * not in a usable form, keeps its lines.
 *
 * Lines of Debian and Ubuntu that the answer does not list stay: they come from the distributions' own list, as code names do.
 */
export function renewLifeCycles(
  before: LifeCyclesPart,
  answer: Extract<EndOfLifeAnswer, { kind: 'read' }>,
): Renewal<LifeCyclesPart> {
  const products: Record<string, ProductRows> = {};
  const kept: Record<string, IsoDate> = {};
  const faults: string[] = [];
  for (const [name, product] of Object.entries(before.products)) {
    const stated = answer.products.get(name) ?? unlisted;
    if (stated.kind === 'read') products[name] = { title: product.title, cycles: rowsOf(name, product, stated.cycles) };
    else {
      products[name] = product;
      kept[name] = before.kept?.[name] ?? before.source.date;
      faults.push(`the life cycle of ${name} stays as of ${kept[name]}: ${stated.reason}`);
    }
  }
  const source = { ...before.source, url: 'https://endoflife.date/api/v1/products/full/', date: answer.generatedOn };
  return { part: { source, products, ...(Object.keys(kept).length === 0 ? {} : { kept }) }, faults };
}

const unlisted: StatedProduct = { kind: 'malformed', reason: 'endoflife.date does not list it' };

function rowsOf(name: string, before: ProductRows, cycles: readonly StatedCycle[]): readonly CycleRow[] {
  if (name !== 'debian' && name !== 'ubuntu')
    return newestFirst(cycles.map((cycle) => cycleRow(name, { ...cycle, codename: undefined })));
  const known = new Map(before.cycles.map((row) => [row[0], row]));
  const rows = cycles.map((cycle) => {
    // "Resolute Raccoon" is `resolute` in a tag.
    const codename = known.get(cycle.name)?.[1] ?? cycle.codename?.split(' ')[0]?.toLowerCase();
    return cycleRow(name, { ...cycle, codename });
  });
  const listed = new Set(rows.map(([cycle]) => cycle));
  return newestFirst([...rows, ...before.cycles.filter(([cycle]) => !listed.has(cycle))]);
}
