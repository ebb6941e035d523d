import { safeUrl } from '../forge/started-run.ts';
import { isDigest } from '../image/digest.ts';
import { member, parseJsonObject, textMember } from '../image/json-value.ts';
import type { Digest } from '../image/manifest.ts';

/** A run that was started for a digest and has yet to succeed. */
export type PendingRecord = {
  readonly digest: Digest;
  readonly runId: number;
  /** For people to open; an https address, else empty. Never asked for. */
  readonly runUrl: string;
  /** How often a run was started for this digest, the first included. */
  readonly attempts: number;
};

// One that a workflow would write has some 150.
const maxLength = 4096;

/**
 * Reads `{"digest","run_id","run_url","attempts"}`, which anybody with access to variables may have written. Without
 * `attempts`, as records of the workflow before this one are, it is 1.
 *
 * @returns `undefined` for what is no record: no JSON, no digest, a run id that is no number.
 */
export function parsePendingRecord(text: string): PendingRecord | undefined {
  const record = text.length > maxLength ? undefined : parseJsonObject(text);
  const digest = member(record, 'digest');
  const runId = idOf(member(record, 'run_id'));
  if (!isDigest(digest) || runId === undefined) return undefined;
  const attempts = member(record, 'attempts');
  return {
    digest,
    runId,
    runUrl: safeUrl(textMember(record, 'run_url')),
    attempts: Number.isSafeInteger(attempts) && Number(attempts) >= 1 ? Number(attempts) : 1,
  };
}

/** `parsePendingRecord(formatPendingRecord(r))` is `r`. */
export function formatPendingRecord({ digest, runId, runUrl, attempts }: PendingRecord): string {
  return JSON.stringify({ digest, run_id: runId, run_url: runUrl, attempts });
}

/** Shell scripts write it as text. */
function idOf(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^[1-9]\d{0,15}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
