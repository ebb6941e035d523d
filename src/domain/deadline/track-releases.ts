import { allOf, type Episode, type EpisodeEvent, type EventOf, firstOf } from './episode.ts';
import { type Evidence, evidenceOf } from './scan-evidence.ts';
import { placeKey, type TrackedRelease } from './tracked-use.ts';

/** Releases since an episode began, or was back, that have its finding still. */
export function missedReleases(episode: Episode, releases: readonly TrackedRelease[]): readonly EpisodeEvent[] {
  return since(episode, releases).flatMap((release) => {
    if (evidenceIn(release, episode)?.kind !== 'present') return [];
    return [
      { at: release.publishedAt, what: { kind: 'release-missed', name: release.name, release: release.kind } } as const,
    ];
  });
}

/** The first release since then that is proven free of it, provided that no later one has it again. */
export function endingRelease(episode: Episode, releases: readonly TrackedRelease[]): EventOf<'released'> | undefined {
  const later = since(episode, releases);
  const lastWith = later.findLastIndex((release) => isWith(evidenceIn(release, episode)));
  const first = later.slice(lastWith + 1).find((release) => {
    const evidence = evidenceIn(release, episode);
    return !isWith(evidence);
  });
  if (first === undefined) return undefined;
  return { at: first.publishedAt, what: { kind: 'released', name: first.name, release: first.kind } };
}

function since({ events }: Episode, releases: readonly TrackedRelease[]): readonly TrackedRelease[] {
  const begun = allOf(events, 'reopened').at(-1)?.at ?? firstOf(events, 'detected')?.at;
  return begun === undefined ? [] : releases.filter(({ publishedAt }) => publishedAt > begun);
}

/** `undefined`: it does not use the image there. Older releases know the stage by the name that it had. */
function evidenceIn({ uses }: TrackedRelease, { subject, events }: Episode): Evidence | undefined {
  const former = allOf(events, 'continued').map(({ what }) => what.stage);
  const keys = [subject.stage, ...former.toReversed()].map((stage) => placeKey({ ...subject, stage }));
  const use = keys.map((key) => uses.find(({ place }) => placeKey(place) === key)).find((one) => one !== undefined);
  return use === undefined ? undefined : evidenceOf(use.scan, subject);
}

/** What VEX says is not affected is as good as gone: it is read as the branch has it now. */
function isWith(evidence: Evidence | undefined): boolean {
  return evidence !== undefined && evidence.kind !== 'absent' && evidence.kind !== 'not-affected';
}
