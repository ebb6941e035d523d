import {
  type AuditedEvent,
  type AuditHead,
  auditLine,
  auditStart,
  type Sha256,
} from '../../domain/audit/audit-chain.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { EpisodeAudit } from '../../ports/episode-log.ts';
import { type AuditVerdict, verifyAudit } from './verify-audit.ts';

export type AuditExport = {
  /** What the first line follows on. */
  readonly after: AuditHead;
  /** Of what was written: the ledger itself may have been changed. */
  readonly verdict: AuditVerdict;
};

export type ExportRequest = {
  /** Begins with the first event that happened then or later, and leaves out none that was recorded after it. */
  readonly since?: Instant;
  readonly sha256: Sha256;
  /** Takes whole lines, some at a time. */
  readonly write: (text: string) => Promise<void>;
};

/** Writes what was recorded, with the hashes that were recorded, and holds the one against the other. */
export async function exportAudit(audit: EpisodeAudit, { since, sha256, write }: ExportRequest): Promise<AuditExport> {
  const pages = audit.recorded(since)[Symbol.asyncIterator]();
  const begin = await pages.next();
  const first = begin.done === true ? undefined : begin.value[0];
  const after = since === undefined ? auditStart : await beforeOf(first, audit);
  const lines = writtenLines(begin, pages, write);
  return { after, verdict: await verifyAudit(lines, { after: after.hash, sha256 }) };
}

async function beforeOf(first: AuditedEvent | undefined, audit: EpisodeAudit): Promise<AuditHead> {
  if (first === undefined) return audit.auditHead();
  return { sequence: first.sequence - 1, hash: first.previous };
}

async function* writtenLines(
  begin: IteratorResult<readonly AuditedEvent[], unknown>,
  pages: AsyncIterator<readonly AuditedEvent[]>,
  write: (text: string) => Promise<void>,
): AsyncGenerator<readonly string[]> {
  for (let page = begin; page.done !== true; page = await pages.next()) {
    const lines = page.value.map((event) => `${auditLine(event)}\n`);
    await write(lines.join(''));
    yield lines;
  }
}
