import { isExcluded, isIgnored } from '../../domain/discovery/excluded.ts';
import { parseReport } from '../../domain/vulnerability/parse-report.ts';
import type { Scan } from '../../domain/vulnerability/scan.ts';
import { type Workspace, WorkspaceError } from '../../ports/workspace.ts';
import { mapLimited } from '../limited.ts';

/** A ready-made report of the tree; `reason`: why nothing in it counts. */
export type TreeReport =
  | { readonly kind: 'scan'; readonly path: string; readonly scan: Scan }
  | { readonly kind: 'refused'; readonly path: string; readonly reason: string };

/** A report of thousands of findings has some MB. */
const maxBytes = 64 * 1024 * 1024;
/** Each is held in memory while images are matched with it. */
const maxReports = 200;
const readAtOnce = 4;

/** @param globs of paths as the policy file writes them */
export async function readReports(
  workspace: Workspace,
  globs: readonly string[],
  policyPath: (path: string) => string,
): Promise<readonly TreeReport[]> {
  const isWanted = (path: string) => isIgnored(policyPath(path), globs);
  const { paths } = await workspace.list({ isWanted, isExcluded: (folder) => isExcluded(folder, []) });
  const found = paths.filter(isWanted);
  const read = await mapLimited(found.slice(0, maxReports), (path) => readReport(workspace, path), readAtOnce);
  const left = found.slice(maxReports).map((path): TreeReport => {
    return { kind: 'refused', path, reason: `is not read: of more than ${maxReports} reports only the first count` };
  });
  return [...read, ...left];
}

async function readReport(workspace: Workspace, path: string): Promise<TreeReport> {
  try {
    const reading = parseReport(await workspace.read(path, maxBytes));
    return reading.kind === 'scan' ? { kind: 'scan', path, scan: reading.scan } : { path, ...reading };
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    return { kind: 'refused', path, reason: error.message };
  }
}
