import type { ApprovalsResult } from '../flows/prove-approvals.ts';
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
    proof.kind === 'proven'
      ? colors.verdict('pass', `approved in ${proof.by.map((url) => short(url, 200)).join(', ')}`)
      : colors.verdict('warn', `approval not proven: ${short(proof.reason, 400)}`),
  ]);
  const heads = ['waiver', 'place', 'approver', 'until', 'proof'].map((word) => colors.faint(word));
  return `${[...table([heads, ...rows]), '', `${proven} of ${count(waivers.length, 'approval')} proven`].join('\n')}\n`;
}
