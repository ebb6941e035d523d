import type { CheckResult, FileResult, JudgedUse, PolicyFinding, Summary } from './check-result.ts';

const staleAfterDays = 90;

/** What no run of `check` looks at yet, in the reader's words. */
const unmeasured: readonly string[] = [
  'known vulnerabilities (no scanner was run)',
  'registries (no network was used): whether tags exist, have moved, and who publishes them',
];

const lifeCycleClause = 'life cycles that the catalog does not know:';

/** An image whose support could not be judged: neither a release line nor a system underneath is known. */
function hasUnknownLine({ evidence, category, role }: JudgedUse): boolean {
  const facts = evidence?.facts;
  if (facts === undefined || role === 'frontend' || category === 'prohibited' || facts.floating !== undefined)
    return false;
  return facts.lifecycle === undefined && facts.os === undefined && facts.retired === undefined;
}

/** Counts over all files. @param catalogAsOf ISO date of the catalog. @param now ISO instant. */
export function summarise(
  files: readonly FileResult[],
  catalogAsOf: string,
  now: string,
  notChecked: readonly string[] = [],
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
  const ageDays = Math.max(0, Math.floor((Date.parse(now) - Date.parse(catalogAsOf)) / 86_400_000));
  return {
    files: files.length,
    uses,
    byCategory,
    byVerdict,
    problems,
    notChecked: [
      ...unmeasured,
      ...(withoutLine.size > 0
        ? [
            `${lifeCycleClause} ${[...withoutLine].slice(0, 5).join(', ')}${withoutLine.size > 5 ? ` and ${withoutLine.size - 5} more` : ''}`,
          ]
        : []),
      ...notChecked,
      ...(unjudged > 0
        ? [
            `${unjudged} ${unjudged === 1 ? 'image' : 'images'} that only run in CI or are deployed (judge.ci, judge.deployed)`,
          ]
        : []),
    ],
    catalog: { asOf: catalogAsOf, ageDays, isStale: ageDays > staleAfterDays },
  };
}

/** One result of several arguments; `categories` stay in the order of the policy. */
export function mergeResults(results: readonly CheckResult[], catalogAsOf: string, now: string): CheckResult {
  const files = results.flatMap((result) => result.files);
  const policyFindings = uniqueFindings(results.flatMap((result) => result.policyFindings));
  const notChecked = [...new Set(results.flatMap((result) => result.summary.notChecked))].filter(
    (clause) =>
      !unmeasured.includes(clause) && !clause.startsWith(lifeCycleClause) && !/^\d+ images? that only run/.test(clause),
  );
  return { version: 1, now, files, summary: summarise(files, catalogAsOf, now, notChecked), policyFindings };
}

function uniqueFindings(findings: readonly PolicyFinding[]): readonly PolicyFinding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
