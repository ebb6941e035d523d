import { normalDirectory } from './directory-glob.ts';

/** `dependabot.yml` as far as it is judged. Lines are 1-based. */
export type DependabotFile = {
  readonly version: Line | undefined;
  readonly keys: readonly Line[];
  readonly entries: readonly DependabotEntry[];
};

/** A text and where it stands. */
export type Line = { readonly text: string; readonly line: number };

export type DependabotEntry = {
  /** Its place under `updates`. */
  readonly index: number;
  readonly line: number;
  readonly keys: readonly Line[];
  readonly ecosystem: string | undefined;
  /** Both as they are written; more than one of them, or none, is a mistake. */
  readonly directory: Line | undefined;
  readonly directories: readonly Line[] | undefined;
  /** Absent for an entry without `schedule`; without `interval` it is empty. */
  readonly interval: Line | undefined;
  readonly hasCronjob: boolean;
  readonly labels: readonly string[];
  /** `open-pull-requests-limit: 0`. */
  readonly isOff: boolean;
  /** It is about another branch than the one that stands here. */
  readonly targetBranch: string | undefined;
  readonly isGrouped: boolean;
};

/** Folders that an entry names, as far as they may be compared. */
export function directoriesOf({ directory, directories }: DependabotEntry): readonly Line[] {
  return [...(directory === undefined ? [] : [directory]), ...(directories ?? [])].map(({ text, line }) => ({
    text: normalDirectory(text),
    line,
  }));
}
