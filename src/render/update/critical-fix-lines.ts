import { canonicalReference } from '../../domain/image/reference.ts';
import type { CriticalFix, CriticalFixScan } from '../../domain/update/critical-fix.ts';
import type { UpdateStep } from '../../domain/update/update-plan.ts';
import { count } from '../familiar.ts';
import { code, escapeMarkdown } from '../markdown-text.ts';

const maxRows = 20;

/** What is proven of a step: each CRITICAL finding that it mends, in which contents, and who looked. No lines where nothing is. */
export function criticalFixLines({ to }: UpdateStep, fixes: readonly CriticalFix[]): readonly string[] {
  const fix = fixes.find((one) => one.to === canonicalReference(to));
  if (fix === undefined) return [];
  const rows = fix.scans.flatMap((scan) => scan.mended.map((mended) => rowOf(scan, mended)));
  const left = rows.length - maxRows;
  return [
    `**Mends CRITICAL findings**, as scans of both contents prove (${escapeMarkdown(fix.scanner)}):`,
    '',
    '| CRITICAL | package | installed | fixed in | platform | old content | new content |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.slice(0, maxRows),
    '',
    ...(left > 0 ? [`… and ${count(left, 'more')}.`, ''] : []),
  ];
}

function rowOf(
  { platform, fromDigest, toDigest }: CriticalFixScan,
  { id, sourcePackage, installedVersion, fixedVersion = 'not told' }: CriticalFixScan['mended'][number],
): string {
  const texts = [id, sourcePackage, installedVersion, fixedVersion, platform].map(escapeMarkdown);
  const digests = [fromDigest, toDigest].map((digest) => code(digest.slice(0, 'sha256:'.length + 12)));
  return `| ${[...texts, ...digests].join(' | ')} |`;
}
