import type { ApprovalProof } from '../policy/approval/prove-approval.ts';
import type { Instant } from '../source/instant.ts';
import type { Severity } from '../vulnerability/severity.ts';
import type { RatedSeverity } from './deadline-settings.ts';
import type { ReleaseKind } from './release-kind.ts';

/** One vulnerability of one source package in one image use: what a deadline is counted for. */
export type EpisodeSubject = {
  /** Address of the repository, or the path that people named. */
  readonly repository: string;
  /** Of the file that names the image, `/` separated. */
  readonly path: string;
  /** Name or number of the stage, the service, the job; empty where the file has one use alone. */
  readonly stage: string;
  /** `linux/amd64`. */
  readonly platform: string;
  /** `docker.io/library/node`. */
  readonly image: string;
  /** `CVE-2026-1234`. */
  readonly id: string;
  readonly sourcePackage: string;
};

/**
 * From detection to release. `number` counts the episodes of one subject: a finding that comes back long after it was closed is a new
 * one.
 */
export type Episode = {
  readonly subject: EpisodeSubject;
  readonly number: number;
  /** In the order they were recorded in; append-only. */
  readonly events: readonly EpisodeEvent[];
};

/** One event, of the episode that it belongs to. */
export type RecordedEvent = {
  readonly subject: EpisodeSubject;
  readonly number: number;
  readonly event: EpisodeEvent;
};

/** `at`: when it happened, which may be before it was recorded. */
export type EpisodeEvent = { readonly at: Instant; readonly what: EpisodeEventKind };

export type EpisodeEventKind =
  /** A scan with a fresh database showed it on a digest in use. `tag`: that the file named, where it pinned no digest. */
  | {
      readonly kind: 'detected';
      readonly digest: string;
      readonly severity: Severity;
      readonly scanner: string;
      readonly tag?: string;
    }
  | { readonly kind: 'fix-available'; readonly fixedVersion: string; readonly source: 'scanner' | 'advisory' | 'scan' }
  /** A digest in an allowed line scans free of it. */
  | { readonly kind: 'base-available'; readonly reference: string; readonly digest: string }
  /** Another line or variant than that in use scans free of it. Pauses and stops no clock. `of`, `reference`: canonical. */
  | { readonly kind: 'alternative-available'; readonly of: string; readonly reference: string; readonly digest: string }
  /** A newer scan of it has the finding, or nothing offers it any more. */
  | { readonly kind: 'alternative-gone'; readonly reference: string }
  /** A pull request is open that changes the use. `id`: what people call it by. */
  | { readonly kind: 'proposed'; readonly url: string; readonly id: string }
  /** What the checks of its head say now. */
  | ({ readonly kind: 'verified'; readonly url: string } & ProposalProof)
  /** It is open no more, and the branch has the finding still; or it changes the use no more. */
  | { readonly kind: 'withdrawn'; readonly url: string }
  /** The branch names a content without it, or the image no more: an update was merged, or the tag moved. A milestone, no end. */
  | { readonly kind: 'merged'; readonly digest?: string; readonly revision?: string }
  /** Before a release is asked for that builds anew on `digest`. `after`: the newest run that was there before. */
  | { readonly kind: 'rebuild-intended'; readonly digest: string; readonly after: number }
  /** It was asked for: the run that will make it. */
  | { readonly kind: 'rebuild-asked'; readonly digest: string; readonly url: string }
  /** A release built from what was merged, whose scan lacks it. */
  | ({ readonly kind: 'released' } & ReleaseName)
  /** A release after the start that still has it. */
  | ({ readonly kind: 'release-missed' } & ReleaseName)
  | { readonly kind: 'waived'; readonly waiver: string; readonly until: Instant; readonly by: string }
  /** Whether the approval of a waiver is proven, and in what words; told again where that or the commit that changed the waiver last is another. */
  | {
      readonly kind: 'approval';
      readonly waiver: string;
      readonly proof: ApprovalProof['kind'];
      readonly words: string;
      readonly revision?: string;
    }
  /** A waiver ended before its time. */
  | { readonly kind: 'resumed'; readonly waiver: string }
  | { readonly kind: 'severity-changed'; readonly from: Severity; readonly to: Severity }
  /** Listed as exploited in the wild. */
  | { readonly kind: 'exploited'; readonly source: string }
  /** Back after its release. */
  | { readonly kind: 'reopened'; readonly digest: string; readonly tag?: string }
  /** Of the clock itself: kept so that nobody can say later it was otherwise. */
  | { readonly kind: 'paused'; readonly reason: 'awaiting-base'; readonly until: Instant }
  | { readonly kind: 'breached'; readonly dueAt: Instant }
  /** What was told until then was told of a use in this stage, which is called or numbered otherwise now. */
  | { readonly kind: 'continued'; readonly stage: string }
  | {
      readonly kind: 'closed';
      /** `not-applicable`: VEX says so. `use-removed`: the file names the image no more. `renamed`: it goes on in another stage. */
      readonly because: 'released' | 'not-applicable' | 'use-removed' | 'renamed';
      /** Of what is not applicable, who says so (`vex/acme.json:12`), and in what words. */
      readonly by?: { readonly source: string; readonly statement?: string };
      /** Whatever is changed later, these stay. */
      readonly frozen: FrozenNumbers;
    };

/** A git tag, or `ghcr.io/acme/shop:1.4.2` with the `digest` that was scanned. */
export type ReleaseName = { readonly name: string; readonly release: ReleaseKind; readonly digest?: string };

/** What its checks prove of a proposal. `hold`: they have not ended, or people are asked. */
export type ProposalProof = {
  readonly decision: 'pass' | 'fail' | 'hold';
  /** Checks that failed, by name. */
  readonly failed: readonly string[];
};

/** Of a closed episode, as they were counted by the policy of that day. */
export type FrozenNumbers = {
  readonly policyVersion: string;
  readonly severity: RatedSeverity;
  readonly startAt: Instant | null;
  readonly dueAt: Instant | null;
  /** `null`: nothing was due. */
  readonly isInTime: boolean | null;
  readonly runningMs: number;
  readonly pausedMs: number;
  readonly missedReleases: readonly string[];
};

/** Names one subject: the key of its episodes in any store. */
export function subjectKey(subject: EpisodeSubject): string {
  const { repository, path, stage, platform, image, id, sourcePackage } = subject;
  return [repository, path, stage, platform, image, id, sourcePackage].map(encodeURIComponent).join(' ');
}

/** Names an event within its episode, so that what is written twice is there once. */
export function episodeEventKey({ at, what }: EpisodeEvent): string {
  return [what.kind, ...particulars(what, at)].join(' ');
}

function particulars(what: EpisodeEventKind, at: Instant): readonly (string | number)[] {
  switch (what.kind) {
    case 'detected':
    case 'fix-available':
    case 'base-available':
    case 'exploited':
      return [];
    case 'merged':
      return [what.digest ?? ''];
    case 'released':
    case 'release-missed':
      return [what.name, ...(what.digest === undefined ? [] : [what.digest])];
    case 'waived':
      return [what.waiver, what.until];
    case 'paused':
      return [what.until];
    case 'breached':
      return [what.dueAt];
    case 'continued':
      return [what.stage, at];
    // These may happen again.
    case 'rebuild-intended':
    case 'rebuild-asked':
      return [what.digest, at];
    case 'proposed':
    case 'withdrawn':
    case 'verified':
      return [what.url, at];
    case 'approval':
      return [what.waiver, at];
    case 'alternative-available':
    case 'alternative-gone':
      return [what.reference, at];
    case 'resumed':
    case 'severity-changed':
    case 'reopened':
    case 'closed':
      return [at];
  }
}

/** The first event of a kind, by the time it happened at. */
export function firstOf<K extends EpisodeEventKind['kind']>(
  events: readonly EpisodeEvent[],
  kind: K,
): { readonly at: Instant; readonly what: Extract<EpisodeEventKind, { kind: K }> } | undefined {
  const same = events.filter((event): event is EventOf<K> => event.what.kind === kind);
  return same.toSorted((a, b) => a.at - b.at)[0];
}

/** All events of a kind, in the order they happened in. */
export function allOf<K extends EpisodeEventKind['kind']>(
  events: readonly EpisodeEvent[],
  kind: K,
): readonly EventOf<K>[] {
  const same = events.filter((event): event is EventOf<K> => event.what.kind === kind);
  return same.toSorted((a, b) => a.at - b.at);
}

export type EventOf<K extends EpisodeEventKind['kind']> = {
  readonly at: Instant;
  readonly what: Extract<EpisodeEventKind, { kind: K }>;
};
