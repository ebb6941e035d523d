import picomatch from 'picomatch';
import type { Reference } from '../image/reference.ts';
import type { Category } from '../policy/category.ts';
import { compilePattern } from '../policy/pattern.ts';
import { isInterim, type UpdateLane } from '../update/update-plan.ts';
import type { AutomergeRule } from './automerge-settings.ts';

/** One image that a pull request changes. `category`: of the new one; `undefined` where it cannot be told. */
export type MergeStep = {
  readonly lane: UpdateLane;
  readonly category: Category | undefined;
  readonly to: Reference;
};

// As in a fleet file: a glob says one thing, and cannot be made to backtrack.
const globOptions = { nobrace: true, noext: true, nonegate: true, dot: true, noquantifiers: true, nocase: true };

/** Whether one of the rules allows it. What nobody can place is never allowed, a prohibited image only where it is named. */
export function allowsStep(
  rules: readonly AutomergeRule[],
  { lane, category, to }: MergeStep,
  repository: string,
): boolean {
  // What goes into a Dockerfile beside its images is for people to look at.
  if (category === undefined || isInterim(lane)) return false;
  return rules.some(({ categories, lanes, images, repositories }) => {
    const isCategory = categories?.includes(category) ?? category !== 'prohibited';
    const isLane = lanes === undefined || lanes.some((one) => one === lane);
    const isImage = images === undefined || images.some((text) => matchesImage(text, to));
    const isRepository =
      repositories === undefined || repositories.some((text) => picomatch(text, globOptions)(repository));
    return isCategory && isLane && isImage && isRepository;
  });
}

function matchesImage(text: string, to: Reference): boolean {
  const compiled = compilePattern(text);
  return compiled.kind === 'pattern' && compiled.pattern.matches(to);
}
