import { compilePattern, type ImagePattern } from '../domain/policy/pattern.ts';
import type { PolicyProblem, ReadPolicyFile } from './read-policy-file.ts';

/** The image pattern that stands at a path of a policy file; none, and a problem, where it is none. */
export function compileAt(
  text: string,
  file: ReadPolicyFile,
  path: readonly PropertyKey[],
  problems: PolicyProblem[],
): readonly ImagePattern[] {
  const result = compilePattern(text);
  if (result.kind === 'pattern') return [result.pattern];
  problems.push({ file: file.name, line: file.lineOf(path), message: result.reason });
  return [];
}
