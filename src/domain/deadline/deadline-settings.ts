import type { Severity } from '../vulnerability/severity.ts';
import type { RebuildSettings } from './rebuild-settings.ts';
import type { ReleaseImage } from './release-image.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The table of policy 5.2.5, and what it leaves open. All spans are wall-clock milliseconds: 48 h is 48 hours. */
export type DeadlineSettings = {
  /** Names the state of the settings in frozen numbers. */
  readonly version: string;
  /** Absent: no bound in time, due in the next release. */
  readonly windowsMs: Readonly<Partial<Record<RatedSeverity, number>>>;
  /**
   * When the clock starts. `detected`: as soon as it is seen. `fix-available`: once there is a fix as well. `base-available`: once a
   * patched base can be had.
   */
  readonly clock: 'detected' | 'fix-available' | 'base-available';
  /** How long the clock waits for a patched base at most. */
  readonly awaitBaseMs: Readonly<Record<RatedSeverity, number>>;
  /** What a severity nobody knows counts as. */
  readonly unknownAs: RatedSeverity;
  /** What a vulnerability that is exploited in the wild counts as at least; absent: as it is rated. */
  readonly exploitedAs?: RatedSeverity;
  /** Where the list of these lies; absent: nobody is asked. */
  readonly exploitedList?: string;
  /** What is left at least when a waiver ends. */
  readonly afterWaiverMs: number;
  /** A finding that is back within so long after its release goes on where it was. */
  readonly reopenMs: number;
  /** What ends an episode. `tags`: a release, told by a git tag. `branch`: what is on the branch ships at once, without a release. */
  readonly releases: 'tags' | 'branch';
  /** Where a release is an image in a registry instead, whatever `releases` says. */
  readonly releaseImages: readonly ReleaseImage[];
  /** Images of stages that do not ship count as well. */
  readonly isBuildCounted: boolean;
  /** What makes a release where a tag moved and nothing was merged; absent: people start it. */
  readonly rebuild?: RebuildSettings;
};

export type RatedSeverity = Exclude<Severity, 'unknown'>;

export const defaultDeadlineSettings: DeadlineSettings = {
  version: '48h/7d/30d/next-release from fix-available',
  windowsMs: { critical: 48 * hourMs, high: 7 * dayMs, medium: 30 * dayMs },
  clock: 'fix-available',
  awaitBaseMs: { critical: 72 * hourMs, high: 7 * dayMs, medium: 30 * dayMs, low: 30 * dayMs },
  unknownAs: 'high',
  exploitedAs: 'critical',
  afterWaiverMs: dayMs,
  reopenMs: 7 * dayMs,
  releases: 'tags',
  releaseImages: [],
  isBuildCounted: false,
};
