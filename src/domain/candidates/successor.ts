import type { Catalog, IsoDate } from '../catalog/catalog.ts';
import { chooseTag } from '../catalog/choose-tag.ts';
import { bestDistroless, parseDistroless } from '../catalog/distroless.ts';
import { latestCycle, stateOf } from '../catalog/life-cycle.ts';
import { findLines } from '../catalog/lines.ts';
import { findRetired } from '../catalog/publisher.ts';
import type { Reference } from '../image/reference.ts';
import { parseTag } from '../image/tag.ts';
import type { Candidate } from './candidate.ts';

/**
 * The repository that takes the place of a retired one, or of a distroless name on an older Debian, with the tag in it
 * that is most like the present one.
 *
 * @returns empty when there is none, or when nothing in it surely has the same content.
 */
export function findSuccessor(
  reference: Reference,
  repository: string,
  catalog: Catalog,
  today: IsoDate,
): readonly Candidate[] {
  if (reference.tag === undefined && reference.digest !== undefined) return [];
  const distroless = parseDistroless(repository);
  if (distroless !== undefined) {
    const best = bestDistroless(distroless, catalog, today);
    const tag = reference.tag ?? 'latest';
    if (best === undefined || best === repository || catalog.findTags(best)?.has(tag) !== true) return [];
    return [{ lane: 'successor', tag, repository: best, reasons: [`${best} is what it is rebuilt as today`] }];
  }
  const retired = findRetired(reference, repository, catalog);
  const [name] = retired?.successors ?? [];
  if (retired === undefined || !retired.isDropIn || name === undefined) return [];
  const target = `docker.io/library/${name}`;
  const tag = tagLike(reference, repository, target, catalog, today);
  if (tag === undefined) return [];
  const reasons = [`the image was retired on ${retired.since}, and ${name} took its place`];
  return [{ lane: 'successor', tag, repository: target, reasons }];
}

/** On the same line where the successor still supports it, else on its latest. */
function tagLike(
  reference: Reference,
  likeRepository: string,
  repository: string,
  catalog: Catalog,
  today: IsoDate,
): string | undefined {
  const lines = findLines(catalog, repository);
  if (lines === undefined) return undefined;
  const like = parseTag(reference.tag ?? '');
  const same = lines.cycleOf(like);
  const hasTag = (cycle: string) => lines.tagsOn(cycle).length > 0;
  const latest = latestCycle(lines.product, today, hasTag);
  const wanted = [same, latest].filter(
    (cycle) => cycle !== undefined && stateOf(cycle, today) === 'supported' && hasTag(cycle.name),
  );
  for (const cycle of wanted) {
    if (cycle === undefined) continue;
    const wish = { repository, likeRepository, tags: lines.tagsOn(cycle.name), like };
    const found = chooseTag({ ...wish, precision: cycle.name.split('.').length }, catalog, today);
    if (found !== undefined) return found.text;
  }
  return undefined;
}
