import type { Evidence } from '../../ports/evidence.ts';

/**
 * What an earlier run with the same inputs left, or what `make` gives, which is kept then.
 *
 * @param name absent where the inputs are not wholly known: then nothing is reused, nor kept.
 * @param isRecord our own text, but a file is a file: what has another shape is made anew.
 * @param isWorthKeeping what failed is tried again by the next run.
 */
export async function keptOrMade<T>(
  evidence: Evidence,
  name: string | undefined,
  {
    isRecord,
    make,
    isWorthKeeping,
  }: {
    readonly isRecord: (value: unknown) => value is T;
    readonly make: () => Promise<T>;
    readonly isWorthKeeping: (made: T) => boolean;
  },
): Promise<{ readonly value: T; readonly isReused: boolean }> {
  const kept = name === undefined ? undefined : parse(await evidence.read(name));
  if (isRecord(kept)) return { value: kept, isReused: true };
  const value = await make();
  if (name !== undefined && isWorthKeeping(value))
    await evidence.write(name, `${JSON.stringify(value, undefined, 2)}\n`);
  return { value, isReused: false };
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
