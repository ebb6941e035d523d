import type { PatchReport } from '../../flows/deadlines/report-patching.ts';
import { count } from '../familiar.ts';
import { percent } from './measure-rows.ts';

/** The answer in sentences: how much was in time, and whose delays the others are. */
export function patchHeadline({ total }: PatchReport): string {
  const { inTimeRate, closedInTime, closedLate, openLate, openInTime, watching, lateBy } = total;
  const judged = closedInTime + closedLate + openLate;
  if (judged + openInTime + watching === 0)
    return 'No finding was followed in this time: basekeeper monitor --scan follows those of what ships.';
  const first =
    judged === 0
      ? 'Nothing fell due.'
      : `${percent(inTimeRate)} in time: ${closedInTime} of ${count(judged, 'finding')} that fell due.`;
  const late = closedLate + openLate;
  const faults =
    late === 0
      ? 'None is late.'
      : `${late} late, ${openLate} of them open: ${lateBy.supplier} waited for the supplier’s base when the deadline passed, ${lateBy.ours} for us.`;
  return `${first} ${faults} ${openInTime} open in time, ${watching} without a fix.`;
}
