import { canonicalReference, type Reference, repositoryName } from '../../domain/image/reference.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import type { CollectedUse } from '../monitor/collect-uses.ts';
import { isPatchable, scanEach, wantedScan } from './scan-each.ts';
import type { TrackCycleRequest, TrackPorts } from './track-request.ts';

export type Replacement = { readonly reference: string; readonly scan: ScanFacts };

/**
 * Scans what would be proposed in the line of each use that has a finding with a fix: the newest tag, or what the tag stands for now
 * where the use pins a digest. Each content once; a use that nothing follows has none.
 */
export async function scanReplacements(
  ports: Pick<TrackPorts, 'scans' | 'registry'>,
  request: TrackCycleRequest,
  scanOf: (use: CollectedUse) => ScanFacts,
): Promise<ReadonlyMap<CollectedUse, Replacement>> {
  const meant = request.trees.flatMap(({ uses }) =>
    uses.flatMap((one) => {
      const reference = isPatchable(scanOf(one)) ? replacementOf(one.reference, request.newerTags) : undefined;
      return reference === undefined ? [] : [{ one, image: wantedScan(one, request.platform, reference) }];
    }),
  );
  const images = meant.map(({ image }) => image);
  const said = await scanEach(ports, images, request);
  return new Map(
    meant.flatMap(({ one, image }) => {
      const scan = said(image);
      return scan === undefined ? [] : [[one, { reference: canonicalReference(image.reference), scan }] as const];
    }),
  );
}

function replacementOf(reference: Reference, newerTags: TrackCycleRequest['newerTags']): Reference | undefined {
  const { registry, repository, tag = 'latest', digest } = reference;
  const newer = newerTags.get(`${repositoryName(reference)}:${tag}`);
  if (newer !== undefined) return { registry, repository, tag: newer };
  return digest === undefined || reference.tag === undefined ? undefined : { registry, repository, tag };
}
