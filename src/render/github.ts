import type { CheckResult } from '../flows/check-result.ts';
import { count } from './familiar.ts';
import type { Format } from './format.ts';
import { headline } from './headline.ts';
import { type Issue, issuesOf } from './issues.ts';
import { short } from './visible.ts';

/** Workflow commands of GitHub Actions: annotations on the lines of a pull request. */
export const github: Format = { name: 'github', pathsFrom: 'here', render: renderGithub };

// GitHub shows at most ten annotations of a kind per step.
const shownPerKind = 10;
const commands = { error: 'error', warning: 'warning', note: 'notice' } as const;

function renderGithub(result: CheckResult): string {
  const issues = issuesOf(result).filter(({ severity, waiver }) => severity !== 'note' && waiver === undefined);
  const lines = (['error', 'warning'] as const).flatMap((severity) => {
    const ofKind = issues.filter((issue) => issue.severity === severity);
    const left = ofKind.length - shownPerKind;
    const rest =
      left > 0 ? [`::notice title=basekeeper::${count(left, `more ${severity}`)} of this kind; GitHub shows ten`] : [];
    return [...ofKind.slice(0, shownPerKind).map(annotation), ...rest];
  });
  return `${[...lines, `::notice title=basekeeper::${escapeData(headline(result))}`].join('\n')}\n`;
}

function annotation({ severity, id, path, line, column, endColumn, message }: Issue): string {
  const columns = column === undefined ? '' : `,col=${column},endColumn=${endColumn ?? column}`;
  const place = line > 0 ? `,line=${line}${columns}` : '';
  return `::${commands[severity]} file=${escapeProperty(path)}${place},title=${escapeProperty(id)}::${escapeData(short(message, 1000))}`;
}

/** Of what stands behind `::`. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(short(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
