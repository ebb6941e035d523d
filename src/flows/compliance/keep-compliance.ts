import type { Subject } from '../../domain/policy/evaluate.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { ComplianceLog } from '../../ports/compliance-log.ts';
import type { Suppressions } from '../scan/read-suppressions.ts';
import { scanKey } from '../scan/scan-key.ts';
import { startTakingOut } from '../scan/take-out.ts';
import { type HalfJudgedTree, withScans } from './judge-tree.ts';

/** A tree of a cycle, judged by its files. */
export type JudgedRepository = {
  /** Its address, or the absolute path of its folder. */
  readonly repository: string;
  readonly judged: HalfJudgedTree;
  readonly suppressions: Suppressions;
};

export type KeepRequest = {
  /** By `scanKey`; absent where no scanner was asked. */
  readonly facts?: ReadonlyMap<string, ScanFacts>;
  /** That the run names, for uses that name none. */
  readonly platform: string | undefined;
  readonly now: Instant;
};

/** Writes down how each tree of a cycle stands by its policy, with what scanners told of its images. */
export async function keepCompliance(
  log: Pick<ComplianceLog, 'record'>,
  trees: readonly JudgedRepository[],
  { facts, platform, now }: KeepRequest,
): Promise<void> {
  for (const { repository, judged, suppressions } of trees) {
    const scanOf = facts === undefined ? undefined : scansOf(facts, platform, suppressions, now);
    await log.record({ repository, at: now, compliance: withScans(judged, scanOf) });
  }
}

/** Without what VEX documents and ignore files of the tree take out. */
function scansOf(
  facts: ReadonlyMap<string, ScanFacts>,
  platform: string | undefined,
  { statements }: Suppressions,
  now: Instant,
): (subject: Subject) => ScanFacts | undefined {
  const { takeOut } = startTakingOut(statements, formatInstant(now).slice(0, 10));
  return ({ reference, use }) => {
    if (reference === undefined) return undefined;
    const scan = facts.get(scanKey(reference, use.platform ?? platform));
    if (scan?.kind !== 'scanned') return scan;
    return takeOut(scan, { reference, namedDigest: scan.namedDigest ?? scan.digest });
  };
}
