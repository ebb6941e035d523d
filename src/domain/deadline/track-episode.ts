import type { Digest } from '../image/manifest.ts';
import { ratedAs, waivesDeadline } from '../policy/finding-waiver.ts';
import type { Instant } from '../source/instant.ts';
import type { Finding, SuppressedFinding } from '../vulnerability/scan.ts';
import type { Severity } from '../vulnerability/severity.ts';
import { trackAlternatives } from './alternative.ts';
import { frozenNumbers } from './closed-episode.ts';
import type { DeadlineSettings } from './deadline-settings.ts';
import {
  allOf,
  type Episode,
  type EpisodeEvent,
  type EpisodeEventKind,
  type EventOf,
  episodeEventKey,
  firstOf,
} from './episode.ts';
import { episodeStanding } from './episode-standing.ts';
import type { Closing } from './milestones.ts';
import type { ReleasedImage } from './release-image.ts';
import { evidenceOf } from './scan-evidence.ts';
import { approvalNews } from './told-approvals.ts';
import { exploitedSince, type KnownExploitedIds } from './track-exploited.ts';
import { proposalMergedAt, trackProposal } from './track-proposal.ts';
import { endingRelease, isReleasedAsImage, missedReleases } from './track-releases.ts';
import type { TrackedRelease, TrackedUse } from './tracked-use.ts';

export type EpisodeFacts = {
  /** Absent: the file names the image no more. */
  readonly use: TrackedUse | undefined;
  readonly releases: readonly TrackedRelease[];
  readonly releasedImages: readonly ReleasedImage[];
  readonly exploited: KnownExploitedIds;
  /** Pull requests of ours that the forge has merged, by their addresses. */
  readonly mergedAt: ReadonlyMap<string, Instant>;
  readonly revision?: string;
  readonly settings: DeadlineSettings;
  readonly now: Instant;
};

/** What happened to one open episode that it does not tell yet, in the order to record it in. */
export function trackEpisode(episode: Episode, facts: EpisodeFacts): readonly EpisodeEvent[] {
  const told = new Told(episode);
  const { use, settings, now } = facts;
  if (use !== undefined) {
    tellFinding(told, use, now);
    tellAlternatives(told, use, facts);
    tellWaivers(told, use, facts);
  }
  told.add(...exploitedSince(told.episode, facts.exploited, settings, now));
  told.add(...missedReleases(episode, facts));
  const end = endOf(told, facts);
  const at = end?.at ?? now;
  const standing = episodeStanding(told.episode, settings, at);
  const { pause, breachedAt } = standing;
  if (pause?.reason === 'awaiting-base')
    told.add({ at, what: { kind: 'paused', reason: 'awaiting-base', until: pause.until } });
  if (breachedAt !== undefined) told.add({ at: breachedAt, what: { kind: 'breached', dueAt: breachedAt } });
  if (end !== undefined) {
    const frozen = frozenNumbers(told.episode, settings, at);
    const { because, by } = end;
    told.add({ at, what: { kind: 'closed', because, ...(by === undefined ? {} : { by }), frozen } });
  }
  return told.events;
}

/** An episode with what is added to it; what it tells already is not added. */
class Told {
  readonly #before: Episode;
  readonly #keys: Set<string>;
  readonly events: EpisodeEvent[] = [];

  constructor(before: Episode) {
    this.#before = before;
    this.#keys = new Set(before.events.map(episodeEventKey));
  }

  get episode(): Episode {
    return { ...this.#before, events: [...this.#before.events, ...this.events] };
  }

  has(kind: EpisodeEventKind['kind']): boolean {
    return firstOf(this.episode.events, kind) !== undefined;
  }

  add(...events: readonly EpisodeEvent[]): void {
    for (const event of events) {
      const key = episodeEventKey(event);
      if (this.#keys.has(key)) continue;
      this.#keys.add(key);
      this.events.push(event);
    }
  }
}

/** One that is in force begins; one that began, is not in force and was to last longer has ended. */
function tellWaivers(told: Told, use: TrackedUse, { settings, now }: EpisodeFacts): void {
  const { subject, events } = told.episode;
  const severity = ratedIn(events) ?? 'unknown';
  const finding = { ...subject, severity, isPatchable: told.has('fix-available') };
  const rated = ratedAs(severity, settings.unknownAs);
  const waivers = use.waivers.filter((one) => one.severities.includes(rated) && waivesDeadline(one, finding));
  const ended = allOf(events, 'resumed');
  const begun = allOf(events, 'waived').filter(
    ({ at, what }) => what.until > now && !ended.some((end) => end.what.waiver === what.waiver && end.at > at),
  );
  for (const { what } of begun)
    if (!waivers.some(({ id, until }) => id === what.waiver && until === what.until))
      told.add({ at: now, what: { kind: 'resumed', waiver: what.waiver } });
  for (const waiver of waivers) {
    const { id, until, approvedBy } = waiver;
    if (!begun.some(({ what }) => what.waiver === id && what.until === until))
      told.add({ at: now, what: { kind: 'waived', waiver: id, until, by: approvedBy } });
    const what = approvalNews(events, waiver);
    if (what !== undefined) told.add({ at: now, what });
  }
}

function tellFinding(told: Told, use: TrackedUse, now: Instant): void {
  const { subject, events } = told.episode;
  const evidence = evidenceOf(use.scan, subject);
  if (evidence.kind !== 'present') return;
  const { finding } = evidence;
  const rated = ratedIn(events);
  if (rated !== undefined && rated !== finding.severity)
    told.add({ at: now, what: { kind: 'severity-changed', from: rated, to: finding.severity } });
  told.add(...fixOf(finding, now));
  const { replacement } = use;
  const base = replacement === undefined ? undefined : evidenceOf(replacement.scan, subject);
  if (replacement !== undefined && base?.kind === 'absent')
    told.add({
      at: now,
      what: { kind: 'base-available', reference: replacement.reference, digest: base.digest },
    });
  if (use.proposal !== undefined) told.add(...trackProposal(told.episode, use.proposal, now));
}

/** Of a CRITICAL finding, where the line in use has no base without it. @see policy 5.2.5: immediate update */
function tellAlternatives(told: Told, { scan, alternatives }: TrackedUse, { settings, now }: EpisodeFacts): void {
  const { subject } = told.episode;
  const evidence = evidenceOf(scan, subject);
  if (evidence.kind !== 'present' || told.has('base-available')) return;
  if (ratedAs(evidence.finding.severity, settings.unknownAs) !== 'critical') return;
  told.add(...trackAlternatives(told.episode, alternatives, now));
}

function ratedIn(events: readonly EpisodeEvent[]): Severity | undefined {
  return allOf(events, 'severity-changed').at(-1)?.what.to ?? firstOf(events, 'detected')?.what.severity;
}

/** By the scanner's date, which may lie before the detection, never after now. */
function fixOf({ fixedVersion, fixedAt }: Finding, now: Instant): readonly EpisodeEvent[] {
  if (fixedVersion === undefined) return [];
  const told = Date.parse(fixedAt ?? '');
  const isTold = told <= now;
  const source = isTold ? 'scanner' : 'scan';
  return [{ at: isTold ? told : now, what: { kind: 'fix-available', fixedVersion, source } }];
}

type End = {
  readonly at: Instant;
  readonly because: 'released' | 'not-applicable' | 'use-removed';
  readonly by?: NonNullable<Closing['by']>;
};

/** Tells what leads to the end as well: that the branch is free of it, and that therefore a base was to be had. */
function endOf(told: Told, facts: EpisodeFacts): End | undefined {
  const { use, mergedAt: mergedByUrl, revision, now } = facts;
  const { subject } = told.episode;
  const evidence = use === undefined ? undefined : evidenceOf(use.scan, subject);
  if (evidence?.kind === 'not-affected') return { at: now, because: 'not-applicable', by: statementOf(evidence.by) };
  if (use?.scan.kind === 'scanned' && evidence?.kind === 'present') return mendedAbove(told, use.scan.digest, facts);
  if (evidence !== undefined && evidence.kind !== 'absent') return undefined;
  const release = releaseOf(told.episode, facts);
  // What a release was made of was there before it.
  const mergedAt = Math.min(now, release?.at ?? now, proposalMergedAt(told.episode.events, mergedByUrl) ?? now);
  const content = evidence === undefined ? {} : { digest: evidence.digest };
  if (!told.has('merged') || isBack(told.episode))
    told.add({ at: mergedAt, what: { kind: 'merged', ...content, ...(revision === undefined ? {} : { revision }) } });
  if (evidence !== undefined)
    told.add({
      at: mergedAt,
      what: { kind: 'base-available', reference: subject.image, digest: evidence.digest },
    });
  if (release === undefined) return undefined;
  if (evidence === undefined) return { at: release.at, because: 'use-removed' };
  told.add(release);
  return { at: release.at, because: 'released' };
}

/** The base has it still, and an image that was built on it does not: something above the base mends it. */
function mendedAbove(told: Told, base: Digest, facts: EpisodeFacts): End | undefined {
  const release = endingRelease(told.episode, facts, base);
  if (release === undefined) return undefined;
  told.add(release);
  return { at: release.at, because: 'released' };
}

function releaseOf(episode: Episode, facts: EpisodeFacts): EventOf<'released'> | undefined {
  const { revision, settings, now } = facts;
  return settings.releases === 'branch' && !isReleasedAsImage(episode, facts)
    ? { at: now, what: { kind: 'released', name: revision ?? 'branch', release: 'unknown' } }
    : endingRelease(episode, facts, undefined);
}

function statementOf({ source, statement }: SuppressedFinding): NonNullable<Closing['by']> {
  return { source, ...(statement === undefined ? {} : { statement }) };
}

/** Whether it came back after it was merged the last time. */
function isBack({ events }: Episode): boolean {
  const merged = allOf(events, 'merged').at(-1)?.at;
  const back = allOf(events, 'reopened').at(-1)?.at;
  return merged !== undefined && back !== undefined && back > merged;
}
