import type { RuleResult } from '../flows/check-result.ts';
import { short } from './visible.ts';

/** What excepts a breach, who approved of that and until when: `waived until 2026-12-01 by W-7, approved by ada`. */
export function waiverWords({ id, kind, until, approvedBy }: NonNullable<RuleResult['waiver']>): string {
  switch (kind) {
    case 'baseline':
      return 'in the baseline';
    case 'inline':
      return `waived until ${until} by a comment in ${short(id, 60)}`;
    case 'policy':
      return `waived until ${until} by ${short(id, 60)}${approvedBy === undefined ? '' : `, approved by ${short(approvedBy, 60)}`}`;
  }
}
