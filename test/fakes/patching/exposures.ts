import type { FixList } from './fix-list.ts';
import { missingFixes } from './image-contents.ts';
import type { PatchedRepository } from './patched-repository.ts';
import type { PublishedFix } from './published-fixes.ts';
import type { PatchingReplay } from './replay-patching.ts';

/** What became of one fix in one repository, told from the history and from what was merged and released: no word of the ledger. */
export type Exposure = {
  readonly repository: PatchedRepository;
  readonly fix: PublishedFix;
  /** The first look at which the branch did not have it. Absent: it was merged before anybody looked. */
  readonly seenAt?: number;
  /** When the tag stood for an image with it first. */
  readonly suppliedAt?: number;
  /** When a release with it was published. */
  readonly mendedAt?: number;
};

/** Of every fix that was published while the replay ran. */
export function exposuresOf(replay: PatchingReplay, list: FixList): readonly Exposure[] {
  const { repositories, fixes, contents, cycles, from, until } = replay;
  return repositories.flatMap((repository) => {
    const sources = list.images[repository.image];
    if (sources === undefined) return [];
    const lacks = (digest: Parameters<typeof contents.contentOf>[0], fix: PublishedFix) =>
      missingFixes(sources, contents.contentOf(digest), [fix], until).length > 0;
    const own = fixes.filter(
      ({ release, source, publishedAt }) =>
        release === sources.release && sources.sources.includes(source) && publishedAt > from && publishedAt <= until,
    );
    return own.map((fix): Exposure => {
      const seenAt = cycles.find((at) => {
        const digest = repository.merged.findLast((one) => one.at <= at)?.digest;
        return at >= fix.publishedAt && digest !== undefined && lacks(digest, fix);
      });
      const pushes = contents.pushes.get(repository.image) ?? [];
      const suppliedAt = pushes.find(({ at, digest }) => at >= fix.publishedAt && !lacks(digest, fix))?.at;
      const mendedAt = repository.shipped.find(
        ({ publishedAt, digest }) => publishedAt >= fix.publishedAt && !lacks(digest, fix),
      )?.publishedAt;
      return {
        ...{ repository, fix },
        ...(seenAt === undefined ? {} : { seenAt }),
        ...(suppliedAt === undefined ? {} : { suppliedAt }),
        ...(mendedAt === undefined ? {} : { mendedAt }),
      };
    });
  });
}
