/** What an adapter of a builder is given. */
export type BuilderSettings = {
  /** Whole path; absent where there is none. */
  readonly program?: string;
  /** Absolute, of ours alone: storage, temporary files and home of the builder. */
  readonly folder: string;
  /** All that the builder, and what it runs, gets to see. */
  readonly environment: Readonly<Record<string, string>>;
  /** As in `BoundedRun`. */
  readonly unshare?: string;
  /** Where it stores images. */
  readonly freeBytes: () => Promise<number>;
};
