import type { Rule } from '../domain/policy/rule.ts';
import type { CheckResult } from '../flows/check-result.ts';
import { approvalLines } from './approvals.ts';
import type { Format, RenderOptions } from './format.ts';
import { fingerprints, type Issue, issuesOf } from './issues.ts';
import { jsonText } from './json-text.ts';
import { takenOutLines, waiverLines } from './scans.ts';
import { short } from './visible.ts';
import { waiverWords } from './waiver-words.ts';

/** SARIF 2.1.0, for code scanning. Paths begin where the user stands, so that a forge finds the files. */
export const sarif: Format = { name: 'sarif', pathsFrom: 'here', render: renderSarif };

const documentation = 'https://github.com/basekeeper/basekeeper/blob/main/docs/rules/';
// GitHub refuses a run with more results than this; the gravest come first.
const maxResults = 25_000;

function renderSarif(result: CheckResult, { rules }: RenderOptions): string {
  const all = issuesOf(result);
  const issues = all.slice(0, maxResults);
  const left = all.length - issues.length;
  const untold = left > 0 ? [`${left} further results, the least grave, are left out: GitHub takes ${maxResults}`] : [];
  const { scans, approvals = [], summary } = result;
  // Single findings are no results of their own: what took them out would be nowhere.
  const out = [
    ...waiverLines(scans?.waivers ?? []),
    ...takenOutLines(scans?.images ?? []),
    ...approvalLines(approvals),
  ];
  const notes = [...untold, ...summary.notChecked.map((clause) => `not checked: ${clause}`), ...out];
  const marks = fingerprints(issues);
  const ids = [...new Set([...rules.map(({ id }) => id), ...issues.map(({ id }) => id)])];
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'basekeeper',
            informationUri: 'https://github.com/basekeeper/basekeeper',
            rules: ids.map((id) => describe(id, rules)),
          },
        },
        automationDetails: { id: 'basekeeper/check/' },
        originalUriBaseIds: { ROOT: { description: { text: 'The folder that basekeeper was run in' } } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            endTimeUtc: result.now,
            toolExecutionNotifications: notes.map((note) => ({ level: 'note', message: { text: short(note, 1000) } })),
          },
        ],
        results: issues.map((issue, at) => resultOf(issue, indexOf.get(issue.id) ?? 0, marks[at] ?? '')),
      },
    ],
  };
  return jsonText(log);
}

function describe(id: string, rules: readonly Rule[]): Record<string, unknown> {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) return { id, shortDescription: { text: id.replaceAll('-', ' ') } };
  return {
    id,
    name: id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    helpUri: `${documentation}${id}.md`,
    help: { text: rule.remedy, markdown: `${rule.remedy}\n\n\`\`\`dockerfile\n${rule.right.trimEnd()}\n\`\`\`` },
    defaultConfiguration: {
      level: { off: 'none', info: 'note', warn: 'warning', unknown: 'warning', fail: 'error' }[rule.levels.ships],
    },
    properties: { policy: rule.policy, tags: ['security', 'base-image'] },
  };
}

function resultOf(issue: Issue, ruleIndex: number, fingerprint: string): Record<string, unknown> {
  const columns =
    issue.column === undefined
      ? {}
      : { startColumn: issue.column, endColumn: Math.max(issue.endColumn ?? 0, issue.column) };
  return {
    ruleId: issue.id,
    ruleIndex,
    level: issue.severity,
    message: { text: short(issue.message, 1000) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: issue.path.split('/').map(encodeSegment).join('/'), uriBaseId: 'ROOT' },
          region: { startLine: Math.max(1, issue.line), ...columns },
        },
      },
    ],
    partialFingerprints: { 'basekeeper/v1': fingerprint },
    ...(issue.waiver === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: issue.waiver.kind === 'inline' ? 'inSource' : 'external',
              status: 'accepted',
              justification: short(`${issue.waiver.reason} (${waiverWords(issue.waiver)})`),
            },
          ],
        }),
  };
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed());
}
