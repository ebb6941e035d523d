import type { RecordedEvent } from '../deadline/episode.ts';
import { canonicalJson } from './canonical-json.ts';

/** Where a chain of events stands: its hash holds for all of them up to `sequence`. */
export type AuditHead = { readonly sequence: number; readonly hash: string };

/** One recorded event, and the hashes that tie it to the one before and after. */
export type AuditedEvent = AuditHead & { readonly previous: string; readonly recorded: RecordedEvent };

/** SHA-256 of a text's bytes in UTF-8, 64 hexadecimal digits. */
export type Sha256 = (text: string) => string;

/** Before the first event. */
export const auditStart: AuditHead = { sequence: 0, hash: '0'.repeat(64) };

/** Ties an event to all that were recorded before it. */
export function nextAudited(before: AuditHead, recorded: RecordedEvent, sha256: Sha256): AuditedEvent {
  const link = { sequence: before.sequence + 1, previous: before.hash, recorded };
  return { ...link, hash: sha256(linkText(link)) };
}

/** A line of the export, without its end. Its hash is that of the line as it stands without `,"hash":"…"`. */
export function auditLine(event: AuditedEvent): string {
  return `${linkText(event).slice(0, -1)},"hash":"${event.hash}"}`;
}

/** The member that is checked first stands last, so that nothing in an event can be taken for it. */
function linkText({ sequence, previous, recorded }: Omit<AuditedEvent, 'hash'>): string {
  const { subject, number, event } = recorded;
  const told = { ...subject, episode: number, at: event.at, what: event.what };
  return canonicalJson({ event: told, previous, sequence });
}
