import type { FixList, SourceUpload } from './fix-list.ts';

/** An upload that names vulnerabilities, from the instant on that it can be installed. */
export type PublishedFix = Pick<SourceUpload, 'source' | 'version' | 'suite' | 'cves'> & {
  readonly release: string;
  readonly uploadedAt: number;
  readonly publishedAt: number;
};

/** Mirrors have a point release by then. */
const pointReleaseAt = 'T12:00:00Z';

/**
 * What could be installed when, oldest first. A vulnerability that two uploads of one package name counts for the first: the later one
 * mends what the first one left or broke.
 *
 * @param securityDelayMs from the date in the changelog until the security archive has it.
 */
export function publishedFixes(list: FixList, securityDelayMs: number): readonly PublishedFix[] {
  return Object.entries(list.releases).flatMap(([release, { pointReleases, uploads }]) => {
    const points = pointReleases.map((day) => Date.parse(`${day}${pointReleaseAt}`));
    const published = uploads.flatMap(({ source, version, suite, cves, at }): readonly PublishedFix[] => {
      const uploadedAt = Date.parse(at);
      const publishedAt =
        suite === 'security' ? uploadedAt + securityDelayMs : points.find((point) => point >= uploadedAt);
      return publishedAt === undefined ? [] : [{ release, source, version, suite, cves, uploadedAt, publishedAt }];
    });
    const named = new Set<string>();
    return published
      .toSorted((a, b) => a.publishedAt - b.publishedAt || a.uploadedAt - b.uploadedAt)
      .flatMap((fix) => {
        const cves = fix.cves.filter((id) => !named.has(`${fix.source} ${id}`));
        for (const id of cves) named.add(`${fix.source} ${id}`);
        return cves.length === 0 ? [] : [{ ...fix, cves }];
      });
  });
}
