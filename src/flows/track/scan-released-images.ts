import type { Episode } from '../../domain/deadline/episode.ts';
import { isReleasedAs, type PlatformImage, type ReleasedImage } from '../../domain/deadline/release-image.ts';
import type { TrackedUse } from '../../domain/deadline/tracked-use.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import { parseReference, type Reference } from '../../domain/image/reference.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import { attempt } from '../online/attempt.ts';
import { layersOf } from './list-released-tags.ts';
import type { TrackedTree } from './read-released-images.ts';
import { scanEach } from './scan-each.ts';
import type { TrackCycleRequest, TrackPorts } from './track-request.ts';

type Unscanned = {
  readonly tracked: TrackedTree;
  readonly images: readonly Omit<ReleasedImage, 'platforms'>[];
  /** What they may end. */
  readonly concerned: readonly Episode[];
};

/** Scans each for every platform that something is followed on. */
export async function scanReleasedImages(
  ports: Pick<TrackPorts, 'scans' | 'registry'>,
  { tracked, images, concerned }: Unscanned,
  request: TrackCycleRequest,
): Promise<readonly ReleasedImage[]> {
  const platforms = [...new Set(concerned.map(({ subject }) => subject.platform))];
  const wantedOf = ({ of, tag, digest }: Omit<ReleasedImage, 'platforms'>, platform: string) => ({
    ...{ reference: { ...of.address, tag, digest }, platform },
  });
  const wanted = images.flatMap((image) => platforms.map((platform) => wantedOf(image, platform)));
  const said = await scanEach(ports, wanted, request);
  const scanned: ReleasedImage[] = [];
  for (const image of images) {
    const shown = new Map<string, PlatformImage>();
    const uses = tracked.uses.filter(({ place }) =>
      isReleasedAs(image.of, { subject: { ...place, id: '', sourcePackage: '' }, events: [] }),
    );
    for (const platform of platforms) {
      const one = wantedOf(image, platform);
      const scan = tracked.without(said(one) ?? { kind: 'failed', message: 'no scanner was asked' }, one.reference);
      const own = uses.filter(({ place }) => place.platform === platform);
      shown.set(platform, { scan, bases: await basesOf(ports, { scan, reference: one.reference }, own) });
    }
    scanned.push({ ...image, platforms: shown });
  }
  return scanned;
}

/** Which contents in use it begins with, layer by layer; of those alone that have something which it lacks. */
async function basesOf(
  { registry }: Pick<TrackPorts, 'registry'>,
  { scan, reference }: { readonly scan: ScanFacts; readonly reference: Reference },
  uses: readonly TrackedUse[],
): Promise<readonly Digest[]> {
  if (scan.kind !== 'scanned') return [];
  const own = await attempt(() => layersOf(registry, reference, scan.digest));
  if (own.kind !== 'answered') return [];
  const bases: Digest[] = [];
  for (const { place, scan: base } of uses) {
    const parsed = parseReference(place.image);
    if (base.kind !== 'scanned' || base.findings.length === 0 || parsed.kind !== 'ok') continue;
    const layers = await attempt(() => layersOf(registry, parsed.reference, base.digest));
    if (layers.kind === 'answered' && isBegin(layers.value, own.value)) bases.push(base.digest);
  }
  return bases;
}

/** Without layers of its own a base is the begin of everything, which proves nothing. */
function isBegin(base: readonly Digest[], whole: readonly Digest[]): boolean {
  return base.length > 0 && base.every((layer, at) => layer === whole[at]);
}
