import type { Candidate, Candidates } from '../../domain/candidates/candidate.ts';
import type { ImageFacts } from '../../domain/catalog/image-facts.ts';
import type { Digest } from '../../domain/image/manifest.ts';
import type { MoveCause } from '../../domain/monitor/event.ts';
import type { WatchedUse } from '../../domain/monitor/watched-image.ts';
import type { Budget } from '../../ports/registry.ts';
import type { ActResult } from '../act/act-result.ts';
import type { ListingResult } from '../list-fleet.ts';
import type { UsesScanResult } from '../scan/scan-uses.ts';
import type { TrackResult } from '../track/track-result.ts';
import type { LeftOut } from './collect-uses.ts';

/** What one cycle of `monitor` found: field for field its JSON. Instants are ISO 8601 in UTC. */
export type MonitorResult = {
  readonly schemaVersion: 1;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** The cycle began in an earlier run that did not end. */
  readonly isResumed: boolean;
  /** Nothing was written to the ledger. */
  readonly isDryRun: boolean;
  readonly events: readonly EventResult[];
  /** Sorted by reference. */
  readonly images: readonly ImageResult[];
  /** Named by a digest alone. */
  readonly byDigestAlone: readonly WatchedUse[];
  readonly verified: { readonly count: number; readonly of: number };
  /** By host, then by kind. */
  readonly requests: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly budgets: readonly Budget[];
  /** Contents that wait to be read. */
  readonly waiting: number;
  /** Tags that were asked for; the others were verified before the cycle was interrupted, or are not due yet. */
  readonly asked: number;
  /** When the next tag falls due with `--every`; null for none. */
  readonly nextDueAt: string | null;
  readonly trees: readonly TreeResult[];
  /** What forges listed for the fleet file. */
  readonly listings: readonly ListingResult[];
  readonly files: number;
  readonly leftOut: LeftOut;
  /** Files and repositories that could not be read. */
  readonly problems: readonly TreeProblem[];
  /** One clause each. */
  readonly notes: readonly string[];
  /** What was found in the images (`--scan`). */
  readonly scans?: UsesScanResult;
  /** What was written down of their findings. */
  readonly deadlines?: TrackResult;
  /** What was done at once for CRITICAL findings (`--act`). */
  readonly acted?: ActResult;
};

/** A folder, or a repository of a fleet. `revision`: the commit that was read, of a repository that lies elsewhere. */
export type TreeResult = {
  readonly tree: string;
  readonly files: number;
  readonly revision?: string;
  readonly owner?: string;
  readonly team?: string;
};

export type TreeProblem = {
  readonly tree: string;
  readonly path?: string;
  readonly line?: number;
  readonly message: string;
  /** `world`: it may be read another time; `file`: somebody has to mend it. */
  readonly kind: 'world' | 'file';
};

/** One tag in use. */
export type ImageResult = {
  /** `docker.io/library/node:22-alpine`. */
  readonly reference: string;
  readonly image: string;
  readonly tag: string;
  readonly status: 'verified' | 'not-verified';
  /** What was refused: asking for the tag, or for the list of tags. */
  readonly refusals: readonly { readonly of: 'tag' | 'list'; readonly code: string; readonly message: string }[];
  /** When the tag was answered for last. */
  readonly verifiedAt: string | null;
  readonly digest: Digest | null;
  /** When this digest was seen first. */
  readonly since: string | null;
  readonly platforms: readonly PlatformResult[];
  readonly publisher: ImageFacts['publisher'];
  readonly publisherName: string | null;
  readonly tagState: ImageFacts['tagState'];
  readonly lifecycle: {
    readonly product: string;
    readonly line: string;
    readonly state: string;
    readonly supportEndsOn: string | null;
  } | null;
  /** At most one per lane; the lane `digest` where a use pins a digest that the tag has left. */
  readonly candidates: readonly (Candidate & { readonly digest?: Digest })[];
  readonly recommended: string | null;
  readonly slots: Candidates['slots'];
  readonly uses: readonly WatchedUse[];
};

export type PlatformResult = {
  readonly platform: string;
  readonly digest: Digest;
  readonly osRelease: string | null;
  readonly sizeBytes: number | null;
  readonly isUsed: boolean;
};

/** An event with the uses that it concerns. */
export type EventResult = {
  readonly at: string;
  readonly reference: string;
  readonly kind: 'tag-moved' | 'moved-back' | 'version-released' | 'tag-gone' | 'tag-dropped' | 'line-ended';
  /** One clause: what happened and why. */
  readonly text: string;
  readonly cause?: MoveCause;
  readonly from?: Digest;
  readonly to?: Digest;
  readonly lane?: string;
  readonly newTag?: string;
  readonly repository?: string;
  readonly uses: number;
};
