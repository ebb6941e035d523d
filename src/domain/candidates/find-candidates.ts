import type { Catalog, IsoDate } from '../catalog/catalog.ts';
import { type Reference, repositoryName } from '../image/reference.ts';
import { parseTag } from '../image/tag.ts';
import type { Candidate, Candidates, ListedTag, Rejection } from './candidate.ts';
import { compareText } from './compare-digits.ts';
import { compareBuild, compareRelease, compareSystems, laneOf } from './compare-forms.ts';
import { describeStep } from './describe-step.ts';
import { formDifference } from './form-difference.ts';
import { findProfile, type Profile } from './profile.ts';
import { isPresentSupported, lineStanding, systemStanding } from './standing.ts';
import { compareSteps, type Step } from './step.ts';
import { findSuccessor } from './successor.ts';
import type { TagForm } from './tag-form.ts';

export type CandidateRequest = {
  /** After aliases. Without a tag nothing but a successor can be told. */
  readonly reference: Reference;
  /** All tags of its repository, in any order. */
  readonly tags: readonly ListedTag[];
  readonly catalog: Catalog;
  readonly today: IsoDate;
  /** In use: what is known to lack one of them may not follow. */
  readonly platforms?: readonly string[];
};

/**
 * What may follow a tag, per lane, among the tags that its registry lists.
 *
 * Precision, prefix, dated form, variant, runtime and architecture are kept; the operating system is too, unless the
 * newest version of a lane is not published for its release. A prerelease is offered to prereleases only. The digest
 * lane stays empty: a list of tags does not say what they stand for.
 *
 * @param request.today decides what is released, LTS and supported.
 */
export function findCandidates({ reference, tags, catalog, today, platforms = [] }: CandidateRequest): Candidates {
  const repository = repositoryName(reference);
  const successor = findSuccessor(reference, repository, catalog, today);
  const present = reference.tag;
  const slots = present === undefined ? [] : parseTag(present).slots;
  const listed = latestListings(tags);
  const others = [...listed.keys()].filter((tag) => tag !== present).toSorted(compareText);
  if (present === undefined) {
    const rejected = others.map((tag) => ({ tag, reason: 'the reference names no tag to compare with' }));
    return { slots, candidates: successor, recommended: null, rejected };
  }
  const profile = findProfile(repository, present, catalog);
  const from = profile.read(present);
  const floats = profile.product !== undefined && floatsOver(from);
  const judged = others.map((tag): Step | Rejection => {
    const to = profile.read(tag);
    const meaning = { isKnownLine: profile.cycleOf(to) !== undefined, wholeNumbers: profile.wholeNumbers };
    const reason = formDifference(from, to, meaning) ?? orderProblem(from, to, profile);
    if (reason !== undefined) return { tag, reason };
    if (!floats && isEarlier(listed.get(tag)?.pushedAt, listed.get(present)?.pushedAt))
      return { tag, reason: 'it was pushed before the present tag' };
    const contents = contentProblem(listed.get(present), listed.get(tag), platforms);
    if (contents !== undefined) return { tag, reason: contents };
    const step = judge(from, to, profile, catalog, today);
    const leavesRetired = 'lane' in step && !step.isInLine && successor.length > 0;
    return leavesRetired ? { tag, reason: 'no line of this repository has a future: it has a successor' } : step;
  });
  const chosen = choose(judged, isPresentSupported(from, profile, today));
  const steps = chosen.steps.toSorted((a, b) => lanes.indexOf(a.lane) - lanes.indexOf(b.lane));
  const candidates = steps.map(
    (step): Candidate => ({
      lane: step.lane,
      tag: step.to.text,
      reasons: describeStep(from, step, profile),
    }),
  );
  return {
    slots,
    candidates: [...candidates, ...successor],
    recommended: recommendedOf(steps),
    rejected: chosen.rejected.toSorted((a, b) => compareText(a.tag, b.tag)),
  };
}

const lanes: readonly Step['lane'][] = ['patch', 'minor', 'major', 'os'];

function judge(from: TagForm, to: TagForm, profile: Profile, catalog: Catalog, today: IsoDate): Step | Rejection {
  const lane = laneOf(from, to, profile.isUbuntu);
  const line = profile.lineOf(from);
  const isInLine = lane === 'os' || (line !== undefined && line === profile.lineOf(to));
  const system = systemStanding(from, to, catalog, today);
  if (system.kind === 'barred') return { tag: to.text, reason: system.reason };
  // MySQL counts a line by its first number, and not each release of a line is supported as long.
  const staysOnCycle = lane === 'os' || profile.cycleOf(from) === profile.cycleOf(to);
  const standing =
    isInLine && staysOnCycle
      ? ({ kind: 'supported' } as const)
      : lineStanding(from, to, lane === 'major', profile, today);
  if (standing.kind === 'barred') return { tag: to.text, reason: standing.reason };
  return { to, lane, isInLine, isSystemKept: compareSystems(from.os, to.os) === 0, line: standing, system };
}

/** One step per lane; steps to lines past their end only where no supported line is left. */
function choose(judged: readonly (Step | Rejection)[], isSupported: boolean) {
  const steps = judged.filter((one): one is Step => 'lane' in one);
  const rejected = judged.filter((one): one is Rejection => 'reason' in one);
  const canStay = isSupported || steps.some(({ isInLine, line }) => !isInLine && line.kind === 'supported');
  const winners = new Map<Step['lane'], Step>();
  const open = steps.filter((step) => {
    if (step.line.kind !== 'ended' || !canStay) return true;
    rejected.push({ tag: step.to.text, reason: step.line.reason });
    return false;
  });
  for (const step of open.toSorted(compareSteps)) {
    const winner = winners.get(step.lane);
    if (winner === undefined) winners.set(step.lane, step);
    else rejected.push({ tag: step.to.text, reason: `${winner.to.text} is preferred` });
  }
  return { steps: [...winners.values()], rejected };
}

/** The newest version in the line; a system alone is never recommended. */
function recommendedOf(steps: readonly Step[]): string | null {
  const inLine = steps.filter(({ lane, isInLine }) => isInLine && lane !== 'os');
  return inLine.toSorted(compareSteps)[0]?.to.text ?? null;
}

/** A tag that is not newer than the present one. */
function orderProblem(from: TagForm, to: TagForm, profile: Profile): string | undefined {
  const release = compareRelease(to, from);
  if (release !== 0) return release < 0 ? 'it is older' : undefined;
  const system = profile.isDistribution ? 0 : compareSystems(to.os, from.os);
  if (system !== 0) return system < 0 ? 'it stands on an older operating system' : undefined;
  const build = compareBuild(to, from);
  if (build !== 0) return build < 0 ? 'it is an older build' : undefined;
  return 'it is another name of the same version';
}

/** A tag that is moved on: its push date is that of its last rebuild. */
function floatsOver({ numbers, build, date }: TagForm): boolean {
  return numbers.length < 3 && build === '' && date === '';
}

/** By the day: a publisher pushes the tags of one release within hours, in any order. */
function isEarlier(day: string | undefined, than: string | undefined): boolean {
  return day !== undefined && than !== undefined && day.slice(0, 10) < than.slice(0, 10);
}

/** The same image under another name, or one that a platform in use is missing from; what was not read is no problem. */
function contentProblem(
  present: ListedTag | undefined,
  other: ListedTag | undefined,
  platforms: readonly string[],
): string | undefined {
  if (other?.digest !== undefined && other.digest === present?.digest)
    return 'it is the same content under another name';
  const missing = other?.platforms === undefined ? [] : platforms.filter((one) => !other.platforms?.includes(one));
  return missing.length === 0 ? undefined : `it lacks ${missing.join(' and ')}`;
}

/** Each tag once, with the latest of its dates. */
function latestListings(tags: readonly ListedTag[]): ReadonlyMap<string, ListedTag> {
  const listings = new Map<string, ListedTag>();
  for (const one of tags) {
    const known = listings.get(one.tag);
    const isNewer = known?.pushedAt === undefined || (one.pushedAt !== undefined && one.pushedAt > known.pushedAt);
    listings.set(one.tag, known === undefined || isNewer ? { ...known, ...one } : { ...one, ...known });
  }
  return listings;
}
