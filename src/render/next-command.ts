import type { CheckResult, JudgedUse } from '../flows/check-result.ts';

/**
 * The command that would fix what was found, as far as a program can: the lines to write instead, and what a registry lists as
 * newer. `undefined` when there is nothing of that kind.
 *
 * @param again the run's paths and options, each behind a blank.
 */
export function nextCommand({ files }: CheckResult, again: string): string | undefined {
  const uses = files.flatMap((file) => file.uses);
  if (uses.some(({ instead }) => instead !== undefined)) return `basekeeper update${again} --fix --write`;
  return uses.some(isBehind) ? `basekeeper update${again} --write` : undefined;
}

function isBehind({ rules }: JudgedUse): boolean {
  return rules.some(({ rule, verdict }) => rule === 'newer-version' && verdict !== 'waived');
}
