import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { WaiverApprovals } from '../../domain/policy/approval/waiver-approval.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import type { ScanTerms } from '../../domain/policy/scan-settings.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { EpisodeLog } from '../../ports/episode-log.ts';
import type { Forge } from '../../ports/forge.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Releases } from '../../ports/releases.ts';
import type { FetchedWorkspace } from '../../ports/repositories.ts';
import type { Store } from '../../ports/store.ts';
import type { CollectedUse } from '../monitor/collect-uses.ts';
import type { Suppressions } from '../scan/read-suppressions.ts';
import type { ScanRegistry, Scans } from '../scan/scan-images.ts';
import type { SurveyRequest } from '../survey-tree.ts';
import type { KnownExploited } from './read-exploited.ts';

/** A repository that a cycle has read. */
export type ReadTree = {
  /** Its address, or the absolute path of its folder. */
  readonly repository: string;
  readonly revision?: string;
  readonly policy: Pick<Policy, 'deadlines' | 'waivers' | 'waiverDays' | 'approvalProof'>;
  /** What it says in VEX documents and ignore files. */
  readonly suppressions: Suppressions;
  /** Every file of it could be read. */
  readonly isWhole: boolean;
  readonly uses: readonly CollectedUse[];
  /** How its files are read. */
  readonly survey: SurveyRequest;
  /** Absent where it lies in no repository. */
  readonly releases?: Releases;
};

/** Where the pull requests of a repository are. */
export type ProposalPlace =
  | {
      readonly kind: 'forge';
      readonly forge: Forge;
      /** What the forge calls it. */
      readonly repository: string;
      /** Whose pull requests count; absent for the one that the forge shows first. */
      readonly branch?: string;
      readonly openBranch: (branch: string) => Promise<FetchedWorkspace>;
    }
  /** One clause. */
  | { readonly kind: 'none'; readonly reason: string };

export type TrackPorts = {
  readonly episodes: EpisodeLog;
  readonly scans: Scans;
  readonly registry: ScanRegistry & Pick<Registry, 'listTags'>;
  /** What tags were seen to stand for. */
  readonly store: Pick<Store, 'readImages' | 'record'>;
  /** @param repository as `ReadTree` names it @throws ForgeError */
  readonly proposals: (repository: string) => Promise<ProposalPlace>;
};

export type TrackCycleRequest = {
  readonly trees: readonly ReadTree[];
  /** That the run names, for uses that name none. */
  readonly platform: string | undefined;
  /** What was said of the images in use, by `scanKey`. */
  readonly facts: ReadonlyMap<string, ScanFacts>;
  /** The newest tag of the same line, by `docker.io/library/node:24.1`. */
  readonly newerTags: ReadonlyMap<string, string>;
  readonly catalog: Catalog;
  readonly exploited: KnownExploited;
  readonly terms: ScanTerms;
  /** Of waivers in force whose approvers were asked for; absent where nobody was. */
  readonly approvals?: WaiverApprovals;
  readonly now: Instant;
};

/** What uses are called by that are built for whatever there is. */
export const defaultPlatform = 'linux/amd64';
