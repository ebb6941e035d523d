import { canonicalReference, type Reference, repositoryName } from '../../domain/image/reference.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import type { CollectedUse } from '../monitor/collect-uses.ts';
import { scanKey } from '../scan/scan-key.ts';
import type { TrackCycleRequest, TrackPorts } from './track-request.ts';

export type Replacement = { readonly reference: string; readonly scan: ScanFacts };

/**
 * Scans what would be proposed in the line of each use that has a finding with a fix: the newest tag, or what the tag stands for now
 * where the use pins a digest. Each content once; a use that nothing follows has none.
 */
export async function scanReplacements(
  { scans, registry }: Pick<TrackPorts, 'scans' | 'registry'>,
  { trees, platform, newerTags, maxDatabaseAgeMs, now }: TrackCycleRequest,
  scanOf: (use: CollectedUse) => ScanFacts,
): Promise<ReadonlyMap<CollectedUse, Replacement>> {
  const meant = trees.flatMap(({ uses }) =>
    uses.flatMap((one) => {
      const reference = isPatchable(scanOf(one)) ? replacementOf(one.reference, newerTags) : undefined;
      return reference === undefined ? [] : [{ one, reference, platform: one.use.platform ?? platform }];
    }),
  );
  if (meant.length === 0) return new Map();
  const wanted = new Map(
    meant.map(({ reference, platform: of }) => [
      scanKey(reference, of),
      { reference, ...(of === undefined ? {} : { platform: of }) },
    ]),
  );
  const { facts } = await scans.of(registry, { wanted: [...wanted.values()], maxDatabaseAgeMs, now, reports: [] });
  return new Map(
    meant.flatMap(({ one, reference, platform: of }) => {
      const scan = facts.get(scanKey(reference, of));
      return scan === undefined ? [] : [[one, { reference: canonicalReference(reference), scan }] as const];
    }),
  );
}

function isPatchable(scan: ScanFacts): boolean {
  return scan.kind === 'scanned' && scan.findings.some(({ fixedVersion }) => fixedVersion !== undefined);
}

function replacementOf(reference: Reference, newerTags: TrackCycleRequest['newerTags']): Reference | undefined {
  const { registry, repository, tag = 'latest', digest } = reference;
  const newer = newerTags.get(`${repositoryName(reference)}:${tag}`);
  if (newer !== undefined) return { registry, repository, tag: newer };
  return digest === undefined || reference.tag === undefined ? undefined : { registry, repository, tag };
}
