import type { TestCommand, VerifySettings } from '../domain/verify/verify-settings.ts';
import type { PolicyFile } from './policy-schema.ts';

type VerifyFile = NonNullable<PolicyFile['verify']>;

const defaultTimeoutMs = 15 * 60_000;

/** `base` with what a file says of verifying put over it. */
export function mergeVerify(base: VerifySettings, written: VerifyFile | undefined): VerifySettings {
  if (written === undefined) return base;
  const { tests, noWorse, maxGrowth, contexts } = written;
  const maxGrowthPercent = maxGrowth === undefined ? base.maxGrowthPercent : Number(maxGrowth.slice(0, -1));
  return {
    tests: tests?.map(testOf) ?? base.tests,
    noWorse: noWorse ?? base.noWorse,
    ...(maxGrowthPercent === undefined ? {} : { maxGrowthPercent }),
    contexts: [...Object.entries(contexts ?? {}).map(([glob, context]) => ({ glob, context })), ...base.contexts],
  };
}

/** In the words of the policy file. */
export function describeVerify({ tests, noWorse, maxGrowthPercent, contexts }: VerifySettings): unknown {
  return {
    tests: tests.map(({ run, in: where, timeoutMs }) => ({ run, in: where, timeout: `${timeoutMs / 1000}s` })),
    noWorse,
    ...(maxGrowthPercent === undefined ? {} : { maxGrowth: `${maxGrowthPercent}%` }),
    contexts: Object.fromEntries(contexts.map(({ glob, context }) => [glob, context])),
  };
}

function testOf(written: NonNullable<VerifyFile['tests']>[number]): TestCommand {
  if (typeof written === 'string') return { run: written, in: 'host', timeoutMs: defaultTimeoutMs };
  const { run, in: where = 'host', timeout } = written;
  return { run, in: where, timeoutMs: timeout === undefined ? defaultTimeoutMs : milliseconds(timeout) };
}

function milliseconds(text: string): number {
  return Number(text.slice(0, -1)) * (text.endsWith('m') ? 60_000 : 1000);
}
