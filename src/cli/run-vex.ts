import { splitByApproval, waiverKey } from '../domain/policy/approval/waiver-approval.ts';
import type { OwnStatement } from '../domain/vulnerability/suppress/format-open-vex.ts';
import { unprovenFindings } from '../flows/approvals/unproven-findings.ts';
import { exportVex } from '../flows/export-vex.ts';
import { Scans } from '../flows/scan/scan-images.ts';
import { scanKey } from '../flows/scan/scan-key.ts';
import { scanUses, type UsesScanResult } from '../flows/scan/scan-uses.ts';
import { openRegistry } from '../wiring/registry.ts';
import { openScanPorts } from '../wiring/scanner.ts';
import { askApprovalsInForce } from './ask-approvals.ts';
import { gatherFleet } from './gather-fleet.ts';
import { type GatheredUses, gatherUses } from './gather-uses.ts';
import { startProgress } from './progress.ts';
import { clockFrom, instantOf, type RunOptions } from './run-options.ts';

export type VexExportOptions = RunOptions & { readonly fleet?: string };

export type VexRun = {
  readonly now: number;
  /** Of the organisation's file. */
  readonly author: string | undefined;
  readonly statements: readonly OwnStatement[];
  /** What of it was not scanned, and repositories and files that could not be read: nothing is said of them. */
  readonly unread: readonly string[];
  readonly isOfWorld: boolean;
};

/** Scans the images in use, each content once, and gathers what their repositories say of the findings. */
export async function runVexExport(paths: readonly string[], options: VexExportOptions): Promise<VexRun> {
  const at = instantOf(options.now);
  const now = Date.parse(at);
  const gathered =
    options.fleet === undefined ? await gatherUses(paths, options, at) : await gatherFleet(options.fleet, options, at);
  const { uses, policy, read, problems } = gathered;
  const { platform } = options;
  const registry = await openRegistry(policy.registries, clockFrom(options.now));
  const { ports, close } = await openScanPorts();
  const progress = startProgress('scanning', 'images');
  try {
    const { facts, result } = await scanUses(new Scans(ports), registry, {
      ...{ uses, platform, digests: new Map(), now, terms: policy.scanner },
      onProgress: progress.report,
    });
    const { trees, unproven } = await withProvenWaivers(read, at.slice(0, 10));
    const { statements, disputed } = exportVex(
      trees,
      ({ reference, use }) => facts.get(scanKey(reference, use.platform ?? platform)),
      now,
    );
    const unscanned = unscannedOf(result);
    return {
      ...{ now, author: policy.vexAuthor, statements },
      unread: [
        ...unscanned,
        ...disputed,
        ...unproven,
        ...problems.map(({ tree, path, message }) => `${tree}${path === undefined ? '' : ` ${path}`}: ${message}`),
      ],
      isOfWorld: unscanned.length > 0 || problems.some(({ kind }) => kind === 'world'),
    };
  } finally {
    progress.stop();
    await close();
    await registry.close();
  }
}

/** Trees without waivers whose approval their policy requires to be proven, and is not. */
async function withProvenWaivers(read: GatheredUses['read'], today: string) {
  const wanted = read.filter(({ policy }) => policy.approvalProof === 'required');
  const waivers = wanted.flatMap(({ policy }) => policy.waivers);
  const approvals = await askApprovalsInForce(waivers, today);
  const split = read.map(({ policy, ...tree }) => {
    const { counted, uncounted } = splitByApproval(policy.waivers, approvals, policy.approvalProof);
    return { tree: { ...tree, policy: { ...policy, waivers: counted } }, uncounted };
  });
  const uncounted = split.flatMap((one) => one.uncounted);
  const distinct = [...new Map(uncounted.map((one) => [waiverKey(one), one])).values()];
  return {
    trees: split.map(({ tree }) => tree),
    unproven: unprovenFindings(distinct, distinct).map(({ path, line, reason }) => `${path}:${line}: ${reason}`),
  };
}

function unscannedOf({ images, failure }: UsesScanResult): readonly string[] {
  if (failure !== undefined) return [failure];
  return images.flatMap(({ image, scan }) => (scan.kind === 'scanned' ? [] : [`${image}: ${scan.message}`]));
}
