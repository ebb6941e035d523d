import { type AuditHead, auditStart, type Sha256 } from '../../domain/audit/audit-chain.ts';
import { type BrokenLine, checkLine, sequenceOf } from '../../domain/audit/check-line.ts';

/** Whether an export is what was recorded: field for field the JSON of `audit verify`. */
export type AuditVerdict = {
  readonly schemaVersion: 1;
  /** Proven ones; where a line is broken, those before it. */
  readonly events: number;
  readonly head: AuditHead;
  readonly broken: BrokenAt | null;
  /** Where the head that was asked for stands; `missing`: nowhere, so that the end was cut off, or it is of another chain. */
  readonly wanted: AuditHead | 'missing' | null;
};

type BrokenAt = BrokenLine & { readonly line: number };

export type AuditRequest = {
  /** Of a report, or of an earlier export. */
  readonly head?: string;
  /** What the first line follows on, where it is not the first of all. */
  readonly after?: string;
  readonly sha256: Sha256;
};

/** @param lines some at a time, with their ends. */
export async function verifyAudit(
  lines: AsyncIterable<readonly string[]>,
  { head: asked, after, sha256 }: AuditRequest,
): Promise<AuditVerdict> {
  let head: AuditHead | undefined;
  let broken: BrokenAt | undefined;
  let wanted: AuditHead | undefined;
  let events = 0;
  for await (const some of lines)
    for (const ended of some) {
      const line = ended.slice(0, -1);
      if (broken !== undefined) {
        broken = wasMoved(broken, line);
        continue;
      }
      head ??= after === undefined ? auditStart : { sequence: (sequenceOf(line) ?? 1) - 1, hash: after };
      const next = ended.endsWith('\n') ? checkLine(head, line, sha256) : unended(head);
      if ('kind' in next) broken = { ...next, line: events + 1 };
      else {
        head = next;
        events += 1;
        if (head.hash === asked) wanted = head;
      }
    }
  head ??= auditStart;
  if (asked === (after ?? auditStart.hash)) wanted ??= { sequence: head.sequence - events, hash: asked };
  return {
    ...{ schemaVersion: 1, events, head, broken: broken ?? null },
    wanted: asked === undefined ? null : (wanted ?? 'missing'),
  };
}

function unended({ sequence }: AuditHead): BrokenLine {
  return { kind: 'unreadable', expected: sequence + 1 };
}

/** A line that is missed stands further down. */
function wasMoved(broken: BrokenAt, line: string): BrokenAt {
  if (broken.kind !== 'missing' || sequenceOf(line) !== broken.expected) return broken;
  return { ...broken, kind: 'out-of-order' };
}
