import { repositoryName } from '../image/reference.ts';
import type { Proposal } from './proposal.ts';

/**
 * Proof that a content mends a CRITICAL finding: our own scan of that very digest. For what is proven so, a proposal waits
 * neither for age nor window nor limits, and not for the end of a snooze. Nobody's word stands in for it: no label, no
 * changelog, no number of a version.
 */
export type CriticalFix = {
  /** `docker.io/library/node`; an official source, as the catalog of public images tells. */
  readonly image: string;
  /** Of the new content, as it was scanned. */
  readonly digest: string;
  /** Name and version of the scanner, and of its data. */
  readonly scanner: string;
  readonly severity: 'CRITICAL';
  readonly isSameLine: true;
  readonly isOfficialSource: true;
};

/** Whether each step of a proposal is proven: what waits for a reason is not carried along. */
export function isCriticalFix({ plans }: Proposal, fixes: readonly CriticalFix[]): boolean {
  return plans.every(({ lane, steps }) => {
    const isInLine = lane === 'digest' || lane === 'patch' || lane === 'minor';
    return (
      isInLine &&
      steps.every(({ to }) => fixes.some((fix) => fix.image === repositoryName(to) && fix.digest === to.digest))
    );
  });
}
