/** What a list of official images said over time: the form of `tag-history.json`. */
export type History = { readonly repos: Readonly<Record<string, RepositoryHistory>> };

export type RepositoryHistory = {
  readonly entries: Readonly<Record<string, HistoryEntry>>;
  /** In time order; the first is the state at the beginning. */
  readonly events: readonly HistoryEvent[];
};

/** One build. An id with `+` joins several under one tag. */
export type HistoryEntry = {
  readonly commit: string;
  readonly dir: string;
  readonly file?: string;
  /** As bashbrew names them: `arm64v8`, `windows-amd64`. */
  readonly arch: readonly string[];
  /** Where an architecture is built from another commit. */
  readonly perArch?: Readonly<Record<string, { readonly commit: string; readonly dir?: string }>>;
  /** The first is the parent of what is shipped. */
  readonly from?: readonly string[];
};

/** `set`: tags by entry id; a tag set again has moved. `del`: dropped, which can still be pulled and is never rebuilt. */
export type HistoryEvent = {
  readonly at: string;
  readonly set?: Readonly<Record<string, readonly string[]>>;
  readonly del?: readonly string[];
};
