import { hash } from 'node:crypto';
import { type AuditedEvent, auditLine, auditStart, nextAudited } from '../../../src/domain/audit/audit-chain.ts';
import { detected, episodeOf } from '../deadline/lived.ts';

export const sha256 = (text: string) => hash('sha256', text);

/** The first events of a chain; a longer one begins as a shorter one. */
function chained(length: number): readonly AuditedEvent[] {
  const { subject } = episodeOf();
  const events: AuditedEvent[] = [];
  for (let index = 0; index < length; index++)
    events.push(
      nextAudited(
        events.at(-1) ?? auditStart,
        { subject: { ...subject, id: `CVE-2026-${index}` }, number: 1, event: detected(`${index}d`, 'high') },
        sha256,
      ),
    );
  return events;
}

export function chainedLines(length: number): readonly string[] {
  return chained(length).map(auditLine);
}
