/**
 * What is started so that a release builds anew on what the tag of its base came to.
 *
 * A repository may name its own: it can start nothing but what it holds itself.
 */
export type RebuildSettings = {
  /** On GitHub `release.yml` or the number of a workflow; on GitLab nothing: a pipeline is that of the ref. */
  readonly workflow?: string;
  /** A branch or a tag; absent for the branch that is followed. */
  readonly ref?: string;
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
};
