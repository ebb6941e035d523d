import type { CheckResult } from './check-result.ts';
import { isUnverified } from './online/unverified.ts';

export type FailOn = 'fail' | 'warn' | 'never';
export type UnknownAs = 'warn' | 'fail';

/**
 * 0 clean, 1 a verdict at or above `failOn` – a file that could not be read, or that BuildKit would refuse, counts as a fail –,
 * 3 the world failed so that something stayed unverified. That is no verdict: whatever `failOn` says, what the run tells is not
 * the whole.
 *
 * @see design "Exit codes and options"
 */
export function checkExitCode(result: CheckResult, failOn: FailOn, unknownAs: UnknownAs): 0 | 1 | 3 {
  if (result.files.some(({ uses }) => uses.some(({ rules }) => isUnverified(rules)))) return 3;
  if (failOn === 'never') return 0;
  const { byVerdict, problems } = result.summary;
  const findings = result.policyFindings.map(({ verdict }) => verdict);
  const isFailed =
    byVerdict.fail > 0 ||
    problems.error > 0 ||
    findings.includes('fail') ||
    (unknownAs === 'fail' && byVerdict.unknown > 0);
  const isWarned = byVerdict.warn > 0 || byVerdict.unknown > 0 || problems.warning > 0 || findings.includes('warn');
  return isFailed || (failOn === 'warn' && isWarned) ? 1 : 0;
}
