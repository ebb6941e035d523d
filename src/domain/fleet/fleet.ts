import type { NoticeSettings } from '../notice/channel.ts';
import type { RepositoryUrl } from './repository-url.ts';

/** The repositories of an organisation, in the order of its fleet file. */
export type Fleet = {
  readonly repositories: readonly FleetRepository[];
  /** Whose repositories belong to it besides, whatever they are on the day. */
  readonly listings: readonly FleetListing[];
  /** Hosts that may have private addresses, exactly as a url names them. */
  readonly privateHosts: ReadonlySet<string>;
  /** Whom to tell what is due. */
  readonly notify?: NoticeSettings;
};

export type FleetRepository = {
  /** As reports call it: the url or the path as it was written, with `#branch` where one was. */
  readonly name: string;
  readonly source: FleetSource;
  readonly owner?: string;
  readonly team?: string;
  /** Absolute path of the policy file that holds for it. */
  readonly policy?: string;
};

/** All that a forge lists of an organisation, a group with its subgroups, or a user; then chosen from. */
export type FleetListing = {
  readonly forge: 'github' | 'gitlab';
  /** With its port, where that is not the usual one. */
  readonly host: string;
  readonly owner: string;
  /** Globs of the path below the owner; absent for all. */
  readonly include?: readonly string[];
  readonly exclude: readonly string[];
  /** Whether archived ones and forks count. */
  readonly archived: boolean;
  readonly forks: boolean;
};

export type FleetSource =
  /** Without a branch: the one that the server shows first. */
  | { readonly kind: 'url'; readonly url: RepositoryUrl; readonly branch?: string }
  /** Absolute. */
  | { readonly kind: 'path'; readonly path: string };
