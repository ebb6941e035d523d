import type { Catalog } from '../domain/catalog/catalog.ts';
import type { CheckResult, FileResult, JudgedUse, Summary } from './check-result.ts';
import type { CheckedTree, Unread } from './checked-tree.ts';
import { unverifiedClauses } from './online/unverified.ts';
import { joinScans, type ScanResult } from './scan/scan-result.ts';
import { unscannedClauses } from './scan/unscanned.ts';

const staleAfterDays = 90;

type CatalogAge = Pick<Catalog, 'asOf' | 'notes'>;

/** What a run without `--scan` or `--online` does not look at, in the reader's words. */
const unscanned = 'known vulnerabilities (no scanner was run)';
const unasked = 'registries (no network was used): whether tags exist, have moved, and who publishes them';
const askedForScans = 'registries, but for what is scanned: whether tags have moved, and who publishes them';

/** An image whose support could not be judged: neither a release line nor a system underneath is known. */
function hasUnknownLine({ evidence, category, role }: JudgedUse): boolean {
  const facts = evidence?.facts;
  if (facts === undefined || role === 'frontend' || category === 'prohibited' || facts.floating !== undefined)
    return false;
  return facts.lifecycle === undefined && facts.os === undefined && facts.retired === undefined;
}

/** How far a run looked. `notChecked`: clauses on what the files do not tell. */
type Reach = { readonly isOnline: boolean; readonly scans?: ScanResult; readonly notChecked: readonly string[] };

/** Counts over all files. @param catalog what is told of its age. @param now ISO instant. */
export function summarise(
  files: readonly FileResult[],
  catalog: CatalogAge,
  now: string,
  { isOnline, scans, notChecked }: Reach = { isOnline: false, notChecked: [] },
): Summary {
  const byCategory: Summary['byCategory'] & Record<string, number> = {
    preferred: 0,
    permitted: 0,
    restricted: 0,
    prohibited: 0,
    unknown: 0,
  };
  const byVerdict: Summary['byVerdict'] & Record<string, number> = {
    pass: 0,
    warn: 0,
    fail: 0,
    unknown: 0,
    waived: 0,
    'not-judged': 0,
  };
  const category: Record<string, number> = byCategory;
  const verdict: Record<string, number> = byVerdict;
  const problems = { error: 0, warning: 0 };
  let uses = 0;
  let unjudged = 0;
  const withoutLine = new Set<string>();
  for (const file of files) {
    for (const problem of file.problems) if (problem.severity !== 'info') problems[problem.severity] += 1;
    for (const use of file.uses) {
      uses += 1;
      category[use.category ?? 'unknown'] = (category[use.category ?? 'unknown'] ?? 0) + 1;
      verdict[use.verdict ?? 'not-judged'] = (verdict[use.verdict ?? 'not-judged'] ?? 0) + 1;
      if (use.verdict === null) unjudged += 1;
      else if (hasUnknownLine(use)) withoutLine.add(use.reference ?? '');
    }
  }
  const ageDays = Math.max(0, Math.floor((Date.parse(now) - Date.parse(catalog.asOf)) / 86_400_000));
  return {
    files: files.length,
    uses,
    byCategory,
    byVerdict,
    problems,
    notChecked: [
      ...(scans === undefined ? [unscanned] : unscannedClauses(scans, files)),
      ...(isOnline ? unverifiedClauses(files) : [scans === undefined ? unasked : askedForScans]),
      ...(withoutLine.size > 0
        ? [
            `life cycles that the catalog does not know: ${[...withoutLine].slice(0, 5).join(', ')}${withoutLine.size > 5 ? ` and ${withoutLine.size - 5} more` : ''}`,
          ]
        : []),
      ...notChecked,
      ...(unjudged > 0
        ? [
            `${unjudged} ${unjudged === 1 ? 'image' : 'images'} that only run in CI or are deployed (judge.ci, judge.deployed)`,
          ]
        : []),
    ],
    catalog: { asOf: catalog.asOf, ageDays, isStale: ageDays > staleAfterDays, notes: catalog.notes },
  };
}

/**
 * One result of the trees of all arguments. A file that two arguments reach is told once.
 *
 * @param catalog what is told of its age. @param now ISO instant.
 */
export function toResult(trees: readonly CheckedTree[], catalog: CatalogAge, now: string): CheckResult {
  const files = unique(
    trees.flatMap((tree) => tree.files),
    ({ path }) => path,
  );
  const policyFindings = unique(
    trees.flatMap((tree) => tree.policyFindings),
    (finding) => JSON.stringify(finding),
  );
  const scans = joinScans(trees.flatMap((tree) => tree.scans ?? []));
  const scanned = scans === undefined ? {} : { scans };
  const isOnline = trees.some((tree) => tree.isOnline);
  const summary = summarise(files, catalog, now, { isOnline, ...scanned, notChecked: unreadClauses(trees) });
  const asked = trees.flatMap((tree) => tree.approvals ?? []);
  const approvals = unique(asked, (approval) => JSON.stringify(approval));
  const told = trees.some((tree) => tree.approvals !== undefined) ? { approvals } : {};
  return { version: 1, now, files, summary, policyFindings, ...told, ...scanned };
}

function unreadClauses(trees: readonly CheckedTree[]): readonly string[] {
  const sum = (count: (unread: Unread) => number) => trees.reduce((total, { unread }) => total + count(unread), 0);
  const clause = (number: number, one: string, many: string) =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  const hcl = 'in HCL (docker buildx bake --print writes the JSON that is read)';
  return [
    ...(trees.some(({ isApprovalUnasked }) => isApprovalUnasked === true)
      ? ['whether waivers are approved, which the policy requires: they count here (--online asks the forge)']
      : []),
    ...clause(
      sum(({ bakeHcl }) => bakeHcl),
      `bake file ${hcl}`,
      `bake files ${hcl}`,
    ),
    ...clause(
      sum(({ refused }) => refused),
      'further file that might name images and could not be read',
      'further files that might name images and could not be read',
    ),
    ...clause(
      sum(({ unchanged }) => unchanged),
      'file that did not change',
      'files that did not change',
    ),
  ];
}

function unique<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
