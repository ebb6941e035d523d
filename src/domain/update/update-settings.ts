import type { Lane } from '../candidates/candidate.ts';
import { type AutomergeSettings, defaultAutomerge } from '../merge/automerge-settings.ts';

/** How updates are proposed: the `update` part of the policy file, completed by the defaults. */
export type UpdateSettings = {
  /** Which steps are proposed at all. */
  readonly lanes: readonly Lane[];
  /** Write `tag@digest`: also where no digest stands now. */
  readonly pin: boolean;
  /**
   * Which bot owns the images of a directory; the other leaves them alone. Absent where nobody said so: then Basekeeper does, and
   * entries of Dependabot are no fault (policy 5.2.3 has both).
   */
  readonly owner?: 'basekeeper' | 'dependabot';
  readonly automerge: AutomergeSettings;
  readonly schedule: 'daily' | 'weekly';
  /** When new pull requests may be opened; absent for at any time. */
  readonly window?: UpdateWindow;
  /** A new content has to be this old before it is proposed. */
  readonly minimumAgeDays: number;
  /** One pull request per image and lane, or one per repository. */
  readonly group: 'image' | 'repository';
  readonly limits: UpdateLimits;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  /** User names, or `team:NAME`. */
  readonly reviewers: readonly string[];
  readonly draft: boolean;
  /** Stands before the subject: `build(deps)` gives `build(deps): …`. */
  readonly commitPrefix: string;
  /** Add a Signed-off-by line to commits. */
  readonly signOff: boolean;
  /** The branch that pull requests go to; absent for the default one. */
  readonly baseBranch?: string;
  /** How long a target is left alone after its pull request was closed unmerged. */
  readonly snoozeDays: number;
};

/** In UTC. `days`: empty for every day. `from` and `to` are minutes of the day; `to` at or before `from` crosses midnight. */
export type UpdateWindow = {
  readonly days: readonly Weekday[];
  readonly from: number;
  readonly to: number;
};

export const lanes = ['digest', 'patch', 'minor', 'major', 'os', 'successor'] as const satisfies readonly Lane[];

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

export type UpdateLimits = {
  /** Open pull requests of ours per repository. */
  readonly open: number;
  /** New ones per repository and hour. */
  readonly perHour: number;
  /** New ones per run, over the whole fleet. */
  readonly perRun: number;
  /** Nothing more is opened in a run after so many failures in a row. */
  readonly failuresInARow: number;
};

/** Policy 5.2.3: weekly, with the labels of the Dependabot entry. */
export const defaultUpdateSettings: UpdateSettings = {
  lanes: ['digest', 'patch', 'minor'],
  pin: false,
  automerge: defaultAutomerge,
  schedule: 'weekly',
  minimumAgeDays: 0,
  group: 'image',
  limits: { open: 10, perHour: 10, perRun: 200, failuresInARow: 5 },
  labels: ['dependencies', 'docker', 'security'],
  assignees: [],
  reviewers: [],
  draft: false,
  commitPrefix: 'build(deps)',
  signOff: false,
  snoozeDays: 30,
};
