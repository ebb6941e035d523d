import type { Digest } from '../image/manifest.ts';
import { canonicalReference } from '../image/reference.ts';
import type { Finding } from '../vulnerability/scan.ts';
import type { Proposal } from './proposal.ts';

/**
 * Proof that a content mends a CRITICAL finding: our own scan of that very content. For what is proven so, a proposal waits
 * neither for age nor window nor limits, and not for the end of a snooze. Nobody's word stands in for it: no label, no
 * changelog, no number of a version.
 */
export type CriticalFix = {
  /**
   * `docker.io/library/node:24.2@sha256:…`, as the proposal writes it: of an official source, as the catalog of public images tells. Without
   * a digest, what its tag stood for when it was scanned: `scans` has it.
   */
  readonly to: string;
  /** Name and version of the scanner, and of its data. */
  readonly scanner: string;
  readonly severity: 'CRITICAL';
  readonly isSameLine: true;
  readonly isOfficialSource: true;
  /** Of each platform in use; never empty. */
  readonly scans: readonly CriticalFixScan[];
};

/** Two scans with one database, and the CRITICAL findings of the first that the second has no more: at least one. */
export type CriticalFixScan = {
  /** `linux/amd64` */
  readonly platform: string;
  /** Of the image of that platform. */
  readonly fromDigest: Digest;
  readonly toDigest: Digest;
  readonly mended: readonly Pick<Finding, 'id' | 'sourcePackage' | 'installedVersion' | 'fixedVersion'>[];
};

/** Whether each step of a proposal is proven: what waits for a reason is not carried along. */
export function isCriticalFix({ plans }: Proposal, fixes: readonly CriticalFix[]): boolean {
  return plans.every(({ lane, steps }) => {
    const isInLine = lane === 'digest' || lane === 'patch' || lane === 'minor';
    return isInLine && steps.every(({ to }) => fixes.some((fix) => fix.to === canonicalReference(to)));
  });
}
