import type { Check } from '../../domain/merge/checks.ts';
import type { MergeDecision } from '../../domain/merge/decide-merge.ts';
import type { Finding } from '../../domain/vulnerability/scan.ts';
import { severities } from '../../domain/vulnerability/severity.ts';
import type { Measurement, Verification, VerificationText } from '../../flows/merge/settle-run.ts';
import { code, escapeMarkdown } from '../markdown-text.ts';
import { megabytes } from '../megabytes.ts';

const maxChecks = 20;
/** In a cell: a text of a pull request has room for so much (`maxVerificationLength`). */
const maxInCell = 8;
const maxName = 60;
const maxReason = 600;
const maxUrl = 500;

/**
 * The comment beneath a pull request, and the table in its text. What comes from a forge is escaped: no link, mention or element
 * but the address of a check.
 */
export function verificationText(verification: Verification): VerificationText {
  return { comment: commentText(verification), section: sectionText(verification) };
}

function commentText({ decision, headRevision, flaky }: Verification): string {
  const end = flaky.length === 0 ? [] : [`Flaky: ${listed(flaky)} passed on the same commit after it had failed.`];
  return [`**${sentence(decision)}** (${code(headRevision.slice(0, 12))})`, ...failedLines(decision), ...end].join(
    '\n\n',
  );
}

function sentence(decision: MergeDecision): string {
  switch (decision.kind) {
    case 'merge':
      return 'Every check is green, and the policy lets it be merged by itself, unless its head, its base or its images change meanwhile.';
    case 'auto-merge':
      return `It is merged here once ${listed(decision.waitsFor)} is green.`;
    case 'wait':
      return `Waits for ${listed(decision.waitsFor)}, until ${new Date(decision.until).toISOString().slice(0, 16)}Z.`;
    case 'review':
      return `A review is asked for: ${plain(decision.reason, maxReason)}.`;
    case 'hold':
      return `Every check is green; ${plain(decision.reason, maxReason)}.`;
  }
}

function failedLines(decision: MergeDecision): readonly string[] {
  if (decision.kind !== 'review' || decision.failed.length === 0) return [];
  return [
    decision.failed
      .slice(0, maxChecks)
      .map((check) => `- ${linked(check)}`)
      .join('\n'),
  ];
}

/** Only an address that is one, and nothing else, becomes a link. */
function linked({ name, url, description }: Check): string {
  const more = description === undefined ? '' : `: ${plain(description, maxReason)}`;
  const isAddress = url !== undefined && url.length <= maxUrl && /^https?:\/\/[\w.:-]+\/[\w./?=&%#~+-]*$/.test(url);
  return isAddress ? `[${plain(name, maxName)}](${url})${more}` : `${plain(name, maxName)}${more}`;
}

function listed(names: readonly string[]): string {
  return names
    .slice(0, maxInCell)
    .map((name) => plain(name, maxName))
    .concat(names.length > maxInCell ? [`${names.length - maxInCell} more`] : [])
    .join(', ');
}

function plain(text: string, maxLength: number): string {
  return escapeMarkdown(text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text);
}

const states = { success: 'green', failure: 'red', pending: 'running', neutral: 'skipped' } as const;

function sectionText({ checks, headRevision, measurement }: Verification): string {
  const rows = Object.entries(states).flatMap(([state, word]) => {
    const names = [...new Set(checks.filter((check) => check.state === state).map(({ name }) => name))];
    return names.length === 0 ? [] : [[`checks ${word}`, `${names.length}: ${listed(names)}`]];
  });
  return [
    '### Verified',
    '',
    `| ${code(headRevision.slice(0, 12))} | |`,
    '| --- | --- |',
    ...[...(rows.length === 0 ? [['checks', 'none']] : rows), ...measuredRows(measurement)].map(
      (row) => `| ${row.join(' | ')} |`,
    ),
  ].join('\n');
}

function measuredRows({ gate, comparison }: Measurement): readonly (readonly string[])[] {
  const reasons = gate === undefined || gate.reasons.length === 0 ? '' : `: ${listed(gate.reasons)}`;
  const gateRow = gate === undefined ? [] : [['gate', `${gate.kind}${reasons}`]];
  if (comparison === undefined) return [...gateRow, ['CVEs', 'not scanned']];
  const { fixed, remaining, added, sizeDifferenceBytes: difference } = comparison;
  const size =
    difference === undefined ? 'not known' : `${difference < 0 ? '−' : '+'}${megabytes(Math.abs(difference))}`;
  return [
    ...gateRow,
    ['CVEs fixed', bySeverity(fixed)],
    ['CVEs remaining, with a fix', bySeverity(remaining.patchable)],
    ['CVEs remaining, without', bySeverity(remaining.unfixed)],
    ['CVEs added', bySeverity(added)],
    ['size', size],
  ];
}

/** `3: 1 critical, 2 low` */
function bySeverity(findings: readonly Finding[]): string {
  const parts = severities.flatMap((severity) => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    return found === 0 ? [] : [`${found} ${severity}`];
  });
  return parts.length === 0 ? '0' : `${findings.length}: ${parts.join(', ')}`;
}
