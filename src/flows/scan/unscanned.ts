import type { FileResult } from '../check-result.ts';
import { clause } from '../online/unverified.ts';
import type { ScanResult } from './scan-result.ts';

/** What a run that asked a scanner still did not look into, one clause each. */
export function unscannedClauses(scans: ScanResult, files: readonly FileResult[]): readonly string[] {
  const { failure, images } = scans;
  const unscanned = images.flatMap(({ image, scan }) => {
    if (scan.kind === 'scanned') return [];
    return [{ name: image, reason: scan.message }];
  });
  const uses = files.flatMap((file) => file.uses).filter(({ verdict }) => verdict !== null);
  const isThere = (isMeant: (use: (typeof uses)[number]) => boolean, said: string) =>
    uses.some(isMeant) ? [said] : [];
  return [
    ...(failure === undefined
      ? clause('known vulnerabilities', unscanned)
      : [`known vulnerabilities${unscanned.length === images.length ? '' : ` beyond what reports tell`}: ${failure}`]),
    ...isThere(({ reference }) => reference === 'scratch', 'scratch, which has nothing inside to be scanned'),
    ...isThere(
      ({ evidence }) => (evidence?.chain?.length ?? 0) > 1,
      'known vulnerabilities of images that the tree builds itself: their bases are scanned',
    ),
  ];
}
