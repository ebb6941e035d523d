import { countFindings } from '../../domain/vulnerability/count-findings.ts';
import type { UsesScanResult } from '../../flows/scan/scan-uses.ts';
import { count, familiar } from '../familiar.ts';
import type { Palette } from '../palette.ts';
import { scanBlock } from '../scans.ts';
import { wrap } from '../table.ts';
import { short } from '../visible.ts';

/** What was found in the images in use; then those for which a fix is out, and how far they are spread. */
export function monitoredScans(result: UsesScanResult, colors: Palette, width: number): string {
  const { failure, images } = result;
  const unscanned = images.filter(({ scan }) => scan.kind !== 'scanned');
  const lines = images.flatMap(({ image, platform, scan, uses }) => {
    if (scan.kind !== 'scanned') return [];
    const { critical, high } = countFindings(scan.findings);
    if (critical.patchable + high.patchable === 0) return [];
    const told = [
      critical.patchable > 0 ? colors.verdict('fail', `${critical.patchable} CRITICAL`) : '',
      high.patchable > 0 ? colors.verdict('warn', `${high.patchable} HIGH`) : '',
    ].filter((words) => words !== '');
    const trees = new Set(uses.map(({ tree }) => tree)).size;
    const spread = `${count(uses.length, 'use')} in ${count(trees, 'tree')}`;
    return [wrap(`${familiar(image)} (${short(platform)}): ${told.join(' and ')}; ${spread}`, width, '  ')];
  });
  const refused = unscanned.flatMap(({ image, scan }) =>
    scan.kind === 'scanned' || failure !== undefined
      ? []
      : [wrap(`${familiar(image)}: ${short(scan.message, 600)}`, width, '  ')],
  );
  return [
    failure === undefined
      ? scanBlock(result, colors, width)
      : `${colors.verdict('unknown', 'Not scanned')}: ${short(failure, 600)}`,
    ...(lines.length === 0 ? [] : ['In use, with a fix that they lack:', ...lines]),
    ...(refused.length === 0 ? [] : ['Not scanned:', ...refused]),
  ].join('\n');
}
