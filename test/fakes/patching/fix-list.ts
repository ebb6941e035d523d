/** `debian-fixes.json`: what was uploaded to releases of Debian, and which source packages are in images. */
export type FixList = {
  readonly source: string;
  /** `YYYY-MM-DD` */
  readonly made: string;
  /** By `repository:tag` of Docker's official images. */
  readonly images: Readonly<Record<string, ImageSources>>;
  readonly releases: Readonly<Record<string, ReleaseUploads>>;
};

/** `sources`: what is in it. `base`: of these what is in Debian's own image, and moves with it alone. */
export type ImageSources = {
  readonly release: string;
  readonly base: readonly string[];
  readonly sources: readonly string[];
};

export type ReleaseUploads = {
  /** `YYYY-MM-DD`, oldest first. */
  readonly pointReleases: readonly string[];
  /** By source package, newest first. */
  readonly uploads: readonly SourceUpload[];
  /** Source packages of which no changelog could be had. */
  readonly missing: readonly string[];
};

/** An upload to one release, with what it fixed. */
export type Upload = {
  readonly version: string;
  /** ISO 8601: when the entry was signed off, which is before it was published. */
  readonly at: string;
  /** `security`: published within days. `point`: waits for the next point release. */
  readonly suite: 'security' | 'point';
  readonly cves: readonly string[];
};

export type SourceUpload = Upload & { readonly source: string };
