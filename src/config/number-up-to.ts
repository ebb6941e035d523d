import { z } from 'zod';

/** A whole number from 1 to `most`, refused in one sentence. */
export const numberUpTo = (most: number) => {
  const error = `must be a whole number from 1 to ${most}`;
  return z.int({ error }).min(1, { error }).max(most, { error });
};
