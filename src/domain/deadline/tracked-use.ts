import type { WaiverApproval } from '../policy/approval/waiver-approval.ts';
import type { ScanFacts } from '../policy/scan-facts.ts';
import type { Waiver } from '../policy/waiver.ts';
import type { Instant } from '../source/instant.ts';
import type { RatedSeverity } from './deadline-settings.ts';
import { type EpisodeSubject, type ProposalProof, subjectKey } from './episode.ts';
import type { ReleaseKind } from './release-kind.ts';

/** Where an image is used: what the episodes of all its findings have in common. */
export type UsePlace = Omit<EpisodeSubject, 'id' | 'sourcePackage'>;

/** One use as it stands on the branch that releases are made of. */
export type TrackedUse = {
  readonly place: UsePlace;
  /** `docker.io/library/node:22`, where the file pins no digest: a content may come to it without a commit. */
  readonly tag?: string;
  /** Of the content in use. */
  readonly scan: ScanFacts;
  /** What the policy would propose in its line. */
  readonly replacement?: { readonly reference: string; readonly scan: ScanFacts };
  /** What else could stand in; absent: nobody looked. */
  readonly alternatives?: UseAlternatives;
  /** Absent: nobody could be asked. */
  readonly proposal?: UseProposal;
  /** In force now; each pauses what it is about. */
  readonly waivers: readonly TrackedWaiver[];
};

/** Other lines and variants than that in use, the likeliest first, with what a scanner said of each. References are canonical. */
export type UseAlternatives = {
  /** What the use names. */
  readonly of: string;
  readonly bases: readonly { readonly reference: string; readonly scan: ScanFacts }[];
};

/** Whether an open pull request of ours changes a use; the content that it comes to then, and what the checks say. */
export type UseProposal =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'open';
      readonly id: string;
      readonly url: string;
      readonly openedAt: Instant;
      readonly reference: string;
      readonly scan: ScanFacts;
      /** Absent: nothing was checked. */
      readonly proof?: ProposalProof;
    };

export type TrackedWaiver = Pick<Waiver, 'id' | 'rules' | 'findings'> & {
  readonly until: Instant;
  readonly approvedBy: string;
  /** What it may be about: for others it reaches too far ahead. */
  readonly severities: readonly RatedSeverity[];
  /** Absent: nobody was asked. */
  readonly approval?: Pick<WaiverApproval, 'proof' | 'revision'>;
};

/** A release and what its images stand on. */
export type TrackedRelease = {
  /** `v1.4.2` */
  readonly name: string;
  readonly kind: ReleaseKind;
  readonly publishedAt: Instant;
  readonly uses: readonly Pick<TrackedUse, 'place' | 'scan'>[];
};

export function placeKey(place: UsePlace): string {
  return subjectKey({ ...place, id: '', sourcePackage: '' });
}
