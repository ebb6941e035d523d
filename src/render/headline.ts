import type { CheckResult } from '../flows/check-result.ts';
import { count } from './familiar.ts';

/** The answer in one sentence. */
export function headline(result: CheckResult): string {
  const { byVerdict, uses, problems } = result.summary;
  const judged = uses - byVerdict['not-judged'];
  if (uses === 0 && problems.error === 0) return 'No image is named in what was looked at.';
  const parts = [
    byVerdict.fail > 0 ? `${byVerdict.fail} fail` : '',
    byVerdict.unknown > 0 ? `${byVerdict.unknown} cannot be told` : '',
    byVerdict.warn > 0 ? `${byVerdict.warn} warn` : '',
    byVerdict.waived > 0 ? `${byVerdict.waived} waived` : '',
  ].filter((part) => part !== '');
  const errors = problems.error > 0 ? ` ${count(problems.error, 'problem')} must be mended first.` : '';
  if (parts.length === 0) return `All ${count(judged, 'judged image')} pass the policy.${errors}`;
  return `Of ${count(judged, 'judged image')} ${parts.join(', ')}; ${byVerdict.pass} pass.${errors}`;
}
