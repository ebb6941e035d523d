import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { Instant } from '../../domain/source/instant.ts';
import type { VerifySettings } from '../../domain/verify/verify-settings.ts';
import type { Builder } from '../../ports/builder.ts';
import type { Commands } from '../../ports/commands.ts';
import type { Evidence } from '../../ports/evidence.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Scanner } from '../../ports/scanner.ts';
import type { TemporaryFolders } from '../../ports/temporary-folders.ts';
import type { Workspace } from '../../ports/workspace.ts';
import type { SurveyRequest } from '../survey-tree.ts';
import type { VerifiedRevision } from './verify-result.ts';

export type VerifyPorts = {
  readonly builder: Builder;
  /** Or why there is none, in one clause. */
  readonly scanner: Scanner | string;
  readonly registry: Registry;
  readonly commands: Commands;
  readonly evidence: Evidence;
  readonly temporary: TemporaryFolders;
};

/** One of the two trees, checked out. */
export type VerifiedTree = {
  readonly side: 'before' | 'after';
  /** Absolute. */
  readonly folder: string;
  readonly workspace: Workspace;
  /** Another id, other files. */
  readonly id: string;
};

/** All settings are those of the base revision: a change does not decide how it is judged. */
export type VerifyRequest = {
  readonly from: VerifiedRevision;
  readonly to: VerifiedRevision;
  readonly before: VerifiedTree;
  readonly after: VerifiedTree;
  /** The base revision as it is now: what takes findings out is read there. */
  readonly base: Workspace;
  readonly survey: SurveyRequest;
  readonly settings: VerifySettings;
  /** As `ListBuildsRequest.contextOf`. */
  readonly contextOf: (path: string) => string | undefined;
  /** What below this folder is built or run; `''` for all. */
  readonly prefix: string;
  readonly catalog: Catalog;
  readonly now: string;
  readonly time: Instant;
  /** Of this machine: `linux/amd64`. */
  readonly platform: string;
  /** By id: absolute paths of files. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly buildTimeoutMs: number;
  /** What the trees already lack, one clause each. */
  readonly leftOut: readonly string[];
  /** Told when a long step begins: `building shop before the update`. */
  readonly onStep: (text: string) => void;
};
