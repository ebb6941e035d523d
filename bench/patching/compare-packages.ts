import { readFileSync } from 'node:fs';
import type { FixList } from '../../test/fakes/patching/fix-list.ts';

/** What the list of fixes says was in an image, against the package list that lay beside it. */
export type PackageComparison = {
  readonly image: string;
  readonly same: number;
  /** `tzdata 2024b-0+deb12u1, by the list 2024a-0+deb12u1` */
  readonly others: readonly string[];
};

type Installed = {
  readonly name: string;
  readonly version: string;
  readonly source?: string;
  readonly sourceVersion?: string;
};
type Packages = { readonly images: Readonly<Record<string, { readonly packages: readonly Installed[] }>> };

const snapshot = '2024-12-02';

/** Holds the assumption that an image has what was published before its day against two real images. @param path of `packages.json` */
export function comparePackages(path: string, { releases }: FixList): readonly PackageComparison[] {
  const { images } = JSON.parse(readFileSync(path, 'utf8')) as Packages;
  return ['bookworm', 'bullseye'].map((release) => {
    const image = `debian:${release}-slim@${snapshot}`;
    const { uploads = [], pointReleases = [] } = releases[release] ?? {};
    const published = uploads.flatMap((upload) => {
      const day = upload.at.slice(0, 10);
      const since = upload.suite === 'security' ? day : pointReleases.find((point) => point >= day);
      return since === undefined || since >= snapshot ? [] : [{ ...upload, since }];
    });
    const others: string[] = [];
    let same = 0;
    const versions = new Map(
      (images[image]?.packages ?? []).map((one) => [one.source ?? one.name, one.sourceVersion ?? one.version]),
    );
    for (const [source, version] of versions) {
      const own = published.filter((upload) => upload.source === source);
      const [newest] = own.toSorted((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : a.at < b.at ? 1 : -1));
      if (newest === undefined) continue;
      if (newest.version === version) same += 1;
      else others.push(`${source} ${version}, by the list ${newest.version}`);
    }
    return { image, same, others };
  });
}
