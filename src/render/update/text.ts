import { formatReference, type Reference, repositoryName } from '../../domain/image/reference.ts';
import { isInterim } from '../../domain/update/update-plan.ts';
import type { UpdatedTree, UpdateResult } from '../../flows/update/update-result.ts';
import { count, familiar } from '../familiar.ts';
import { type Palette, palette } from '../palette.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';

export type UpdateView = {
  readonly color: boolean;
  readonly width: number;
  /** The options that were given, to be repeated in the command that writes. */
  readonly command: string;
  /** Only some images were looked at. */
  readonly isFiltered: boolean;
  /** What `check` says, in place of what registries have. */
  readonly isFix: boolean;
};

/** What may be updated or was: per image the step and why, the places; then what is left and what nobody could tell. */
export function renderUpdate(result: UpdateResult, view: UpdateView): string {
  const colors = palette(view.color);
  const blocks = result.trees.flatMap((tree) => treeBlocks(tree, result.trees.length > 1, colors, view));
  return `${[...blocks, headline(result, colors, view)].filter((block) => block !== '').join('\n\n')}\n`;
}

function treeBlocks(tree: UpdatedTree, isNamed: boolean, colors: Palette, view: UpdateView): readonly string[] {
  const title = isNamed ? [colors.strong(short(tree.tree))] : [];
  return [
    ...title,
    ...tree.steps.map((step) => stepBlock(step, colors, view)),
    refusedBlock(tree, colors, view),
    otherBlock(tree, colors),
    unresolvedBlock(tree, colors, view),
    failureBlock(tree, colors, view),
  ];
}

type Step = UpdatedTree['steps'][number];

function stepBlock(step: Step, colors: Palette, { width }: UpdateView): string {
  const places = table(
    step.uses.map(({ path, line, before, after }) => [
      `  ${short(path)}:${line}`,
      familiar(before),
      ...(before === after ? [] : ['→', colors.strong(familiar(after))]),
    ]),
  );
  const title = `${colors.strong(familiar(step.image))}  ${stepText(step)}  ${colors.faint(`[${step.lane}]`)}`;
  const reasons = step.reasons.map((reason) => wrap(short(reason, 600), width, '  '));
  return [title, ...reasons, ...places].join('\n');
}

function stepText({ lane, from, to }: Step): string {
  if (isInterim(lane)) return shortForm(from);
  const isElsewhere = repositoryName(from) !== repositoryName(to);
  return `${shortForm(from)} → ${isElsewhere ? familiar(formatReference(to)) : shortForm(to)}`;
}

function shortForm(reference: Reference): string {
  const text = familiar(formatReference(reference)).slice(familiar(repositoryName(reference)).length);
  return text === '' ? 'no tag' : text.replace(/^:/, '');
}

function refusedBlock({ refused }: UpdatedTree, colors: Palette, { width }: UpdateView): string {
  if (refused.length === 0) return '';
  const lines = refused.flatMap(({ path, line, before, after, lane, reason, rewrite }) => [
    `  ${short(path)}:${line}  ${familiar(before)}${before === after ? '' : ` → ${familiar(after)}`}  ${colors.faint(`[${lane}]`)}`,
    wrap(short(reason, 600), width, '      '),
    ...(rewrite ?? []).map(
      (one) => `      ${colors.faint(`write by hand, line ${one.line}:`)} ${colors.strong(short(one.text, 600))}`,
    ),
  ]);
  return [colors.verdict('warn', 'Left as they are:'), ...lines].join('\n');
}

function otherBlock({ others }: UpdatedTree, colors: Palette): string {
  if (others.length === 0) return '';
  const rows = others.map(({ reference, lane, to }) => [
    `  ${familiar(reference)}`,
    '→',
    familiar(to),
    colors.faint(`--lane ${lane}`),
  ]);
  return ['Not taken, unless you ask for it:', ...table(rows)].join('\n');
}

function unresolvedBlock({ unresolved }: UpdatedTree, colors: Palette, { width }: UpdateView): string {
  if (unresolved.length === 0) return '';
  const rows = unresolved.map(({ path, line, written, missing }) => {
    const reason = `no value for ${missing.map((name) => short(name)).join(', ')}; pass --build-arg NAME=VALUE`;
    return wrap(`${short(path)}:${line}  ${short(written)}: ${reason}`, width, '  ');
  });
  return [colors.verdict('warn', 'Nobody can tell what these name:'), ...rows].join('\n');
}

function failureBlock({ unanswered, problems, changes }: UpdatedTree, colors: Palette, { width }: UpdateView): string {
  const rows = [
    ...unanswered.map(({ reference, message }) => `${familiar(reference)}: ${short(message, 600)}`),
    ...problems.map(({ path, line, message }) => `${short(path)}${line > 0 ? `:${line}` : ''}: ${short(message, 600)}`),
    ...changes.flatMap(({ failure }) => (failure === undefined ? [] : [short(failure, 600)])),
  ];
  if (rows.length === 0) return '';
  return [colors.verdict('fail', 'Could not be done:'), ...rows.map((row) => wrap(row, width, '  '))].join('\n');
}

function headline({ trees, isWritten }: UpdateResult, colors: Palette, view: UpdateView): string {
  const sum = (of: (tree: UpdatedTree) => number) => trees.reduce((total, tree) => total + of(tree), 0);
  const files = sum(({ changes }) => changes.length);
  const unanswered = sum((tree) => tree.unanswered.length);
  const unverified = unanswered === 0 ? '' : ` ${count(unanswered, 'image')} could not be asked for.`;
  if (files === 0) return colors.strong(`${nothingToWrite(sum, view)}${unverified}`);
  const uses = sum(({ steps }) => steps.reduce((total, step) => total + step.uses.length, 0));
  const what = `${count(uses, 'image use')} in ${count(files, 'file')}`;
  if (isWritten) {
    const written = sum(({ changes }) => changes.filter((change) => change.written).length);
    return colors.strong(`${what} updated, ${written} of ${files} written.${unverified}`);
  }
  return [
    colors.strong(`${what} can be updated.${unverified}`),
    `See the lines:  basekeeper update${view.command} --diff`,
    `Write them:     basekeeper update${view.command} --write`,
  ].join('\n');
}

/** Why no file changes, so that nobody takes a name that is not there, or a line that is left, for the newest there is. */
function nothingToWrite(sum: (of: (tree: UpdatedTree) => number) => number, { isFiltered, isFix }: UpdateView): string {
  const references = sum((tree) => tree.references);
  const where = count(
    sum((tree) => tree.files),
    'file',
  );
  if (references === 0 && isFiltered) return `No image that --image names is in ${where}.`;
  const looked = `${count(references, 'image')} in ${where}`;
  const left = sum(({ refused }) => refused.length);
  if (left > 0)
    return `Nothing can be written: ${looked}, ${count(left, 'place')} left as ${left === 1 ? 'it is' : 'they are'}.`;
  return isFix ? `Nothing that check would write instead: ${looked}.` : `Nothing to update: ${looked}.`;
}
