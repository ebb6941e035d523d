import type { Waiver } from '../waiver.ts';
import type { ApprovalProof } from './prove-approval.ts';

/** What is asked of the approvers of waivers. `asked`: it is told whether they approved. `required`: what is not proven does not count. */
export type ApprovalDemand = 'off' | 'asked' | 'required';

/** From lenient to strict. */
export const approvalDemands = ['off', 'asked', 'required'] as const satisfies readonly ApprovalDemand[];

/** Whether the approver that a waiver names approved of it. */
export type WaiverApproval = Pick<Waiver, 'id' | 'file' | 'line' | 'expires'> & {
  readonly approvedBy: string;
  readonly proof: ApprovalProof;
  /** The last commit that changed it, where git tells: what was proven of it holds as long as it is this one. */
  readonly revision?: string;
};

/** By `waiverKey`. */
export type WaiverApprovals = ReadonlyMap<string, WaiverApproval>;

export function waiverKey({ id, file, line }: Pick<Waiver, 'id' | 'file' | 'line'>): string {
  return JSON.stringify([file, line, id]);
}

/**
 * Which waivers count. One that names no approver has nothing to prove; of one that was not asked for nothing is known, and it counts.
 *
 * @param wasProven of one that could not be asked for now: its approval was proven before, at this very commit.
 */
export function splitByApproval(
  waivers: readonly Waiver[],
  approvals: WaiverApprovals,
  demand: ApprovalDemand,
  wasProven: (approval: WaiverApproval) => boolean = () => false,
): { readonly counted: readonly Waiver[]; readonly uncounted: readonly WaiverApproval[] } {
  if (demand !== 'required') return { counted: waivers, uncounted: [] };
  const counted: Waiver[] = [];
  const uncounted: WaiverApproval[] = [];
  for (const waiver of waivers) {
    const approval = approvals.get(waiverKey(waiver));
    if (approval === undefined || isCounted(approval, wasProven)) counted.push(waiver);
    else uncounted.push(approval);
  }
  return { counted, uncounted };
}

function isCounted(approval: WaiverApproval, wasProven: (approval: WaiverApproval) => boolean): boolean {
  switch (approval.proof.kind) {
    case 'proven':
      return true;
    case 'not-proven':
      return false;
    case 'unknown':
      return wasProven(approval);
  }
}
