import type { CheckResult, RuleResult } from '../flows/check-result.ts';
import { adviceOf, imageOf } from './familiar.ts';

/** One thing to be told at one place: a broken rule, a problem of a file, or a finding about an exception. */
export type Issue = {
  readonly severity: 'error' | 'warning' | 'note';
  readonly id: string;
  readonly path: string;
  /** 1-based; 0 for the whole file. */
  readonly line: number;
  readonly column?: number;
  readonly endColumn?: number;
  readonly message: string;
  /** The same issue in the next run has the same parts, wherever its line moved. */
  readonly identity: readonly string[];
  readonly waiver?: NonNullable<RuleResult['waiver']>;
};

const severities = { fail: 'error', unknown: 'warning', warn: 'warning', info: 'note', waived: 'note' } as const;
const problemSeverities = { error: 'error', warning: 'warning', info: 'note' } as const;
const weight = { error: 0, warning: 1, note: 2 } as const;

/** Everything a result says, gravest first, then by path and line. */
export function issuesOf(result: CheckResult): readonly Issue[] {
  const issues: Issue[] = [];
  for (const { path, problems, uses } of result.files) {
    for (const { code, severity, message, line } of problems)
      issues.push({
        severity: problemSeverities[severity],
        id: code,
        path,
        line,
        message,
        identity: [path, code, message],
      });
    for (const use of uses) {
      for (const broken of use.rules) {
        const { rule, verdict, reason, line, waiver } = broken;
        const isElsewhere = line !== undefined && line !== use.line;
        const instead = use.instead?.map((replacement) => `line ${replacement.line}: ${replacement.text}`).join('; ');
        const advice = adviceOf(use, broken) ?? (instead === undefined ? undefined : `write instead ${instead}`);
        issues.push({
          severity: severities[verdict],
          id: rule,
          path,
          line: line ?? use.line,
          ...(isElsewhere ? {} : { column: use.column, endColumn: use.endColumn }),
          message: `${imageOf(use)}: ${reason}${advice === undefined ? '' : `; ${advice}`}`,
          identity: [path, rule, use.role, use.stage ?? '', use.written],
          ...(waiver === undefined ? {} : { waiver }),
        });
      }
    }
  }
  for (const { rule, verdict, reason, path, line } of result.policyFindings)
    issues.push({
      severity: severities[verdict],
      id: rule,
      path,
      line: line ?? 0,
      message: reason,
      identity: [path, rule, reason],
    });
  return issues.sort((a, b) => weight[a.severity] - weight[b.severity]);
}

/** A stable fingerprint per issue; equal ones are told apart by their order. */
export function fingerprints(issues: readonly Issue[]): readonly string[] {
  const seen = new Map<string, number>();
  return issues.map(({ identity }) => {
    const key = JSON.stringify(identity);
    const ordinal = (seen.get(key) ?? 0) + 1;
    seen.set(key, ordinal);
    return hash(`${key}#${ordinal}`);
  });
}

/** 128 bits of FNV-1a in four lanes: an identity, not a secret. */
function hash(text: string): string {
  const lanes = [0x811c9dc5, 0x01000193, 0xdeadbeef, 0x9e3779b9].map((seed) => {
    let value = seed;
    for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
    return (value >>> 0).toString(16).padStart(8, '0');
  });
  return lanes.join('');
}
