import { countFindings, type FindingCount } from '../domain/vulnerability/count-findings.ts';
import type { ImageScan, ScanResult } from '../flows/scan/scan-result.ts';
import { count, familiar } from './familiar.ts';
import type { Palette } from './palette.ts';
import { table, wrap } from './table.ts';
import { short } from './visible.ts';

const maxTakenOut = 20;

/** What scans found, for people: who looked with what, each image, then what went wrong beside it. Why no scanner answered is told
 * under what was not checked. */
export function scanBlock(result: ScanResult, colors: Palette, width: number): string {
  const head = ['  image', 'platform', 'CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'database of', 'how'];
  const rows = result.images.map((row) => rowOf(row, colors));
  const told = [
    ...takenOutLines(result.images),
    ...waiverLines(result.waivers),
    ...result.uncounted.map(({ path, reason }) => `report not counted: ${short(path)} ${short(reason, 600)}`),
    ...result.notes.map((note) => `note: ${short(note, 600)}`),
  ];
  return [
    `${colors.strong('Vulnerabilities')}${colors.faint(heading(result))}`,
    ...(rows.length === 0 ? [] : table([head.map((word) => colors.faint(word)), ...rows], { right: [2, 3, 4, 5] })),
    ...told.map((line) => wrap(line, width, '  ')),
  ].join('\n');
}

function heading({ scanner, contents, images }: ScanResult): string {
  const ways = [
    contents.scanned > 0 ? `${contents.scanned} scanned` : '',
    contents.rematched > 0 ? `${contents.rematched} matched anew with a newer database` : '',
    contents.kept > 0 ? `${contents.kept} known from before` : '',
    contents.reported > 0 ? `${contents.reported} from reports` : '',
  ].filter((way) => way !== '');
  const by = scanner === undefined ? '' : ` by ${short(scanner.name)}, database of ${minutes(scanner.databaseAt)}`;
  const how = ways.length === 0 ? '' : `: ${ways.join(', ')}`;
  return ` of ${count(images.length, 'image')}${by}${how} (with a fix + without)`;
}

function rowOf({ image, platform, scan }: ImageScan, colors: Palette): readonly string[] {
  const name = [`  ${familiar(image)}`, short(platform)];
  if (scan.kind !== 'scanned') return [...name, '', '', '', '', '', colors.verdict('unknown', scan.kind)];
  const { critical, high, medium, low } = countFindings(scan.findings);
  const ended = scan.isEndOfLife ? ', system past its end of life' : '';
  const suppressed = scan.suppressed.length === 0 ? '' : `, ${scan.suppressed.length} suppressed`;
  return [
    ...name,
    ...[colored(critical, 'fail', colors), colored(high, 'warn', colors), sum(medium), sum(low)],
    minutes(scan.databaseAt),
    `${scan.how}${suppressed}${ended}`,
  ];
}

/** What VEX and ignore files took out, each statement once for all images. */
export function takenOutLines(images: readonly ImageScan[]): readonly string[] {
  const all = images.flatMap(({ scan }) => (scan.kind === 'scanned' ? scan.suppressed : []));
  const byStatement = Map.groupBy(all, ({ id, source }) => `${source} ${id}`);
  const lines = [...byStatement.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const packages = [...new Set([first, ...others].map(({ sourcePackage }) => short(sourcePackage)))].sort();
    const { id, status, source, until, statement } = first;
    const end = until === undefined ? '' : ` until ${short(until)}`;
    const why = statement === undefined ? '' : `: ${short(statement, 200)}`;
    return [`taken out: ${short(id)} in ${packages.join(', ')}, ${short(status)} by ${short(source)}${end}${why}`];
  });
  if (lines.length <= maxTakenOut) return lines;
  return [...lines.slice(0, maxTakenOut), `taken out: ${lines.length - maxTakenOut} more; --json has all`];
}

/** What waivers of single findings hold for, each line of the policy once. */
export function waiverLines(waivers: ScanResult['waivers']): readonly string[] {
  return waivers.map(({ id, until, approvedBy, reason, findings }) => {
    const [first] = findings;
    const more = findings.length > 1 ? ` and ${findings.length - 1} more` : '';
    const { image = '' } = first ?? {};
    const named = first === undefined ? '' : `${first.id} in ${first.sourcePackage} (${first.severity.toUpperCase()})`;
    const only = findings.every(({ effect }) => effect === 'deadline-only') ? ', for the deadline alone' : '';
    const by = approvedBy === null ? '' : `, approved by ${short(approvedBy)}`;
    return `waived: ${short(named)} of ${familiar(image)}${more} until ${until} by ${short(id)}${by}${only}: ${short(reason, 200)}`;
  });
}

function colored(found: FindingCount, verdict: 'fail' | 'warn', colors: Palette): string {
  return found.patchable === 0 ? sum(found) : colors.verdict(verdict, sum(found));
}

function sum({ patchable, unfixed }: FindingCount): string {
  return patchable + unfixed === 0 ? '–' : `${patchable}+${unfixed}`;
}

/** `2026-11-25 06:00`. */
function minutes(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
