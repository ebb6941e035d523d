import type { Check } from '../merge/checks.ts';
import { isOwnCheck } from '../merge/own-check.ts';
import type { ProposalProof } from './episode.ts';

/** Names in an event: a hostile workflow has as many, and as long ones, as it likes. */
const [maxNames, maxNameLength] = [10, 100];

/**
 * What the checks of a proposal's head say together. Our own only count where no other decides: they tell what people are asked for.
 *
 * @returns `undefined` where nothing is checked
 */
export function proofOfChecks(checks: readonly Check[]): ProposalProof | undefined {
  const others = checks.filter(({ name }) => !isOwnCheck(name));
  const own = checks.filter(({ name }) => isOwnCheck(name));
  for (const group of [others, own]) {
    const failed = group.filter(({ state }) => state === 'failure').map(({ name }) => name.slice(0, maxNameLength));
    if (failed.length > 0) return { decision: 'fail', failed: failed.slice(0, maxNames) };
    if (group.some(({ state }) => state === 'pending')) return { decision: 'hold', failed: [] };
  }
  return checks.some(({ state }) => state === 'success') ? { decision: 'pass', failed: [] } : undefined;
}
