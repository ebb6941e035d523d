import { type ApprovalProof, proofWords } from '../domain/policy/approval/prove-approval.ts';
import type { WaiverApproval } from '../domain/policy/approval/waiver-approval.ts';
import type { ApprovalsResult } from '../flows/approvals/prove-approvals.ts';
import { count } from './familiar.ts';
import { palette } from './palette.ts';
import { table } from './table.ts';
import { short } from './visible.ts';

/** Each waiver with what proves its approval, or why nothing does. */
export function renderApprovals({ waivers, proven }: ApprovalsResult, view: { readonly color: boolean }): string {
  const colors = palette(view.color);
  if (waivers.length === 0) return 'No waiver names an approver.\n';
  const rows = waivers.map(({ id, file, line, approvedBy, expires, proof }) => [
    short(id, 60),
    short(`${file}:${line}`, 80),
    short(approvedBy, 60),
    expires,
    colors.verdict(verdicts[proof.kind], proofSentence(proof)),
  ]);
  const heads = ['waiver', 'place', 'approver', 'until', 'proof'].map((word) => colors.faint(word));
  return `${[...table([heads, ...rows]), '', `${proven} of ${count(waivers.length, 'approval')} proven`].join('\n')}\n`;
}

const verdicts = { proven: 'pass', 'not-proven': 'warn', unknown: 'unknown' } as const;

/** `approved by ada, code owner of acme/security, in https://…`, or why that is not proven. */
export function proofSentence(proof: ApprovalProof): string {
  switch (proof.kind) {
    case 'proven':
      return `approved by ${short(proofWords(proof), 400)}`;
    case 'not-proven':
      return `approval not proven: ${short(proof.reason, 400)}`;
    case 'unknown':
      return `approval unknown: ${short(proof.reason, 400)}`;
  }
}

/** One line for each, for what is printed of a run. */
export function approvalLines(approvals: readonly WaiverApproval[]): readonly string[] {
  return approvals.map(
    ({ id, approvedBy, expires, proof }) =>
      `waiver ${short(id, 60)} until ${expires}, by ${short(approvedBy, 60)}: ${proofSentence(proof)}`,
  );
}
