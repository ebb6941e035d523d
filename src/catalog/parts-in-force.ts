import type { LifeCyclesPart, RenewableParts, RenewedCatalog } from '../domain/catalog/snapshot.ts';
import lifeCycles from './data/life-cycles.json' with { type: 'json' };
import official from './data/official.json' with { type: 'json' };

/** What `loadCatalog` takes of each source that can be renewed. */
export function partsInForce(renewed: RenewedCatalog): RenewableParts {
  const carried = shippedParts();
  if (renewed.kind !== 'read') return carried;
  const { official, lifeCycles } = renewed.parts;
  return {
    official:
      official.source.date < carried.official.source.date
        ? carried.official
        : {
            ...official,
            // A newer program may know more of the past.
            retired: without({ ...carried.official.retired, ...official.retired }, official.repositories),
          },
    lifeCycles:
      lifeCycles.source.date < carried.lifeCycles.source.date
        ? carried.lifeCycles
        : // A newer program may know images of more products.
          { ...lifeCycles, products: { ...carried.lifeCycles.products, ...lifeCycles.products } },
  };
}

function shippedParts(): RenewableParts {
  const { source, repositories, smallAlready, retired } = official;
  return {
    official: { source, repositories, smallAlready, retired },
    // The rows are tuples in the file; a JSON module gives their type as a wide array.
    lifeCycles: { source: lifeCycles.source, products: lifeCycles.products as unknown as LifeCyclesPart['products'] },
  };
}

function without(all: Readonly<Record<string, string>>, names: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(names, name)));
}
