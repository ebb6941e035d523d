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
