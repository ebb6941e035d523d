import type { Workspace } from '../../ports/workspace.ts';
import type { CheckRequest } from '../check-request.ts';
import type { PolicyFinding } from '../check-result.ts';
import type { WantedReference } from '../online/collect-references.ts';
import { readReports } from './read-reports.ts';
import { readSuppressions } from './read-suppressions.ts';
import type { WantedScan } from './resolve-image.ts';
import type { ScanAnswers, ScanRegistry, Scans } from './scan-images.ts';
import { statementFindings } from './statement-findings.ts';
import { startTakingOut } from './take-out.ts';

type TreeScanPorts = { readonly scans: Scans; readonly registry: ScanRegistry; readonly workspace: Workspace };

/** `findings`: about what takes findings out. */
export type TreeScans = ScanAnswers & { readonly findings: readonly PolicyFinding[] };

/**
 * Scans the images of one tree, each for every platform that a use of it is built for. What the tree says in VEX documents and ignore
 * files takes findings out.
 */
export async function scanTree(
  { scans, registry, workspace }: TreeScanPorts,
  references: readonly WantedReference[],
  { policy, policyPath, now, isPartial, only, base, onScanned }: CheckRequest,
): Promise<TreeScans> {
  const { reports } = policy.scanner;
  const today = now.slice(0, 10);
  const { statements, findings } = await readSuppressions(base ?? workspace, policy);
  const { takeOut, images } = startTakingOut(statements, today);
  const answers = await scans.of(registry, {
    wanted: references.flatMap(wantedScans),
    now: Date.parse(now),
    terms: policy.scanner,
    reports: reports.length === 0 ? [] : await readReports(workspace, reports, policyPath),
    takeOut,
    ...(onScanned === undefined ? {} : { onProgress: onScanned }),
  });
  const isWhole = answers.result.images.every(({ scan }) => scan.kind === 'scanned');
  const run = { today, isPartial: isPartial || only !== undefined || !isWhole };
  return { ...answers, findings: [...findings, ...statementFindings(statements, images, run)] };
}

function wantedScans({ reference, platforms, isPlatformOpen }: WantedReference): readonly WantedScan[] {
  const named = platforms.map((platform): WantedScan => ({ reference, platform }));
  return isPlatformOpen ? [{ reference }, ...named] : named;
}
