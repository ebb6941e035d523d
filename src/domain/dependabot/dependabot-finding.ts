import type { Ecosystem } from './coverage.ts';

/** Something to mend in `dependabot.yml`. */
export type DependabotFinding = {
  /**
   * `missing`: images that Dependabot could update have no entry. `superfluous`: an entry for a folder with no file of its kind.
   * `invalid`: GitHub refuses or overlooks it. `settings`: schedule or labels are not the policy's. `two-owners`: an entry for
   * images that another bot owns by the policy, or one that is switched off though Dependabot owns them.
   */
  readonly kind: 'missing' | 'superfluous' | 'invalid' | 'settings' | 'two-owners';
  readonly level: 'info' | 'warn';
  /** One clause, without a final full stop: what is wrong and what to do. */
  readonly reason: string;
  /** Absent where it is about what does not stand there. */
  readonly line?: number;
  /** What mends it; absent where only people can tell. */
  readonly change?: DependabotChange;
};

/** What is to become of a file. `entry` is a place under `updates`. */
export type DependabotChange =
  | { readonly kind: 'set-version' }
  | { readonly kind: 'add-directories'; readonly ecosystem: Ecosystem; readonly directories: readonly string[] }
  | { readonly kind: 'remove-directory'; readonly entry: number; readonly directory: string }
  | { readonly kind: 'remove-entry'; readonly entry: number }
  | { readonly kind: 'remove-key'; readonly entry: number; readonly key: string }
  | { readonly kind: 'set-interval'; readonly entry: number; readonly interval: string }
  | { readonly kind: 'add-labels'; readonly entry: number; readonly labels: readonly string[] }
  | { readonly kind: 'switch-off'; readonly entry: number };
