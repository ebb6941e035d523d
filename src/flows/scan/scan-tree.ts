import type { Workspace } from '../../ports/workspace.ts';
import type { CheckRequest } from '../check-request.ts';
import type { WantedReference } from '../online/collect-references.ts';
import { readReports } from './read-reports.ts';
import type { ScanAnswers, ScanRegistry, Scans, WantedScan } from './scan-images.ts';

type TreeScanPorts = { readonly scans: Scans; readonly registry: ScanRegistry; readonly workspace: Workspace };

/** Scans the images of one tree, each for every platform that a use of it is built for. */
export async function scanTree(
  { scans, registry, workspace }: TreeScanPorts,
  references: readonly WantedReference[],
  { policy, policyPath, now, onScanned }: CheckRequest,
): Promise<ScanAnswers> {
  const { maxDatabaseAgeMs, reports } = policy.scanner;
  return scans.of(registry, {
    wanted: references.flatMap(wantedScans),
    now: Date.parse(now),
    maxDatabaseAgeMs,
    reports: reports.length === 0 ? [] : await readReports(workspace, reports, policyPath),
    ...(onScanned === undefined ? {} : { onProgress: onScanned }),
  });
}

function wantedScans({ reference, platforms, isPlatformOpen }: WantedReference): readonly WantedScan[] {
  const named = platforms.map((platform): WantedScan => ({ reference, platform }));
  return isPlatformOpen ? [{ reference }, ...named] : named;
}
