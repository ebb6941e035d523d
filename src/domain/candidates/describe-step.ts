import { systemText } from './compare-forms.ts';
import type { Profile } from './profile.ts';
import type { Step } from './step.ts';
import type { TagForm } from './tag-form.ts';

/** Why a step is offered, and what to know of it; one clause each. */
export function describeStep(from: TagForm, step: Step, profile: Profile): readonly string[] {
  const { lane, isInLine, isSystemKept, line, system } = step;
  const reasons = [whatItIs(from, step, profile)];
  if (line.reason !== undefined) reasons.push(line.reason);
  if (!isSystemKept && lane !== 'os')
    reasons.push(`${systemText(from)} is a dead end: this version is published for ${systemText(step.to)}`);
  if (system.reason !== undefined) reasons.push(system.reason);
  if (!isInLine && profile.isStateful) reasons.push('its data on disk belong to the present line: move them first');
  return reasons;
}

function whatItIs(from: TagForm, { to, lane, isInLine }: Step, { product, lineOf }: Profile): string {
  if (lane === 'os') return `the same version on ${systemText(to)}, a newer release than ${systemText(from)}`;
  const line = lineOf(from);
  const title = product?.title ?? 'version';
  if (isInLine) return line === undefined || line === '' ? 'the newest build' : `the newest of the line ${line}`;
  return `the newest ${lane} step from ${title} ${from.numbers.join('.')}`;
}
