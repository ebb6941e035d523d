import { type DependabotResult, labelLevel } from '../flows/dependabot/plan-dependabot.ts';
import { count, familiar } from './familiar.ts';
import { type Palette, palette } from './palette.ts';
import { table, wrap } from './table.ts';
import type { UpdateView } from './update/text.ts';
import { short } from './visible.ts';

type DependabotView = Pick<UpdateView, 'color' | 'width' | 'command'>;

/** What is to be mended in `dependabot.yml`, what Dependabot cannot update, and what to do next. */
export function renderDependabot(result: DependabotResult, view: DependabotView): string {
  const colors = palette(view.color);
  const { path, findings, problems, uncovered, owner } = result;
  const told = findings.map(({ level, line, reason, kind, isMended }) => {
    const place = line === undefined ? '' : `line ${line}: `;
    const byHand = isMended ? '' : ' – by hand';
    return wrap(
      `${colors.verdict(level)}: ${place}${short(reason, 600)}${byHand} ${colors.faint(`[${kind}]`)}`,
      view.width,
      '  ',
    );
  });
  const broken = problems.map((problem) => {
    const place = `${short(problem.path)}${problem.line > 0 ? `:${problem.line}` : ''}`;
    return wrap(`${colors.verdict('fail')}: ${place}: ${short(problem.message, 600)}`, view.width, '  ');
  });
  const rows = table(
    uncovered.map(({ path: file, line, image, reason }) => [
      `  ${short(file)}:${line}`,
      familiar(image),
      colors.faint(reason),
    ]),
  );
  const blocks = [
    told.length === 0 ? '' : [colors.strong(path), ...told].join('\n'),
    broken.length === 0 ? '' : ['Could not be read:', ...broken].join('\n'),
    owner === 'basekeeper' || rows.length === 0
      ? ''
      : ['Dependabot does not update these; Basekeeper covers them:', ...rows].join('\n'),
    labelBlock(result, colors, view.width),
    colors.strong(headline(result)),
  ];
  return `${[...blocks.filter((block) => block !== ''), ...nextSteps(result, view)].join('\n\n')}\n`;
}

function labelBlock(result: DependabotResult, colors: Palette, width: number): string {
  const { labels } = result;
  if (labels.wanted.length === 0) return '';
  switch (labels.kind) {
    case 'not-checked':
      return colors.faint(
        'Whether the repository has the labels of update.labels was not asked (check --online asks).',
      );
    case 'unanswered':
      return wrap(`${colors.verdict('error')}: labels were not checked: ${short(labels.message, 600)}`, width, '');
    case 'checked': {
      const failed = new Set(labels.failed.map(({ label }) => label));
      const lines = [
        ...labels.created.map((label) => `${short(label)}: created`),
        ...labels.failed.map(
          ({ label, message }) => `${colors.verdict('error')}: ${short(label)}: ${short(message, 600)}`,
        ),
        ...labels.missing
          .filter((label) => !failed.has(label))
          .map((label) => `${colors.verdict(labelLevel(result))}: ${short(label)} is not there [labels]`),
      ];
      const title = `Labels of ${short(labels.repository)}`;
      return lines.length === 0
        ? `${title}: all are there.`
        : [`${title}:`, ...lines.map((line) => wrap(line, width, '  '))].join('\n');
    }
  }
}

function headline({ path, isThere, findings, problems, isWritten, change }: DependabotResult): string {
  if (problems.some((problem) => problem.path === path)) return `${path} was not judged, and is left as it is.`;
  if (isWritten) {
    const left = findings.filter(({ isMended }) => !isMended).length;
    const rest = left === 0 ? '' : `; ${count(left, 'finding')} left to you`;
    return `Wrote ${path}: ${count(findings.length - left, 'finding')} mended${rest}.`;
  }
  if (findings.length === 0 && change === undefined)
    return isThere ? `Nothing to mend in ${path}.` : `Nothing to write: there is no ${path}, and none is needed.`;
  return `${count(findings.length, 'finding')} in ${path}${isThere ? '' : ', which is not there'}.`;
}

function nextSteps({ change, isWritten, labels }: DependabotResult, { command }: DependabotView): readonly string[] {
  const isPlan = change !== undefined && !isWritten;
  const isLacking = labels.kind === 'checked' && labels.missing.length > labels.failed.length;
  const lines = [
    ...(isPlan
      ? [
          `See the lines:  basekeeper dependabot write${command} --diff`,
          `Write them:     basekeeper dependabot write${command}`,
        ]
      : []),
    ...(isLacking ? [`Create labels:  basekeeper dependabot write${command} --create-labels`] : []),
  ];
  return lines.length === 0 ? [] : [lines.join('\n')];
}
