import { ForgeError } from '../../../ports/forge.ts';

/** @param doing completes "cannot …". */
export function numberOf(id: string, doing: string): number {
  if (!/^[1-9]\d{0,9}$/.test(id))
    throw new ForgeError('not-found', `cannot ${doing}: ${JSON.stringify(id.slice(0, 40))} is no number`);
  return Number(id);
}
