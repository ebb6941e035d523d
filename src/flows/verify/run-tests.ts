import { asObject, textMember } from '../../domain/image/json-value.ts';
import { hash } from '../../domain/source/hash.ts';
import type { TestOutcome } from '../../domain/verify/gate-facts.ts';
import type { TestCommand } from '../../domain/verify/verify-settings.ts';
import { BuilderError, type CommandRun } from '../../ports/builder.ts';
import type { Evidence } from '../../ports/evidence.ts';
import { keptOrMade } from './kept-record.ts';
import type { VerifiedTest } from './verify-result.ts';

export type TestedSide = {
  readonly run: (command: TestCommand) => Promise<CommandRun>;
  /** Stands for all that the outcome depends on; absent where some of it is not known. */
  readonly key?: string;
};

export type TestedPair = {
  readonly before: TestedSide;
  readonly after: TestedSide;
  /** Of which image; absent on the host. */
  readonly image?: string;
};

/**
 * Runs one command after the update, and before it only where it is red: what was red already is not the update's doing. One that is red
 * is run once more, to tell flaky from broken.
 */
export async function runTest(command: TestCommand, pair: TestedPair, evidence: Evidence): Promise<VerifiedTest> {
  const { before, after, image } = pair;
  const stem = `tests/${hash(JSON.stringify([command, image]))}`;
  const now = await outcomeOf(command, after, evidence, `${stem}-after`);
  const own = {
    command,
    ...(image === undefined ? {} : { image }),
    after: now.value,
    isReused: now.isReused,
    ...(now.isReused || now.value.kind === 'unknown' ? {} : { log: `${stem}-after.log` }),
  };
  if (now.value.kind !== 'red' && now.value.kind !== 'late') return own;
  const earlier = await outcomeOf(command, before, evidence, `${stem}-before`);
  return { ...own, before: earlier.value };
}

function outcomeOf(
  command: TestCommand,
  { run, key }: TestedSide,
  evidence: Evidence,
  log: string,
): Promise<{ readonly value: TestOutcome; readonly isReused: boolean }> {
  const name = key === undefined ? undefined : `tests/${hash(JSON.stringify([key, command]))}.json`;
  return keptOrMade<TestOutcome>(evidence, name, {
    isRecord: isGreen,
    make: () => runTwice(command, run, (text) => evidence.write(`${log}.log`, text)),
    // What was green of the same inputs is; whatever else may have been the machine's doing.
    isWorthKeeping: ({ kind }) => kind === 'green',
  });
}

function isGreen(value: unknown): value is TestOutcome {
  return textMember(asObject(value), 'kind') === 'green';
}

async function runTwice(
  command: TestCommand,
  run: TestedSide['run'],
  log: (text: string) => Promise<string>,
): Promise<TestOutcome> {
  try {
    const first = await run(command);
    if (first.exitCode === 0) {
      await log(describe(first));
      return { kind: 'green' };
    }
    const second = await run(command);
    await log(`${describe(first)}\n\nOnce more:\n${describe(second)}`);
    if (second.exitCode === 0) return { kind: 'flaky' };
    return { kind: second.exitCode === undefined ? 'late' : 'red' };
  } catch (error) {
    if (error instanceof BuilderError) return { kind: 'unknown', message: error.message };
    throw error;
  }
}

function describe({ exitCode, output, tookMs }: CommandRun): string {
  const end = exitCode === undefined ? 'ended because it took too long' : `ended with ${exitCode}`;
  return `${output}\n${end}, after ${(tookMs / 1000).toFixed(1)} s\n`;
}
