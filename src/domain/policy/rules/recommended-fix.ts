import { changesLineOfStore } from '../../catalog/keeps-data.ts';
import { familiarReference } from '../../image/reference.ts';
import type { RuleSubject } from '../rule.ts';

/** `fix` that names the reference to write instead where one is known, else the given words. */
export function recommendedFix(subject: RuleSubject, otherwise?: string): { fix?: string } {
  const recommended = subject.facts?.recommended;
  if (recommended !== undefined) {
    // A digest belongs to the old tag and is left out of the proposal.
    const pin = subject.reference?.digest === undefined ? '' : ' and pin its digest';
    const data = changesLineOfStore(subject.facts) ? ', after migrating its data' : '';
    return { fix: `use ${familiarReference(recommended.reference)}${pin}${data}` };
  }
  return otherwise === undefined ? {} : { fix: otherwise };
}
