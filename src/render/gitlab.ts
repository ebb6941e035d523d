import type { CheckResult } from '../flows/check-result.ts';
import type { Format } from './format.ts';
import { fingerprints, issuesOf } from './issues.ts';
import { jsonText } from './json-text.ts';
import { short } from './visible.ts';

/** GitLab's Code Quality report: a list of issues. What is waived is left out, since the format cannot say so. */
export const gitlab: Format = { name: 'gitlab', pathsFrom: 'here', render: renderGitlab };

const severities = { error: 'critical', warning: 'minor', note: 'info' } as const;

function renderGitlab(result: CheckResult): string {
  const issues = issuesOf(result).filter(({ waiver }) => waiver === undefined);
  const marks = fingerprints(issues);
  const report = issues.map(({ id, message, severity, path, line }, at) => ({
    description: short(message, 1000),
    check_name: id,
    fingerprint: marks[at],
    severity: severities[severity],
    location: { path: path.toWellFormed(), lines: { begin: Math.max(1, line) } },
  }));
  return jsonText(report);
}
