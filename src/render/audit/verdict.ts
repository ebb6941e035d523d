import type { AuditVerdict } from '../../flows/audit/verify-audit.ts';
import { count } from '../familiar.ts';

/** What holds, what does not, and what to do. */
export function verdictText({ events, head, broken, wanted }: AuditVerdict): string {
  const range = events === 0 ? '' : `, ${head.sequence - events + 1} to ${head.sequence},`;
  const proven = `${count(events, 'event')}${range} unbroken.`;
  if (broken !== null) return `Line ${broken.line} is broken: ${brokenSentence(broken)}\nBefore it: ${proven}\n`;
  if (wanted === 'missing')
    return `The head that was named is not in the file: its end was cut off, or it is of another ledger.\n${proven} Head: ${head.hash}\n`;
  if (wanted !== null) return `${proven} The head that was named is that of event ${wanted.sequence}.\n`;
  return `${proven} Head: ${head.hash}\nWhat was cut off at the end shows only with --head, and the head of a report.\n`;
}

/** Of the export's own check. */
export function brokenSentence(broken: NonNullable<AuditVerdict['broken']>): string {
  const { expected } = broken;
  switch (broken.kind) {
    case 'unreadable':
      return `where event ${expected} should stand there is no whole line of an export`;
    case 'changed':
      return `event ${expected} was changed, its hash is not that of its content`;
    case 'missing':
      return `event ${expected} is missing, event ${broken.found} stands in its place`;
    case 'out-of-order':
      return `event ${broken.found} stands in the place of event ${expected}: lines were moved or doubled`;
    case 'untied':
      return `event ${expected} does not follow on the one before: one of them was made anew`;
  }
}
