import { splitByApproval } from '../domain/policy/approval/waiver-approval.ts';
import { BaselineLedger } from '../domain/policy/baseline.ts';
import { countWaiver, type Exceptions } from '../domain/policy/exceptions.ts';
import type { Rule } from '../domain/policy/rule.ts';
import { unprovenFindings } from './approvals/unproven-findings.ts';
import type { CheckRequest } from './check-request.ts';
import type { CheckedTree, Unread } from './checked-tree.ts';
import type { Producers } from './internal-images.ts';
import { type JudgedFile, judgeFile, type Suggest } from './judge-file.ts';
import type { WorldAnswers } from './online/ask-about.ts';
import { exceptionFindings, longWaiverFindings } from './policy-findings.ts';
import type { ReadFile } from './read-dockerfile.ts';
import { appliedWaivers } from './scan/applied-waivers.ts';
import type { ScanAnswers } from './scan/scan-images.ts';
import { scanKey } from './scan/scan-key.ts';
import { type LookUpScan, lookUp } from './subject-of.ts';

/** What judges the files of one tree, one after the other, and remembers which exceptions were used. */
export type Judge = {
  /** Pure but for that memory. Whatever order files come in, the answers are the same. */
  readonly judge: (file: ReadFile) => JudgedFile;
  readonly finish: (files: readonly JudgedFile[], unread: Unread) => CheckedTree;
};

/**
 * @param suggest makes a multi-stage version of a single stage that compiles; absent when nobody asked.
 * @param answers of registries and scanners; absent where none was asked.
 */
export function startJudging(
  request: CheckRequest,
  producers: Producers,
  suggest: Suggest | undefined,
  { registries, scans }: WorldAnswers,
): Judge {
  const today = request.now.slice(0, 10);
  const { policy, approvals = new Map() } = request;
  const { counted, uncounted } = splitByApproval(policy.waivers, approvals, policy.approvalProof);
  const exceptions: Exceptions = {
    waivers: counted.map(countWaiver),
    baseline: new BaselineLedger(request.baseline?.content),
  };
  const isAsked = ({ isOnline, isScan }: Rule) =>
    (isOnline !== true || registries !== undefined) && (isScan !== true || scans !== undefined);
  const unasked = new Set(request.rules.filter((rule) => !isAsked(rule)).map(({ id }) => id));
  const context = {
    request,
    producers,
    suggest,
    today,
    exceptions,
    look: lookUp(request, today, registries),
    scanOf: scanOf(scans),
    unasked,
  };
  return {
    judge: (file) => judgeFile(file, context),
    finish: (judged, unread) => {
      const files = judged.map(({ file }) => file).sort((a, b) => (a.path < b.path ? -1 : 1));
      // A partial run cannot tell which exceptions are unused.
      const isPartial = request.isPartial || request.only !== undefined;
      const isScanWhole = scans?.result.images.every(({ scan }) => scan.kind === 'scanned') ?? false;
      const run = { isPartial, baselinePath: request.baseline?.path, unasked, isScanWhole };
      const { waiverDays } = request.policy;
      const waivers = appliedWaivers(exceptions.waivers, today);
      const findings = judged.flatMap((one) => one.findings).sort((a, b) => (a.path < b.path ? -1 : 1));
      return {
        files,
        policyFindings: [
          ...unprovenFindings([...approvals.values()], uncounted),
          ...exceptionFindings(exceptions, today, run),
          ...longWaiverFindings(exceptions.waivers, waiverDays, today),
          ...findings,
          ...(scans?.findings ?? []),
        ],
        unread,
        isOnline: registries !== undefined,
        ...(request.approvals === undefined ? {} : { approvals: [...request.approvals.values()] }),
        ...(isApprovalUnasked(request) ? { isApprovalUnasked: true as const } : {}),
        ...(scans === undefined ? {} : { scans: { ...scans.result, waivers } }),
      };
    },
  };
}

function isApprovalUnasked({ policy, approvals }: CheckRequest): boolean {
  const isNamed = policy.waivers.some(({ approvedBy }) => approvedBy !== undefined);
  return policy.approvalProof === 'required' && approvals === undefined && isNamed;
}

function scanOf(scans: ScanAnswers | undefined): LookUpScan {
  return (reference, platform) => scans?.facts.get(scanKey(reference, platform));
}
