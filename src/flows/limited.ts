const concurrency = 32;

/** Results in the order of the items, at most `atOnce` under way at a time; the first bug stops all. */
export async function mapLimited<T, R>(
  items: readonly T[],
  action: (item: T) => Promise<R>,
  atOnce = concurrency,
): Promise<readonly R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const at = next++;
      const item = items[at];
      if (item !== undefined) results[at] = await action(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
}

/** Lets at most `atOnce` of the actions that are handed to it be under way at a time, in the order they came. */
export function limiter(atOnce: number): <R>(action: () => Promise<R>) => Promise<R> {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async (action) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resume) => waiting.push(resume));
    try {
      return await action();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
