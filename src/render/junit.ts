import type { CheckResult, FileResult, JudgedUse } from '../flows/check-result.ts';
import { imageOf, placeOf } from './familiar.ts';
import type { Format } from './format.ts';
import { short } from './visible.ts';
import { escapeXml } from './xml.ts';

/**
 * JUnit XML: a suite per file, a case per image use and per problem. `fail` is a failure, `unknown` an error (it could not
 * be told), what the policy does not ask for is skipped; warnings and waivers stand in the case's output.
 */
export const junit: Format = { name: 'junit', pathsFrom: 'here', render: renderJunit };

function renderJunit(result: CheckResult): string {
  const suites = result.files.map(suite);
  const exceptions = result.policyFindings.length === 0 ? [] : [policySuite(result)];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="basekeeper">\n${[...suites, ...exceptions].join('')}</testsuites>\n`;
}

function suite(file: FileResult): string {
  const errors = file.problems.filter(({ severity }) => severity === 'error');
  const cases = [
    ...errors.map(({ message, line }) =>
      testCase(file.path, `line ${line}: readable`, `<error message="${attribute(message)}"/>`),
    ),
    ...file.uses.map((use) => testCase(file.path, `line ${use.line}: ${imageOf(use)} (${placeOf(use)})`, outcome(use))),
  ];
  const failures = file.uses.filter(({ verdict }) => verdict === 'fail').length;
  const unknown = file.uses.filter(({ verdict }) => verdict === 'unknown').length + errors.length;
  const skipped = file.uses.filter(({ verdict }) => verdict === null).length;
  return `  <testsuite name="${attribute(file.path)}" tests="${cases.length}" failures="${failures}" errors="${unknown}" skipped="${skipped}">\n${cases.join('')}  </testsuite>\n`;
}

function policySuite({ policyFindings }: CheckResult): string {
  const cases = policyFindings.map(({ path, reason, verdict }) =>
    testCase(
      path,
      short(reason),
      verdict === 'fail'
        ? `<failure message="${attribute(reason)}"/>`
        : `<system-out>${escapeXml(short(reason, 600))}</system-out>`,
    ),
  );
  const failures = policyFindings.filter(({ verdict }) => verdict === 'fail').length;
  return `  <testsuite name="exceptions" tests="${cases.length}" failures="${failures}" errors="0" skipped="0">\n${cases.join('')}  </testsuite>\n`;
}

function testCase(path: string, name: string, content: string): string {
  return `    <testcase classname="${attribute(path)}" name="${attribute(name)}" file="${attribute(path)}">${content}</testcase>\n`;
}

function outcome(use: JudgedUse): string {
  const reasons = use.rules
    .filter(({ verdict }) => verdict !== 'info')
    .map(({ rule, reason, verdict }) => `${verdict}: ${reason} [${rule}]`);
  const instead = (use.instead ?? []).map(({ line, text }) => `write instead, line ${line}: ${text}`);
  const body = escapeXml([...reasons, ...instead].map((line) => short(line, 600)).join('\n'));
  const first = attribute(reasons[0] ?? '');
  switch (use.verdict) {
    case 'fail':
      return `<failure message="${first}">${body}</failure>`;
    case 'unknown':
      return `<error message="${first}">${body}</error>`;
    case null:
      return '<skipped message="the policy does not ask for this role to be judged"/>';
    case 'warn':
    case 'waived':
      return `<system-out>${body}</system-out>`;
    case 'pass':
      return '';
  }
}

function attribute(text: string): string {
  return escapeXml(short(text, 600));
}
