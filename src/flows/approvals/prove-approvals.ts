import { readApprover } from '../../domain/policy/approval/approver.ts';
import { type ApprovalProof, proveApproval } from '../../domain/policy/approval/prove-approval.ts';
import type { WaiverApproval } from '../../domain/policy/approval/waiver-approval.ts';
import type { Waiver } from '../../domain/policy/waiver.ts';
import { hasWaiverLines, waiverLines } from '../../domain/policy/waiver-lines.ts';
import { ForgeError } from '../../ports/forge.ts';
import type { LineHistory } from '../../ports/line-history.ts';
import { WorkspaceError } from '../../ports/workspace.ts';
import { type ReviewingForge, ReviewReader } from './review-reader.ts';

/** A policy file of this machine. */
export type ApprovedFile = {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
  /** Where its repository lies; absent where no forge tells of reviews, and `reason` why. */
  readonly place:
    | { readonly kind: 'forge'; readonly forge: ReviewingForge; readonly repository: string }
    | { readonly kind: 'none'; readonly reason: string };
};

/** Field for field the JSON of `policy approvals`. */
export type ApprovalsResult = {
  readonly schemaVersion: 1;
  readonly proven: number;
  readonly waivers: readonly WaiverApproval[];
};

/** Asks for each waiver that names an approver whether he approved of what changed it. */
export async function proveApprovals(
  history: LineHistory,
  waivers: readonly Waiver[],
  files: ReadonlyMap<string, ApprovedFile>,
): Promise<readonly WaiverApproval[]> {
  const readers = new Map<ApprovedFile, ReviewReader>();
  const told: WaiverApproval[] = [];
  for (const { id, file, line, approvedBy, expires } of waivers) {
    if (approvedBy === undefined) continue;
    const found = files.get(file);
    const proof =
      found === undefined
        ? { proof: unknown(`${file} is not there`) }
        : await prove(history, found, { line, approvedBy }, readers);
    told.push({ id, file, line, approvedBy, expires, ...proof });
  }
  return told;
}

async function prove(
  history: LineHistory,
  approved: ApprovedFile,
  { line, approvedBy }: Pick<Waiver, 'line'> & { readonly approvedBy: string },
  readers: Map<ApprovedFile, ReviewReader>,
): Promise<Pick<WaiverApproval, 'proof' | 'revision'>> {
  const { file, text, place } = approved;
  let revision: string | undefined;
  try {
    const lines = waiverLines(text, line);
    const written = await history.commitsOf(file, lines);
    if (written === 'uncommitted')
      return { proof: { kind: 'not-proven', reason: 'the policy file is not committed as it stands' } };
    const waiver = text.split('\n').slice(lines.from - 1, lines.to);
    // Where lines behind it were taken out since, what was proven of that commit was of another waiver.
    revision = hasWaiverLines(written.newestText ?? '', waiver) ? written.newest : undefined;
    const told = revision === undefined ? {} : { revision };
    if (!lines.isWhole) return { proof: { kind: 'not-proven', reason: notWhole }, ...told };
    if (place.kind === 'none') return { proof: unknown(place.reason), ...told };
    const reader = readers.get(approved) ?? new ReviewReader(place.forge, place.repository);
    readers.set(approved, reader);
    const approver = readApprover(approvedBy, place.repository);
    return { proof: proveApproval(approver, await reader.read(approver, written, waiver)), ...told };
  } catch (error) {
    if (error instanceof ForgeError || error instanceof WorkspaceError)
      return { proof: unknown(error.message), ...(revision === undefined ? {} : { revision }) };
    throw error;
  }
}

const notWhole =
  'a YAML alias takes words of it from elsewhere in the file, which change without its lines: write them out';

function unknown(reason: string): ApprovalProof {
  return { kind: 'unknown', reason };
}
