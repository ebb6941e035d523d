import type { ImageFacts } from '../catalog/image-facts.ts';
import type { Classification } from '../policy/classify.ts';

/**
 * Why a base is not to be used, however few findings it has; one clause.
 *
 * @returns `undefined` for one that may be used.
 * @see policy 5.2.2
 */
export function ruleOut(
  { lifecycle, os, retired }: Pick<ImageFacts, 'lifecycle' | 'os' | 'retired'>,
  { category, why }: Pick<Classification, 'category' | 'why'>,
): string | undefined {
  if (category === 'prohibited') return `prohibited: ${why}`;
  if (retired !== undefined) return `the image was retired on ${retired.since}`;
  const ended = [lifecycle, os].find((line) => line?.state === 'ended');
  if (ended === undefined) return undefined;
  const end =
    ended.supportEndsOn === undefined ? 'is no longer supported' : `reached its end of life on ${ended.supportEndsOn}`;
  return `${ended.product} ${ended.line} ${end}`;
}
