import type { WaiverApproval } from '../domain/policy/approval/waiver-approval.ts';
import type { FileResult, PolicyFinding } from './check-result.ts';
import type { ScanResult } from './scan/scan-result.ts';

/** What `check` found in one tree; several are joined into one result by `toResult`. */
export type CheckedTree = {
  readonly files: readonly FileResult[];
  readonly policyFindings: readonly PolicyFinding[];
  readonly unread: Unread;
  /** Registries were asked. */
  readonly isOnline: boolean;
  /** Whether the approvers of waivers approved of them; absent where nobody was asked. */
  readonly approvals?: readonly WaiverApproval[];
  /** They have to be proven, and nobody was asked: the waivers count. */
  readonly isApprovalUnasked?: true;
  /** Absent where no scanner was asked. */
  readonly scans?: ScanResult;
};

/** Files that this run did not look into, counted: they are told under "not checked". */
export type Unread = {
  /** Bake files in HCL. */
  readonly bakeHcl: number;
  /** Files that might name images by their ending, and could not be read: too large, binary, unreadable. */
  readonly refused: number;
  /** Left out by `--changed-since`. */
  readonly unchanged: number;
};
