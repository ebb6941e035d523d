import type { Candidate } from '../../domain/candidates/candidate.ts';
import { describeImage } from '../../domain/catalog/describe-image.ts';
import { parseTag } from '../../domain/image/tag.ts';
import { describeEvent } from '../../domain/monitor/describe-event.ts';
import type { MonitorEvent } from '../../domain/monitor/event.ts';
import type { TagCheck } from '../../domain/monitor/tag-check.ts';
import type { WatchedTag } from '../../domain/monitor/watched-image.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';
import type { MonitoredImage } from './monitor-image.ts';
import type { MonitorRequest } from './monitor-request.ts';
import type { EventResult, ImageResult, PlatformResult } from './monitor-result.ts';

/** One tag of one image after a cycle. @param since when the cycle began: what was verified before is not verified now. */
export function imageResult(
  image: MonitoredImage,
  tag: WatchedTag,
  since: Instant,
  { catalog, clock, isDueOnly }: MonitorRequest,
): ImageResult {
  const { watched, state, listingError } = image;
  const check = state.checkOf(tag.tag);
  const present = state.pastOf(tag.tag).at(-1);
  const facts = describeImage({ ...watched.address, tag: tag.tag }, catalog, formatInstant(clock()).slice(0, 10));
  const found = image.candidates.get(tag.tag);
  const refusals = [
    ...tagRefusals(check),
    ...(listingError === undefined
      ? []
      : [{ of: 'list' as const, code: listingError.code, message: listingError.message }]),
  ];
  const isVerified = check?.verifiedAt !== undefined && (isDueOnly || check.verifiedAt >= since);
  const { lifecycle } = facts;
  return {
    reference: `${watched.image}:${tag.tag}`,
    image: watched.image,
    tag: tag.tag,
    status: isVerified && refusals.length === 0 ? 'verified' : 'not-verified',
    refusals,
    verifiedAt: check?.verifiedAt === undefined ? null : formatInstant(check.verifiedAt),
    digest: present?.digest ?? null,
    since: present === undefined ? null : formatInstant(present.firstSeenAt),
    platforms: platformResults(image, tag),
    publisher: facts.publisher,
    publisherName: facts.publisherName ?? null,
    tagState: facts.tagState,
    lifecycle:
      lifecycle === undefined
        ? null
        : {
            product: lifecycle.product,
            line: lifecycle.line,
            state: lifecycle.state,
            supportEndsOn: lifecycle.supportEndsOn ?? null,
          },
    candidates: [...digestLane(image, tag), ...(found?.candidates ?? [])],
    recommended: found?.recommended ?? null,
    slots: found?.slots ?? parseTag(tag.tag).slots,
    uses: tag.uses,
  };
}

export function eventResult(event: MonitorEvent, image: MonitoredImage): EventResult {
  const { what } = event;
  const { kind, ...rest } = what;
  const tag = image.watched.tags.find((one) => one.tag === event.tag);
  return {
    at: formatInstant(event.at),
    reference: `${event.image}:${event.tag}`,
    kind,
    text: describeEvent(what),
    ...rest,
    uses: tag?.uses.length ?? 0,
  };
}

function tagRefusals(check: TagCheck | undefined): ImageResult['refusals'] {
  if (check === undefined || check.outcome === 'verified') return [];
  return [{ of: 'tag', code: check.outcome, message: check.message ?? check.outcome }];
}

function platformResults({ state }: MonitoredImage, { tag, platforms }: WatchedTag): readonly PlatformResult[] {
  return state.platformsOf(tag).map(({ platform, digest, osRelease, sizeBytes }) => ({
    platform,
    digest,
    osRelease: osRelease ?? null,
    sizeBytes: sizeBytes ?? null,
    isUsed: platforms.includes(platform),
  }));
}

/** Uses that pin a digest which the tag has left; the digest of one of its platforms is no such. */
function digestLane(
  { state }: MonitoredImage,
  { tag, uses }: WatchedTag,
): readonly (Candidate & { readonly digest: string })[] {
  const present = state.pastOf(tag).at(-1);
  if (present === undefined) return [];
  const current = new Set([present.digest, ...state.platformsOf(tag).map(({ digest }) => digest)]);
  const left = uses.filter(({ digest }) => digest !== undefined && !current.has(digest));
  if (left.length === 0) return [];
  const reason = `the tag stands for another digest than ${left.length === 1 ? 'the one' : `the ${left.length}`} pinned`;
  return [{ lane: 'digest', tag, digest: present.digest, reasons: [reason] }];
}
