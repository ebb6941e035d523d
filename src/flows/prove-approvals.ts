import { type ApprovalProof, proveApproval } from '../domain/policy/prove-approval.ts';
import type { Waiver } from '../domain/policy/waiver.ts';
import { waiverLines } from '../domain/policy/waiver-lines.ts';
import { type Forge, ForgeError } from '../ports/forge.ts';
import type { LineHistory } from '../ports/line-history.ts';
import { WorkspaceError } from '../ports/workspace.ts';

/** A policy file of this machine. */
export type ApprovedFile = {
  readonly file: string;
  readonly text: string;
  /** Where its repository lies; absent where no forge tells of reviews, and `reason` why. */
  readonly place:
    | { readonly kind: 'forge'; readonly forge: Pick<Forge, 'readApprovals'>; readonly repository: string }
    | { readonly kind: 'none'; readonly reason: string };
};

/** Field for field the JSON of `policy approvals`. */
export type ApprovalsResult = {
  readonly schemaVersion: 1;
  readonly proven: number;
  readonly waivers: readonly {
    readonly id: string;
    readonly file: string;
    readonly line: number;
    readonly approvedBy: string;
    readonly expires: string;
    readonly proof: ApprovalProof;
  }[];
};

/** Asks for each waiver that names an approver whether he approved of what changed it. What cannot be told is not proven. */
export async function proveApprovals(
  history: LineHistory,
  waivers: readonly Waiver[],
  files: ReadonlyMap<string, ApprovedFile>,
): Promise<ApprovalsResult> {
  const told: ApprovalsResult['waivers'][number][] = [];
  for (const { id, file, line, approvedBy, expires } of waivers) {
    if (approvedBy === undefined) continue;
    const found = files.get(file);
    const proof =
      found === undefined ? notProven(`${file} is not there`) : await prove(history, found, line, approvedBy);
    told.push({ id, file, line, approvedBy, expires, proof });
  }
  return { schemaVersion: 1, proven: told.filter(({ proof }) => proof.kind === 'proven').length, waivers: told };
}

async function prove(
  history: LineHistory,
  { file, text, place }: ApprovedFile,
  line: number,
  approver: string,
): Promise<ApprovalProof> {
  if (place.kind === 'none') return notProven(place.reason);
  try {
    const commits = await history.commitsOf(file, waiverLines(text, line));
    if (commits === 'uncommitted') return notProven('the policy file is not committed as it stands');
    const reviewed = [];
    for (const commit of commits)
      reviewed.push({ ...commit, pullRequests: await place.forge.readApprovals(place.repository, commit.revision) });
    return proveApproval(approver, reviewed);
  } catch (error) {
    if (error instanceof ForgeError || error instanceof WorkspaceError) return notProven(error.message);
    throw error;
  }
}

function notProven(reason: string): ApprovalProof {
  return { kind: 'not-proven', reason };
}
