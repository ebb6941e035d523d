import type { Check } from '../../domain/merge/checks.ts';
import type { MergeDecision } from '../../domain/merge/decide-merge.ts';
import type { Verification, VerificationText } from '../../flows/merge/settle-run.ts';
import { code, escapeMarkdown } from '../markdown-text.ts';

const maxChecks = 20;

/**
 * The comment beneath a pull request, and the table in its text. What comes from a forge is escaped: no link, mention or element
 * but the address of a check.
 */
export function verificationText(verification: Verification): VerificationText {
  return { comment: commentText(verification), section: sectionText(verification) };
}

function commentText({ decision, headRevision, flaky }: Verification): string {
  const end =
    flaky.length === 0
      ? []
      : [`Flaky: ${flaky.map(escapeMarkdown).join(', ')} passed on the same commit after it had failed.`];
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
      return `A review is asked for: ${escapeMarkdown(decision.reason)}.`;
    case 'hold':
      return `Every check is green; ${escapeMarkdown(decision.reason)}.`;
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
  const more = description === undefined ? '' : `: ${escapeMarkdown(description)}`;
  const isAddress = url !== undefined && /^https?:\/\/[\w.:-]+\/[\w./?=&%#~+-]*$/.test(url);
  return isAddress ? `[${escapeMarkdown(name)}](${url})${more}` : `${escapeMarkdown(name)}${more}`;
}

function listed(names: readonly string[]): string {
  return names.slice(0, maxChecks).map(escapeMarkdown).join(', ');
}

const states = { success: 'green', failure: 'red', pending: 'running', neutral: 'skipped' } as const;

function sectionText({ checks, headRevision }: Verification): string {
  const rows = Object.entries(states).flatMap(([state, word]) => {
    const names = [...new Set(checks.filter((check) => check.state === state).map(({ name }) => name))];
    return names.length === 0 ? [] : [[`checks ${word}`, `${names.length}: ${listed(names)}`]];
  });
  return [
    '### Verified',
    '',
    `| ${code(headRevision.slice(0, 12))} | |`,
    '| --- | --- |',
    ...(rows.length === 0 ? [['checks', 'none']] : rows).map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}
