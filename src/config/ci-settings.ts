import type { UpdateSettings } from '../domain/update/update-settings.ts';

/** What generated CI files depend on. */
export type CiSettings = {
  /** What npm installs Basekeeper by: `basekeeper@1.2.3`, or the address of a package. */
  readonly package: string;
  readonly schedule: UpdateSettings['schedule'];
  /** Where pull requests go; absent for the default branch. */
  readonly baseBranch?: string;
  /** Dependabot opens the pull requests instead. */
  readonly isLeftToDependabot: boolean;
};

/** Not at a full hour, when everybody's schedules run and some are dropped. In UTC. */
export const cronOf: Readonly<Record<CiSettings['schedule'], string>> = {
  daily: '17 5 * * *',
  weekly: '17 5 * * 1',
};

/** Runs in a shell where `BASEKEEPER` holds the package. */
export const runPackage = 'npx --yes --package "$BASEKEEPER" -- basekeeper';
