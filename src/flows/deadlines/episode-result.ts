import type { StandingEpisode } from '../../domain/deadline/closed-episode.ts';
import type { RatedSeverity } from '../../domain/deadline/deadline-settings.ts';
import { type Delay, delayOf, lagsOf } from '../../domain/deadline/delay.ts';
import type { EpisodeSubject, ProposalProof } from '../../domain/deadline/episode.ts';
import type { EpisodeStanding } from '../../domain/deadline/episode-standing.ts';
import { type Fault, faultOf } from '../../domain/deadline/metrics.ts';
import type { Closing, Milestones } from '../../domain/deadline/milestones.ts';
import type { ApprovalProof } from '../../domain/policy/approval/prove-approval.ts';
import { formatInstant, type Instant } from '../../domain/source/instant.ts';

/** One episode as reports print it: instants are ISO 8601 in UTC, spans milliseconds. */
export type EpisodeResult = EpisodeSubject & {
  readonly number: number;
  readonly owner: string | null;
  readonly team: string | null;
  readonly severity: RatedSeverity;
  readonly state: EpisodeStanding['state'];
  readonly startAt: string | null;
  readonly dueAt: string | null;
  readonly dueIn: EpisodeStanding['dueIn'];
  /** Below 0: late by so long. Null without a bound in time, and for one that is closed. */
  readonly leftMs: number | null;
  /** `null`: open in time, or nothing was due. */
  readonly isInTime: boolean | null;
  /** Whose delay a missed deadline was. */
  readonly fault: Fault | null;
  /** From the deadline to the end, or to now. */
  readonly lateMs: number | null;
  readonly pause: {
    readonly reason: string;
    readonly until: string;
    /** By which it is waived. */
    readonly waiver: {
      readonly id: string;
      readonly approvedBy: string;
      /** Whether that is proven, and by whom and where, or why not. `null`: nobody was asked yet. */
      readonly approval: { readonly proof: ApprovalProof['kind']; readonly words: string } | null;
    } | null;
  } | null;
  readonly pausedMs: number;
  /** Of an open one. */
  readonly delay: Delay | null;
  /** The pull request that would end an open one. */
  readonly proposal: {
    readonly id: string;
    readonly url: string;
    readonly since: string;
    /** `null`: nothing was checked yet. */
    readonly checks: ProposalProof['decision'] | null;
    readonly failedChecks: readonly string[];
  } | null;
  /** Other lines and variants that scan free of one whose line has no patched base. */
  readonly alternatives: readonly {
    readonly of: string;
    readonly reference: string;
    readonly digest: string;
    readonly since: string;
  }[];
  /** The run that was asked for a release, of an open one that is mended on its branch because a tag moved. */
  readonly rebuild: { readonly since: string; readonly url: string } | null;
  readonly supplierMs: number | null;
  readonly oursMs: number | null;
  readonly milestones: { readonly [K in keyof Milestones]: string };
  readonly missedReleases: readonly string[];
  readonly closed: {
    readonly at: string;
    readonly because: string;
    /** Of what is not affected: the VEX document that says so. */
    readonly source: string | null;
    readonly statement: string | null;
  } | null;
};

/** Who answers for a repository, as a fleet file says. */
export type RepositoryOwner = { readonly owner?: string; readonly team?: string };

export function episodeResult(
  { subject, number, standing }: StandingEpisode,
  { owner, team }: RepositoryOwner,
  now: Instant,
): EpisodeResult {
  const { milestones, startAt, dueAt, breachedAt, closed } = standing;
  const { supplierMs, oursMs } = lagsOf(milestones, closed?.at ?? now);
  const delay = closed === undefined ? delayOf(standing) : null;
  return {
    ...subject,
    number,
    owner: owner ?? null,
    team: team ?? null,
    severity: standing.severity,
    state: standing.state,
    startAt: iso(startAt),
    dueAt: iso(dueAt),
    dueIn: standing.dueIn,
    leftMs: dueAt === undefined || closed !== undefined ? null : dueAt - now,
    isInTime: timeliness(standing),
    fault: faultOf(standing) ?? null,
    lateMs: breachedAt === undefined ? null : (standing.lateMs ?? 0),
    pause: pauseResult(standing),
    pausedMs: standing.pausedMs,
    delay,
    alternatives: delay?.reason === 'awaiting-base' ? alternativeResults(standing) : [],
    proposal: proposalResult(standing),
    rebuild: rebuildResult(standing),
    supplierMs: supplierMs ?? null,
    oursMs: oursMs ?? null,
    milestones: milestoneTexts(milestones),
    missedReleases: standing.missedReleases,
    closed: closed === undefined ? null : closingResult(closed),
  };
}

function pauseResult({ pause }: EpisodeStanding): EpisodeResult['pause'] {
  if (pause === undefined) return null;
  const { reason, until, waiver } = pause;
  const by = waiver === undefined ? null : { ...waiver, approval: waiver.approval ?? null };
  return { reason, until: formatInstant(until), waiver: by };
}

function milestoneTexts(milestones: Milestones): EpisodeResult['milestones'] {
  const texts: { -readonly [K in keyof Milestones]: string } = {};
  // Its own keys, which the type has all.
  for (const name of Object.keys(milestones) as (keyof Milestones)[]) {
    const at = milestones[name];
    if (at !== undefined) texts[name] = formatInstant(at);
  }
  return texts;
}

function proposalResult({ proposal }: EpisodeStanding): EpisodeResult['proposal'] {
  if (proposal === undefined) return null;
  const { id, url, since, proof } = proposal;
  const checks = { checks: proof?.decision ?? null, failedChecks: proof?.failed ?? [] };
  return { id, url, since: formatInstant(since), ...checks };
}

function alternativeResults({ alternatives = [] }: EpisodeStanding): EpisodeResult['alternatives'] {
  return alternatives.map((one) => ({ ...one, since: formatInstant(one.since) }));
}

function rebuildResult({ rebuild }: EpisodeStanding): EpisodeResult['rebuild'] {
  return rebuild === undefined ? null : { since: formatInstant(rebuild.since), url: rebuild.url };
}

function closingResult({ at, because, by }: Closing): NonNullable<EpisodeResult['closed']> {
  return { at: formatInstant(at), because, source: by?.source ?? null, statement: by?.statement ?? null };
}

function timeliness({ breachedAt, startAt, closed }: EpisodeStanding): boolean | null {
  if (breachedAt !== undefined) return false;
  return closed?.because === 'released' && startAt !== undefined ? true : null;
}

function iso(at: Instant | undefined): string | null {
  return at === undefined ? null : formatInstant(at);
}
