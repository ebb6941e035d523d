import type { Finding } from '../../domain/vulnerability/scan.ts';
import { severities } from '../../domain/vulnerability/severity.ts';
import type { ComparedFinding, ComparedImage, ComparisonResult } from '../../flows/compare.ts';
import { count } from '../familiar.ts';
import { megabytes } from '../megabytes.ts';
import { type Palette, palette } from '../palette.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';

export type CompareView = {
  readonly color: boolean;
  readonly width: number;
  /** All findings and packages, not the worst alone. */
  readonly verbose: boolean;
};

const shownFindings = 15;
const shownPackages = 10;

/** What another image changes: numbers by severity, the findings worst first, packages and size. */
export function renderComparison(result: ComparisonResult, view: CompareView): string {
  const colors = palette(view.color);
  const { fixed, remaining, added } = result.findings;
  const blocks = [
    factRows(result, colors),
    countRows(result, colors),
    findingBlock('Fixed', fixed, 'pass', colors, view, removedNames(result)),
    findingBlock('Remaining, with a fix', remaining.patchable, 'fail', colors, view),
    findingBlock('Remaining, without a fix', remaining.unfixed, 'warn', colors, view),
    findingBlock('Added', added, 'fail', colors, view),
    ...mitigatedBlocks(result, colors, view),
    packageBlock(result, colors, view),
    result.notes
      .map((note) => wrap(`${colors.verdict('warn', 'note')}: ${short(note, 600)}`, view.width, ''))
      .join('\n'),
    colors.strong(headline(result)),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function factRows(result: ComparisonResult, colors: Palette): string {
  const { before, after } = result;
  const row = (name: string, of: (image: ComparedImage) => string) => [colors.faint(name), of(before), of(after)];
  const rows = [
    ['', colors.strong('old'), colors.strong('new')],
    row('image', ({ name, source }) => short(name === '' ? source : name)),
    row('system', systemText),
    row('size', ({ sizeBytes }) => (sizeBytes === undefined ? 'not known' : megabytes(sizeBytes))),
    ...platformRows(result, colors),
    row('packages', ({ packageCount }) => (packageCount === null ? 'not listed' : String(packageCount))),
    row('user', ({ user }) => (user === undefined ? 'not known' : user === '' ? 'root' : short(user, 60))),
    ...(before.origins === null && after.origins === null ? [] : [row('base', baseText), row('findings', originsText)]),
    row('scanner', ({ scanner }) => `${scanner.name} ${short(scanner.version ?? '')}`.trim()),
  ];
  return table(rows).join('\n');
}

/** Compressed, as registries have it. */
function platformRows({ before, after }: ComparisonResult, colors: Palette): readonly (readonly string[])[] {
  const [old, now] = [before.published?.sizes ?? [], after.published?.sizes ?? []];
  const platforms = [...new Set([...old, ...now].map(({ platform }) => platform))];
  const sizeIn = (sizes: typeof old, platform: string) => {
    const found = sizes.find((one) => one.platform === platform);
    return found === undefined ? 'not published' : megabytes(found.sizeBytes);
  };
  return platforms.map((platform) => [
    colors.faint(`  ${short(platform, 40)}`),
    before.published === null ? 'not asked' : sizeIn(old, platform),
    after.published === null ? 'not asked' : sizeIn(now, platform),
  ]);
}

function baseText({ origins }: ComparedImage): string {
  if (origins === null) return 'not known';
  return origins.base === null ? 'guessed from its history' : short(origins.base, 60);
}

function originsText({ origins, findingCount }: ComparedImage): string {
  if (origins === null) return `${findingCount}`;
  const how = origins.evidence === 'by-package' ? ', told by packages' : '';
  return `${origins.inBase} of the base, ${origins.inApp} of the application${how}`;
}

function systemText({ system }: ComparedImage): string {
  if (system === undefined) return 'not known';
  const end = system.isEndOfLife ? ', past its end' : '';
  return `${short(system.family, 60)} ${short(system.release, 60)}${end}`;
}

function countRows({ findings }: ComparisonResult, colors: Palette): string {
  const { fixed, remaining, added } = findings;
  const lists = [fixed, remaining.patchable, remaining.unfixed, added];
  const head = ['severity', 'fixed', 'remaining, with a fix', 'without', 'added'].map((word) => colors.faint(word));
  const rows = severities.map((severity) => [
    severity,
    ...lists.map((list) => String(list.filter((finding) => finding.severity === severity).length)),
  ]);
  return table([head, ...rows], { right: [1, 2, 3, 4] }).join('\n');
}

function findingBlock(
  title: string,
  findings: readonly (Finding | ComparedFinding)[],
  tone: string,
  colors: Palette,
  { verbose }: CompareView,
  removed: ReadonlySet<string> = new Set(),
): string {
  if (findings.length === 0) return '';
  const shown = verbose ? findings : findings.slice(0, shownFindings);
  const rows = shown.map((finding) => [
    `  ${finding.severity}`,
    ...('origin' in finding && finding.origin !== undefined ? [finding.origin.part] : []),
    short(finding.id, 60),
    short(finding.packages.join(', '), 60),
    short(finding.installedVersion, 60),
    outcome(finding.packages, finding.fixedVersion, finding.status),
  ]);
  function outcome(packages: readonly string[], fixedVersion: string | undefined, status: string): string {
    if (packages.every((name) => removed.has(name))) return 'no longer installed';
    return fixedVersion === undefined ? short(status.replaceAll('_', ' '), 60) : `→ ${short(fixedVersion, 60)}`;
  }
  const left = findings.length - shown.length;
  const more = left === 0 ? [] : [colors.faint(`  … and ${left} more (--verbose lists them)`)];
  return [colors.verdict(tone, `${title}:`), ...table(rows), ...more].join('\n');
}

/** What the application's own layers took away from its base. */
function mitigatedBlocks({ before, after }: ComparisonResult, colors: Palette, view: CompareView): readonly string[] {
  const title = (which: string) => `Of the ${which} base alone, mitigated by the application`;
  return [
    findingBlock(title('old'), before.origins?.mitigated ?? [], 'pass', colors, view),
    findingBlock(title('new'), after.origins?.mitigated ?? [], 'pass', colors, view),
  ];
}

/** Names that no version of is installed any more. */
function removedNames({ packages }: ComparisonResult): ReadonlySet<string> {
  return new Set(packages?.removed.map(({ name }) => name));
}

function packageBlock({ packages }: ComparisonResult, colors: Palette, { verbose }: CompareView): string {
  if (packages === null) return '';
  const { added, removed, changed } = packages;
  const rows = [
    ...removed.map(({ name, version }) => ['  removed', short(name, 60), short(version, 60)]),
    ...added.map(({ name, version }) => ['  added', short(name, 60), short(version, 60)]),
    ...changed.map(({ name, from, to }) => ['  changed', short(name, 60), `${short(from, 60)} → ${short(to, 60)}`]),
  ];
  if (rows.length === 0) return 'Packages: the same.';
  const shown = verbose ? rows : rows.slice(0, shownPackages);
  const left = rows.length - shown.length;
  const more = left === 0 ? [] : [colors.faint(`  … and ${left} more (--verbose lists them)`)];
  const title = `Packages: ${removed.length} removed, ${added.length} added, ${changed.length} changed.`;
  return [title, ...table(shown), ...more].join('\n');
}

function headline({ before, after, findings, sizeDifferenceBytes }: ComparisonResult): string {
  const { fixed, remaining, added } = findings;
  const size =
    sizeDifferenceBytes === null || sizeDifferenceBytes === 0
      ? ''
      : `, ${megabytes(Math.abs(sizeDifferenceBytes))} ${sizeDifferenceBytes < 0 ? 'smaller' : 'larger'}`;
  if (before.worth !== 'ok' || after.worth !== 'ok')
    return `Nothing can be said: a scan that could not see is no comparison${size}.`;
  const left = remaining.patchable.length + remaining.unfixed.length;
  return `${count(fixed.length, 'finding')} fixed, ${left} remaining (${remaining.patchable.length} with a fix), ${added.length} added${size}.`;
}
