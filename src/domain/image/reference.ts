/**
 * A normalised image reference. `registry` is always present (`docker.io` when none was written), `repository` carries
 * `library/` for one-component names on Docker Hub. Tag and digest are absent when not written.
 */
export type Reference = {
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
};
