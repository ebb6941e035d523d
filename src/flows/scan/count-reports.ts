import type { ScanFacts } from '../../domain/policy/scan-facts.ts';
import type { Instant } from '../../domain/source/instant.ts';
import { reportProof } from '../../domain/vulnerability/report-proof.ts';
import type { TreeReport } from './read-reports.ts';
import type { ResolvedImage } from './resolve-image.ts';
import { factsOf } from './scan-digest.ts';
import type { ScanResult } from './scan-result.ts';

export type CountedReports = {
  /** What a report proves of an image; `undefined` for none. */
  readonly find: (image: ResolvedImage) => ScanFacts | undefined;
  /** Those that were found for no image. Asked when all images were. */
  readonly uncounted: () => ScanResult['uncounted'];
};

/** Matches reports with images by digest: the image's own, or its index's where the report is of the same platform. */
export function countReports(reports: readonly TreeReport[], now: Instant, oldestDatabaseAt: Instant): CountedReports {
  const used = new Set<string>();
  const judged = reports.map((report) =>
    report.kind === 'refused'
      ? { path: report.path, reason: report.reason }
      : { path: report.path, scan: report.scan, proof: reportProof(report.scan, now, oldestDatabaseAt) },
  );
  return {
    find(image) {
      for (const { path, scan, proof } of judged) {
        if (scan === undefined || proof.kind !== 'proves') continue;
        const isOfImage =
          proof.digests.includes(image.digest) ||
          (scan.platform === image.platform && proof.digests.includes(image.namedDigest));
        if (!isOfImage) continue;
        used.add(path);
        return factsOf({ scan, databaseAt: proof.databaseAt }, 'reported', image, oldestDatabaseAt);
      }
      return undefined;
    },
    uncounted: () =>
      judged.flatMap(({ path, reason, proof }) => {
        if (used.has(path)) return [];
        if (reason !== undefined) return [{ path, reason }];
        return [{ path, reason: proof.kind === 'proves' ? unneeded : proof.reason }];
      }),
  };
}

const unneeded = 'is of no image of the tree that was not scanned in this run';
