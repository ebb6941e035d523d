import { proofWords } from '../../domain/policy/approval/prove-approval.ts';
import { type WaiverApproval, waiverKey } from '../../domain/policy/approval/waiver-approval.ts';
import type { PolicyFinding } from '../check-result.ts';

/** Waivers whose approval is not proven, each once. @param uncounted those of them that do not count for it */
export function unprovenFindings(
  approvals: readonly WaiverApproval[],
  uncounted: readonly WaiverApproval[],
): readonly PolicyFinding[] {
  const left = new Set(uncounted.map(waiverKey));
  return approvals.flatMap((approval): readonly PolicyFinding[] => {
    const { id, file, line, approvedBy, proof } = approval;
    if (proof.kind === 'proven') return [];
    const isLeft = left.has(waiverKey(approval));
    const known = proof.kind === 'unknown' ? 'not known' : 'not proven';
    const what = isLeft
      ? `waiver ${id} is not counted: that ${approvedBy} approved of it is ${known}`
      : `that ${approvedBy} approved of waiver ${id} is ${known}`;
    const remedy =
      proof.kind === 'unknown'
        ? 'let the forge be asked, with a token that may read pull requests and teams'
        : `let a pull request that ${approvedBy} approves of write those lines anew`;
    const reason = `${what}: ${proofWords(proof)}; ${remedy}`;
    return [{ rule: 'unproven-waiver', verdict: isLeft ? 'warn' : 'info', reason, path: file, line }];
  });
}
