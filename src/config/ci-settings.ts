import type { UpdateSettings } from '../domain/update/update-settings.ts';

/** What generated CI files depend on. */
export type CiSettings = {
  /** Of this package. */
  readonly version: string;
  readonly schedule: UpdateSettings['schedule'];
  /** Where pull requests go; absent for the default branch. */
  readonly baseBranch?: string;
};

/** Not at a full hour, when everybody's schedules run and some are dropped. In UTC. */
export const cronOf: Readonly<Record<CiSettings['schedule'], string>> = {
  daily: '17 5 * * *',
  weekly: '17 5 * * 1',
};
