import type { Lifecycle } from '../../domain/catalog/image-facts.ts';
import {
  canonicalReference,
  familiarReference,
  formatReference,
  type Reference,
  repositoryName,
} from '../../domain/image/reference.ts';
import { maxVerificationLength } from '../../domain/merge/verification-section.ts';
import { describeCause } from '../../domain/monitor/describe-event.ts';
import type { CriticalFix } from '../../domain/update/critical-fix.ts';
import type { ImageEvidence } from '../../domain/update/image-evidence.ts';
import { maxMarkerLength } from '../../domain/update/proposal-marker.ts';
import { isInterim, type UpdatePlan, type UpdateStep } from '../../domain/update/update-plan.ts';
import { count } from '../familiar.ts';
import { code, escapeMarkdown } from '../markdown-text.ts';
import { megabytes } from '../megabytes.ts';
import { criticalFixLines } from './critical-fix-lines.ts';

export type PullRequestView = {
  readonly plans: readonly UpdatePlan[];
  /** By canonical reference. */
  readonly evidence: ReadonlyMap<string, ImageEvidence>;
  /** Of whatever a run has scanned. */
  readonly criticalFixes: readonly CriticalFix[];
  readonly snoozeDays: number;
};

// GitHub takes 65,536 characters; the hidden marker and what is found of it want their room.
const maxLength = 65_000 - maxMarkerLength - maxVerificationLength;
const maxPlacesLength = 8_000;
const maxSteps = 40;

/**
 * The text of a pull request: what and why in its first line, then per step old and new, where, what happens next, how to be
 * left alone, and the command that does the same. Whatever comes from files or registries is escaped: no link, mention, element
 * or further cell.
 */
export function pullRequestBody(view: PullRequestView): string {
  const { plans, snoozeDays } = view;
  const steps = plans.flatMap((plan) => plan.steps);
  const shown = steps.slice(0, maxSteps);
  const left = steps.length - shown.length;
  const end = [
    '### What happens next',
    '',
    "This repository's own checks build and test the branch. Review it, and merge it when it is green; Basekeeper merges it only where the organisation's policy says so. " +
      'While it is open, it follows the image: a rebuilt digest or a changed base branch renews the commit, as long as nobody else has written to the branch.',
    '',
    `**Not wanted?** Close it. This very target is then left alone for ${count(snoozeDays, 'day')}; a later one is proposed again.`,
    '',
    `The same on your machine: ${[...new Set(plans.map(commandOf))].slice(0, 10).map(code).join(', ')}`,
    '',
  ].join('\n');
  const blocks = [summary(steps, view.evidence)];
  let length = end.length + (blocks[0]?.length ?? 0);
  for (const [at, step] of shown.entries()) {
    const block = stepBlock(step, view);
    length += block.length + 2;
    if (length > maxLength) {
      blocks.push(`… and ${count(steps.length - at, 'more step')}; the commit has them all.`);
      return [...blocks, end].join('\n\n');
    }
    blocks.push(block);
  }
  if (left > 0) blocks.push(`… and ${count(left, 'more step')}; the commit has them all.`);
  return [...blocks, end].join('\n\n');
}

function summary(steps: readonly UpdateStep[], evidence: PullRequestView['evidence']): string {
  const [first] = steps;
  if (first === undefined) return 'Updates nothing.';
  const files = new Set(steps.flatMap(({ uses }) => uses.map(({ path }) => path))).size;
  const others = steps.length === 1 ? '' : ` and ${count(steps.length - 1, 'other image')}`;
  const reasons = [...first.reasons.slice(0, 1), ...systemChange(first, evidence)].map(escapeMarkdown).join('; ');
  const reason = reasons === '' ? '' : `: ${reasons}`;
  if (first.lane === 'interim')
    return `Upgrades packages of ${code(familiarReference(withCutDigest(first.from)))}${others} in ${count(files, 'file')} until it is patched itself${reason}.`;
  if (first.lane === 'interim-end')
    return `Removes upgrades that ${code(familiarReference(withCutDigest(first.from)))}${others} has caught up with, in ${count(files, 'file')}${reason}.`;
  return `Updates ${change(first)}${others} in ${count(files, 'file')}${reason}.`;
}

/** Of a tag that was rebuilt: its name does not say that another system lies underneath. */
function systemChange({ lane, from, to }: UpdateStep, evidence: PullRequestView['evidence']): readonly string[] {
  const [before, after] = [from, to].map((image) => evidence.get(canonicalReference(image))?.osRelease);
  return lane !== 'digest' || before === undefined || after === undefined || before === after
    ? []
    : [describeCause({ kind: 'os-changed', from: before, to: after })];
}

function change({ from, to }: UpdateStep): string {
  return `${code(familiarReference(withCutDigest(from)))} to ${code(shortTo(from, to))}`;
}

function shortTo(from: Reference, to: Reference): string {
  const isElsewhere = repositoryName(from) !== repositoryName(to);
  const cut = withCutDigest(to);
  return isElsewhere
    ? familiarReference(cut)
    : formatReference(cut).slice(repositoryName(cut).length).replace(/^:/, '');
}

function withCutDigest({ digest, ...reference }: Reference): Reference {
  return digest === undefined ? reference : { ...reference, digest: digest.slice(0, 'sha256:'.length + 12) };
}

function stepBlock(step: UpdateStep, { evidence, criticalFixes }: PullRequestView): string {
  if (isInterim(step.lane)) return interimBlock(step);
  const before = evidence.get(canonicalReference(step.from));
  const after = evidence.get(canonicalReference(step.to));
  const cell = (of: (image: ImageEvidence) => string | undefined) =>
    [before, after].map((image) => (image === undefined ? undefined : of(image)) ?? 'not known');
  const rows = [
    ['category', ...cell(({ category }) => category)],
    ['line', ...cell(({ lifecycle }) => (lifecycle === undefined ? undefined : lineText(lifecycle)))],
    ['operating system', ...cell(({ osRelease }) => (osRelease === undefined ? undefined : escapeMarkdown(osRelease)))],
    ...sizeRows(before, after),
    publishedRow(before, after),
    ['digest', ...cell(({ digest }) => (digest === undefined ? undefined : code(digest)))],
  ];
  const places = placeLines(step);
  const more = step.uses.length - places.length;
  return [
    `### ${change(step)}`,
    '',
    `| ${step.lane} | old | new |`,
    '| --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    ...[...step.reasons.slice(0, 10), ...systemChange(step, evidence)].map((reason) => `- ${escapeMarkdown(reason)}`),
    '',
    ...criticalFixLines(step, criticalFixes),
    ...places,
    ...(more > 0 ? [`- … and ${count(more, 'more place')}`] : []),
  ].join('\n');
}

/** No image changes: what is upgraded or no more, and behind which lines. */
function interimBlock(step: UpdateStep): string {
  const places = placeLines(step);
  const more = step.uses.length - places.length;
  return [
    `### ${code(familiarReference(withCutDigest(step.from)))}`,
    '',
    ...step.reasons.slice(0, 10).map((reason) => `- ${escapeMarkdown(reason)}`),
    '',
    ...places,
    ...(more > 0 ? [`- … and ${count(more, 'more place')}`] : []),
  ].join('\n');
}

/** As many as have room. */
function placeLines({ uses }: UpdateStep): readonly string[] {
  const lines = uses.map(
    ({ path, line, before, after }) =>
      `- ${code(`${path}:${line}`)} ${code(before)}${before === after ? '' : ` → ${code(after)}`}`,
  );
  const shown: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length;
    if (length > maxPlacesLength) break;
    shown.push(line);
  }
  return shown;
}

function lineText({ product, line, isLts, supportEndsOn, state }: Lifecycle): string {
  const end =
    state === 'ended'
      ? `**ended** ${supportEndsOn ?? ''}`.trim()
      : supportEndsOn === undefined
        ? ''
        : `until ${supportEndsOn}`;
  return escapeCommas(`${product} ${line}${isLts ? ' LTS' : ''}`, end);
}

function escapeCommas(name: string, end: string): string {
  return end === '' ? escapeMarkdown(name) : `${escapeMarkdown(name)}, ${end}`;
}

function sizeRows(before: ImageEvidence | undefined, after: ImageEvidence | undefined): readonly (readonly string[])[] {
  const platforms = new Set([...(before?.sizes ?? []), ...(after?.sizes ?? [])].map(({ platform }) => platform));
  const sizeOf = (image: ImageEvidence | undefined, wanted: string) =>
    image?.sizes.find(({ platform }) => platform === wanted)?.sizeBytes;
  return [...platforms].slice(0, 20).map((platform) => {
    const old = sizeOf(before, platform);
    const now = sizeOf(after, platform);
    const difference = old === undefined || now === undefined || old === now ? '' : ` (${signed(now - old)})`;
    return [
      `size, ${escapeMarkdown(platform)}`,
      old === undefined ? 'not known' : megabytes(old),
      now === undefined ? 'not known' : `${megabytes(now)}${difference}`,
    ];
  });
}

function signed(bytes: number): string {
  return `${bytes < 0 ? '−' : '+'}${megabytes(Math.abs(bytes))}`;
}

/** The same each day, so that a text is not written anew for its age alone. */
function publishedRow(before: ImageEvidence | undefined, after: ImageEvidence | undefined): readonly string[] {
  const [old, now] = [before, after].map((image) => image?.publishedAt?.slice(0, 10));
  const days =
    old === undefined || now === undefined ? 0 : Math.round((Date.parse(now) - Date.parse(old)) / 86_400_000);
  const newer = days > 0 ? ` (${count(days, 'day')} later)` : '';
  return ['published', old ?? 'not known', now === undefined ? 'not known' : `${now}${newer}`];
}

/** Names hold nothing that a shell would read; what does is left out. */
function commandOf({ image, lane, steps }: UpdatePlan): string {
  const slash = image.indexOf('/');
  const name = familiarReference({ registry: image.slice(0, slash), repository: image.slice(slash + 1) });
  if (isInterim(lane)) return 'basekeeper update --interim --diff';
  if (lane === 'policy') return `basekeeper update --fix --image ${name} --diff`;
  // Where the policy of the run wants it, that of the reader's machine may not.
  const pin = steps.some(({ from, to }) => from.digest === undefined && to.digest !== undefined) ? '--pin ' : '';
  return `basekeeper update --lane ${lane} --image ${name} ${pin}--diff`;
}
