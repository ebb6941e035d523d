import type { Candidate, Lane } from '../candidates/candidate.ts';
import type { Digest } from '../image/manifest.ts';
import type { Reference } from '../image/reference.ts';

/** What is known of one reference in use, after aliases. */
export type KnownUpdates = {
  readonly reference: Reference;
  /** One per lane; empty where no list of tags was to be had. */
  readonly candidates: readonly Candidate[];
  readonly recommended: string | undefined;
  /** What its tag stands for now; absent where that was not told. */
  readonly tagDigest?: Digest;
  /** The tag has left the pinned digest, for a platform in use. */
  readonly hasMoved: boolean;
};

export type StepSettings = {
  readonly lanes: readonly Lane[];
  /** Write digests. */
  readonly pin: boolean;
  /**
   * `each`: a step per lane, to be proposed one beside the other. `in-line`: at most one step, which does not leave the line.
   * `farthest`: one step, as far as the lanes allow.
   */
  readonly take: 'each' | 'in-line' | 'farthest';
};

/** `tag`: to be written; its digest is asked for where one is to be written too. */
export type ChosenStep = {
  readonly lane: Lane;
  /** After aliases, without a digest but in the lane `digest`. */
  readonly to: Reference;
  readonly writesDigest: boolean;
  readonly reasons: readonly string[];
};

const farthestFirst: readonly Lane[] = ['successor', 'major', 'minor', 'os', 'patch', 'digest'];

/**
 * The steps that are to be taken from a reference. A patch, or a newer system alone, is left out where the recommended tag is
 * farther on the same line: both would change the same word. A digest is refreshed by whatever step writes one anyway.
 */
export function chooseSteps(known: KnownUpdates, settings: StepSettings): readonly ChosenStep[] {
  const { reference, recommended } = known;
  const allowed = known.candidates.filter(({ lane }) => settings.lanes.includes(lane));
  const best = allowed.find(({ tag, repository }) => repository === undefined && tag === recommended);
  const isOvertaken = ({ lane }: Candidate) =>
    best !== undefined && lane !== best.lane && (lane === 'patch' || lane === 'os');
  const versions = allowed
    .filter((candidate) => !isOvertaken(candidate))
    .map((candidate) => versionStep(candidate, reference, settings.pin));
  const inPlace = versions.some(({ lane }) => lane === best?.lane);
  const refresh = inPlace ? undefined : digestStep(known, settings);
  const steps = [...versions, ...(refresh === undefined ? [] : [refresh])];
  switch (settings.take) {
    case 'each':
      return steps;
    case 'in-line':
      return steps.filter(({ lane }) => lane === 'digest' || lane === best?.lane);
    case 'farthest':
      return steps.toSorted((a, b) => farthestFirst.indexOf(a.lane) - farthestFirst.indexOf(b.lane)).slice(0, 1);
  }
}

function versionStep({ lane, tag, repository, reasons }: Candidate, from: Reference, pin: boolean): ChosenStep {
  const slash = repository?.indexOf('/') ?? -1;
  const place =
    repository === undefined
      ? { registry: from.registry, repository: from.repository }
      : { registry: repository.slice(0, slash), repository: repository.slice(slash + 1) };
  return { lane, to: { ...place, tag }, writesDigest: pin || from.digest !== undefined, reasons };
}

function digestStep(
  { reference, tagDigest, hasMoved }: KnownUpdates,
  { lanes, pin }: StepSettings,
): ChosenStep | undefined {
  const { tag, digest } = reference;
  if (!lanes.includes('digest') || tagDigest === undefined) return undefined;
  const to = { ...reference, digest: tagDigest };
  if (digest === undefined) {
    // Without a tag there is nothing that a later digest could be compared with.
    if (!pin || tag === undefined) return undefined;
    return { lane: 'digest', to, writesDigest: true, reasons: ['pins what the tag stands for now'] };
  }
  if (!hasMoved) return undefined;
  return {
    lane: 'digest',
    to,
    writesDigest: true,
    reasons: [`the tag ${tag ?? ''} was rebuilt and stands for another digest`],
  };
}
