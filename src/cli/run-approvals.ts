import type { ApprovalsResult } from '../flows/approvals/prove-approvals.ts';
import { askApprovals } from './ask-approvals.ts';
import { instantOf, policyFor } from './run-options.ts';

/** Every waiver of a policy file and of what it extends, expired ones too. */
export async function runApprovals(file: string | undefined, now: string | undefined): Promise<ApprovalsResult> {
  const { policy } = await policyFor(process.cwd(), file, instantOf(now));
  const waivers = await askApprovals(policy.waivers);
  return { schemaVersion: 1, proven: waivers.filter(({ proof }) => proof.kind === 'proven').length, waivers };
}
