import type { Reference } from '../../domain/image/reference.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import type { CollectedUse } from '../monitor/collect-uses.ts';
import type { WantedScan } from '../scan/resolve-image.ts';
import { scanKey } from '../scan/scan-key.ts';
import type { TrackCycleRequest, TrackPorts } from './track-request.ts';

/** Scans images, the same one once. @returns what was said of one of them */
export async function scanEach(
  { scans, registry }: Pick<TrackPorts, 'scans' | 'registry'>,
  images: readonly WantedScan[],
  { terms, now }: Pick<TrackCycleRequest, 'terms' | 'now'>,
): Promise<(image: WantedScan) => ScanFacts | undefined> {
  const keyOf = ({ reference, platform }: WantedScan) => scanKey(reference, platform);
  const wanted = [...new Map(images.map((image) => [keyOf(image), image])).values()];
  if (wanted.length === 0) return () => undefined;
  const { facts } = await scans.of(registry, { wanted, terms, now, reports: [] });
  return (image) => facts.get(keyOf(image));
}

/** @param platform that the run names @param reference instead of its own */
export function wantedScan(
  { use, reference: own }: CollectedUse,
  platform: string | undefined,
  reference: Reference = own,
): WantedScan {
  const named = use.platform ?? platform;
  return { reference, ...(named === undefined ? {} : { platform: named }) };
}

export function isPatchable(scan: ScanFacts): boolean {
  return scan.kind === 'scanned' && scan.findings.some(({ fixedVersion }) => fixedVersion !== undefined);
}
