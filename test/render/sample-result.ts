import { allRules } from '../../src/domain/policy/rules/all-rules.ts';
import type { CheckResult, FileResult, JudgedUse, PolicyFinding } from '../../src/flows/check-result.ts';
import { summarise } from '../../src/flows/summarise.ts';
import type { RenderOptions } from '../../src/render/format.ts';

export const now = '2026-11-23T00:00:00.000Z';

export const options: RenderOptions = { color: false, width: 100, verbose: false, rules: allRules };

export function use(fields: Partial<JudgedUse> = {}): JudgedUse {
  return {
    reference: 'docker.io/library/node:20-alpine',
    written: 'node:20-alpine',
    role: 'final',
    stage: '0',
    line: 1,
    column: 6,
    endColumn: 20,
    category: 'restricted',
    verdict: 'fail',
    rules: [
      {
        rule: 'end-of-life',
        verdict: 'fail',
        reason: 'Node.js 20 reached its end of life on 2026-04-30',
        fix: 'use node:26-alpine',
      },
    ],
    instead: [{ line: 1, text: 'FROM node:26-alpine' }],
    ...fields,
  };
}

export const passing = use({
  reference: 'docker.io/library/alpine:3.24',
  written: 'alpine:3.24',
  category: 'preferred',
  verdict: 'pass',
  rules: [],
  instead: [],
});

export const waived = use({
  verdict: 'waived',
  rules: [
    {
      rule: 'end-of-life',
      verdict: 'waived',
      reason: 'Node.js 20 ended',
      waiver: { id: 'W-1', reason: 'certified', until: '2026-12-31', kind: 'policy' },
    },
  ],
});

export function file(path: string, uses: readonly JudgedUse[], problems: FileResult['problems'] = []): FileResult {
  return { path, kind: 'dockerfile', problems, uses };
}

export function result(files: readonly FileResult[], policyFindings: readonly PolicyFinding[] = []): CheckResult {
  return { version: 1, now, files, summary: summarise(files, { asOf: '2026-08-21', notes: [] }, now), policyFindings };
}

/** A result with `text` in every place that comes from outside. */
export function hostileResult(text: string): CheckResult {
  const hostile = use({
    reference: null,
    written: text,
    stage: text,
    platform: text,
    missing: [text],
    rules: [
      { rule: 'unresolved', verdict: 'unknown', reason: text, fix: text },
      {
        rule: 'end-of-life',
        verdict: 'waived',
        reason: text,
        waiver: { id: text, reason: text, until: '2026-12-31', kind: 'inline' },
      },
    ],
    verdict: 'unknown',
    instead: [{ line: 1, text }],
  });
  const problem = { code: 'x', severity: 'error', message: text, line: 3 } as const;
  return result(
    [{ ...file(text, [hostile, { ...hostile, verdict: 'fail' }], [problem]), suggestion: { text, notes: [text] } }],
    [{ rule: 'unused-waiver', verdict: 'warn', reason: text, path: text, line: 2 }],
  );
}
