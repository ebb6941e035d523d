import type { Digest } from '../image/manifest.ts';
import { type Reference, repositoryName } from '../image/reference.ts';
import type { ScanFacts } from '../policy/scan-facts.ts';
import type { Instant } from '../source/instant.ts';
import { allOf, type Episode, type EpisodeEvent, type EpisodeSubject } from './episode.ts';
import type { ReleaseKind } from './release-kind.ts';

/** Which published repository is built from which Dockerfile: what its uses end by is an image, no git tag. */
export type ReleaseImage = {
  readonly address: Pick<Reference, 'registry' | 'repository'>;
  /** Of the Dockerfile. */
  readonly path: string;
  /** Name or number of the stage whose `FROM` names the base; absent: every one that ships. */
  readonly stage?: string;
};

/** One version of it, as a registry has it. */
export type ReleasedImage = {
  readonly of: ReleaseImage;
  /** `1.4.2` */
  readonly tag: string;
  /** What the tag stands for: the index, where there is one. */
  readonly digest: Digest;
  readonly kind: ReleaseKind;
  readonly publishedAt: Instant;
  readonly source: ImageSource;
  /** By `linux/amd64`. */
  readonly platforms: ReadonlyMap<string, PlatformImage>;
};

/** `bases`: digests of the bases in use whose layers it begins with. */
export type PlatformImage = { readonly scan: ScanFacts; readonly bases: readonly Digest[] };

/**
 * The commit that it says it was built from. `follows`: those that it comes after, or is, of the ones that were merged.
 * `reason`: a clause, why it proves nothing.
 */
export type ImageSource =
  | {
      readonly kind: 'commit';
      readonly revision: string;
      readonly isOnBranch: boolean;
      readonly follows: readonly string[];
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** `ghcr.io/acme/shop:1.4.2`: how events name it. */
export function releasedName({ of, tag }: Pick<ReleasedImage, 'of' | 'tag'>): string {
  return `${repositoryName(of.address)}:${tag}`;
}

/** Whether a use ships in this image. A stage that was renamed counts by the names that it had too. */
export function isReleasedAs({ path, stage }: ReleaseImage, { subject, events }: Pick<Episode, 'subject' | 'events'>) {
  return path === subject.path && (stage === undefined || stagesOf(subject, events).includes(stage));
}

/** Whether this commit has what was merged: it is on the branch that is read, or comes after the commit that was read then. */
export function isBuiltFromMerged({ source }: Pick<ReleasedImage, 'source'>, events: readonly EpisodeEvent[]): boolean {
  if (source.kind === 'unknown') return false;
  const merged = allOf(events, 'merged').at(-1)?.what.revision;
  return source.isOnBranch || (merged !== undefined && source.follows.includes(merged));
}

/** Its name, then those that it had, newest first. */
export function stagesOf(subject: Pick<EpisodeSubject, 'stage'>, events: readonly EpisodeEvent[]): readonly string[] {
  const former = allOf(events, 'continued').map(({ what }) => what.stage);
  return [subject.stage, ...former.toReversed()];
}
