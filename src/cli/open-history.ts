import { readWorldEnvironment } from '../config/environment.ts';
import type { DeadlineSettings } from '../domain/deadline/deadline-settings.ts';
import type { Fleet } from '../domain/fleet/fleet.ts';
import type { RepositoryOwner } from '../flows/deadlines/episode-result.ts';
import type { ComplianceHistory } from '../ports/compliance-log.ts';
import type { EpisodeAudit, EpisodeHistory } from '../ports/episode-log.ts';
import { type Store, StoreError } from '../ports/store.ts';
import { openHistory } from '../wiring/ledger.ts';
import { UsageError, WorldError } from './failure.ts';
import { openFleet } from './open-fleet.ts';
import { instantOf, policyFor, type RunOptions } from './run-options.ts';

export type HistoryOptions = Pick<RunOptions, 'policy' | 'now'> & { readonly fleet?: string };

/** When cycles of the monitor were finished. */
type PastCycles = Pick<Store, 'lastCycleAt'>;

/** How the episodes of a run are counted, and whose they are. */
export type HistorySettings = {
  readonly settings: DeadlineSettings;
  readonly now: number;
  /** Of the fleet file: no other repositories are told of. */
  readonly owners?: ReadonlyMap<string, RepositoryOwner>;
  readonly fleet?: Fleet;
};

/** Reads the episodes of the ledger, also while another process writes it. @param use gets no history where none was kept yet */
export async function withHistory<T>(
  options: HistoryOptions,
  use: (
    history: (EpisodeHistory & EpisodeAudit) | undefined,
    settings: HistorySettings,
    cycles?: PastCycles,
    looks?: ComplianceHistory,
  ) => Promise<T>,
): Promise<T> {
  const now = instantOf(options.now);
  const settings = await settingsOf(options, now);
  return withLedger((history, cycles, looks) => use(history, settings, cycles, looks));
}

/** The same without asking a policy file or a fleet. */
export async function withLedger<T>(
  use: (
    history: (EpisodeHistory & EpisodeAudit) | undefined,
    cycles?: PastCycles,
    looks?: ComplianceHistory,
  ) => Promise<T>,
): Promise<T> {
  const { stateFolder } = readWorldEnvironment();
  if (stateFolder === undefined)
    throw new UsageError('there is no home folder that the ledger could lie in: set BASEKEEPER_STATE to its folder');
  try {
    const opened = await openHistory(stateFolder);
    try {
      return await use(opened?.episodes, opened?.cycles, opened?.compliance);
    } finally {
      await opened?.close();
    }
  } catch (error) {
    if (error instanceof StoreError) throw new WorldError(error.message, { cause: error });
    throw error;
  }
}

async function settingsOf(options: HistoryOptions, now: string): Promise<HistorySettings> {
  if (options.fleet === undefined) {
    const { policy } = await policyFor('.', options.policy, now);
    return { settings: policy.deadlines, now: Date.parse(now) };
  }
  const { fleet, policy } = await openFleet(options.fleet, options, now);
  const owners = fleet.repositories.map(({ name, source, owner, team }) => {
    const repository = source.kind === 'path' ? source.path : name;
    return [
      repository,
      { ...(owner === undefined ? {} : { owner }), ...(team === undefined ? {} : { team }) },
    ] as const;
  });
  return { settings: policy.deadlines, now: Date.parse(now), owners: new Map(owners), fleet };
}
