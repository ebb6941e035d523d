import { canonicalReference, type Reference, repositoryName } from '../../domain/image/reference.ts';
import type { WatchedUse } from '../../domain/monitor/watched-image.ts';
import type { WantedScan } from './resolve-image.ts';
import type { ScanAnswers, ScanRegistry, ScanRequest, Scans } from './scan-images.ts';
import { scanKey } from './scan-key.ts';
import type { ImageScan, ScanResult } from './scan-result.ts';

/** What scans brought to light of the images that many trees use. */
export type UsesScanResult = Omit<ScanResult, 'images'> & {
  readonly images: readonly (ImageScan & { readonly uses: readonly WatchedUse[] })[];
};

type UsesRequest = Omit<ScanRequest, 'wanted' | 'reports' | 'takeOut'> & {
  /** `reference`: after aliases. */
  readonly uses: readonly { readonly use: WatchedUse; readonly reference: Reference }[];
  /** Where a use names none. */
  readonly platform: string | undefined;
  /** What tags were seen to stand for in this run: `docker.io/library/node:24`. */
  readonly digests: ReadonlyMap<string, string>;
};

/** Scans each image once, however many repositories use it. What single trees say in VEX and ignore files does not count here. */
export async function scanUses(
  scans: Scans,
  registry: ScanRegistry,
  { uses, platform, digests, ...request }: UsesRequest,
): Promise<{ readonly facts: ScanAnswers['facts']; readonly result: UsesScanResult }> {
  const keyOf = ({ use, reference }: UsesRequest['uses'][number]) => scanKey(reference, use.platform ?? platform);
  const groups = Map.groupBy(uses, keyOf);
  const wanted = [...groups.values()].flatMap(([first]): readonly WantedScan[] => {
    if (first === undefined) return [];
    const { reference, use } = first;
    const named = use.platform ?? platform;
    const digest = digests.get(`${repositoryName(reference)}:${reference.tag ?? 'latest'}`);
    return [
      { reference, ...(named === undefined ? {} : { platform: named }), ...(digest === undefined ? {} : { digest }) },
    ];
  });
  const { facts, result } = await scans.of(registry, { ...request, wanted, reports: [] });
  const usesOf = (row: ImageScan) =>
    [...groups].flatMap(([key, same]) => {
      const [first] = same;
      const isSame = first !== undefined && canonicalReference(first.reference) === row.image;
      return isSame && isRowOf(row, facts.get(key)) ? same.map(({ use }) => use) : [];
    });
  return { facts, result: { ...result, images: result.images.map((row) => ({ ...row, uses: usesOf(row) })) } };
}

/** A use that names the platform and one that does not may be of one image. */
function isRowOf({ scan, platform }: ImageScan, facts: ImageScan['scan'] | undefined): boolean {
  if (facts === undefined) return false;
  return facts.kind === 'scanned' && scan.kind === 'scanned' ? facts.platform === platform : facts === scan;
}
