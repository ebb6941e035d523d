import { compareText } from '../../domain/candidates/compare-digits.ts';
import type { CountedWaiver } from '../../domain/policy/exceptions.ts';
import type { MetFinding } from '../../domain/policy/waive-findings.ts';

/** A waiver that names findings, and those of the run that it took out. */
export type AppliedFindingWaiver = {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  readonly owner: string;
  readonly approvedBy: string | null;
  /** ISO date: the last day on which it holds. */
  readonly until: string;
  readonly findings: readonly MetFinding[];
};

/** What the waivers of a run are in force for, in the order of the policy; those without effect are told elsewhere. @param today ISO date. */
export function appliedWaivers(waivers: readonly CountedWaiver[], today: string): readonly AppliedFindingWaiver[] {
  return waivers.flatMap(({ waiver, met }) => {
    const { id, file, line, reason, owner, approvedBy = null, expires: until } = waiver;
    const findings = [...met]
      .filter(([, { effect }]) => effect !== 'too-long')
      .sort(([one], [other]) => compareText(one, other))
      .map(([, finding]) => finding);
    return findings.length === 0 || until < today
      ? []
      : [{ id, file, line, reason, owner, approvedBy, until, findings }];
  });
}
