import type { GateFacts, TestFacts, TestOutcome } from './gate-facts.ts';
import { fail, type GateReason, hold, note } from './gate-reason.ts';
import type { VerifySettings } from './verify-settings.ts';

/** What the policy's test commands say of the update: only what was green before it and is red after it speaks against it. */
export function judgeTests({ images, tests }: GateFacts, settings: VerifySettings): readonly GateReason[] {
  if (settings.tests.length === 0)
    return images.length === 0 ? [] : [note('tests', 'no tests are configured (verify.tests of the policy file)')];
  // In an image that was not built nothing can be run, which the build's own reason tells.
  const isBuilt = images.every(({ after }) => after.build.kind === 'built');
  const missing = settings.tests.filter(
    (test) => (isBuilt || test.in === 'host') && !tests.some(({ command }) => command.run === test.run),
  );
  return [
    ...tests.flatMap(judgeTest),
    ...(images.length === 0 ? [] : missing.map(({ run }) => hold('tests', `${quoted(run)} was not run`))),
  ];
}

function judgeTest({ command, image, after, before }: TestFacts): readonly GateReason[] {
  const name = quoted(command.run);
  switch (after.kind) {
    case 'green':
      return [];
    case 'unknown':
      return [hold('tests', `${name} could not be run: ${after.message}`, image)];
    case 'flaky':
      return [hold('tests', `${name} is flaky: red, and green when it was run once more`, image)];
    case 'red':
    case 'late':
      return [judgeRed(name, after, before, image)];
  }
}

function judgeRed(
  name: string,
  after: TestOutcome,
  before: TestOutcome | undefined,
  image: string | undefined,
): GateReason {
  const is = after.kind === 'late' ? 'did not end within its time' : 'is red';
  switch (before?.kind) {
    case 'green':
      return fail('tests', `${name} was green before the update and ${is} after it`, image);
    case 'red':
    case 'late':
      return hold('tests', `${name} ${is}; it was red before the update too`, image);
    case 'flaky':
      return hold('tests', `${name} ${is}; it was flaky before the update`, image);
    case 'unknown':
    case undefined: {
      const why = before === undefined ? 'nobody asked' : before.message;
      return hold('tests', `${name} ${is}; whether it was before the update is not known: ${why}`, image);
    }
  }
}

function quoted(command: string): string {
  return JSON.stringify(command.length > 80 ? `${command.slice(0, 79)}…` : command);
}
