import type { Rule } from '../domain/policy/rule.ts';
import type { CheckResult } from '../flows/check-result.ts';

/** One way to print what `check` found: a file here, a line in `formats.ts`, a table in `test/render/`. */
export type Format = {
  /** The word for `--format`. */
  readonly name: string;
  /** Whether paths begin at the argument, or where the user stands (annotations that a forge places in a repository). */
  readonly pathsFrom: 'argument' | 'here';
  readonly render: (result: CheckResult, options: RenderOptions) => string;
};

export type RenderOptions = {
  readonly color: boolean;
  /** Columns. */
  readonly width: number;
  /** Also what has nothing wrong. */
  readonly verbose: boolean;
  readonly rules: readonly Rule[];
  /** The run's paths and options as they would be typed again, each behind a blank; absent: commands are not told. */
  readonly again?: string;
};
