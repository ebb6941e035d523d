import { BuilderError } from '../../ports/builder.ts';
import { type BoundedEnd, runBounded } from '../process/run-bounded.ts';
import type { BuilderSettings } from './builder-settings.ts';

/** The program of a builder, whose endings are told in the words of the port. */
export type BuilderProgram = {
  /** @throws BuilderError unless it ended with 0. */
  run(args: readonly string[], timeoutMs: number, tried: string): Promise<string>;
  /** As it ended, for whom a red end is an answer too. @throws BuilderError where it did not start, or the disk is full. */
  ask(args: readonly string[], timeoutMs: number, tried: string): Promise<Ended>;
};

export type Ended = Extract<BoundedEnd, { readonly kind: 'ended' } | { readonly kind: 'late' }>;

const minFreeBytes = 256 * 1024 * 1024;

export function builderProgram(name: string, settings: BuilderSettings): BuilderProgram {
  const ask: BuilderProgram['ask'] = async (args, timeoutMs, tried) => {
    const { program, folder, environment, freeBytes, unshare } = settings;
    if (program === undefined)
      throw new BuilderError('missing', `cannot ${tried}: there is no ${name} on PATH; install it`, '');
    const isOverrun = async () => (await freeBytes()) < minFreeBytes;
    const end = await runBounded({
      program,
      args,
      folder,
      environment,
      timeoutMs,
      isOverrun,
      ...(unshare === undefined ? {} : { unshare }),
    });
    switch (end.kind) {
      case 'not-started':
        throw new BuilderError('missing', `cannot ${tried}: ${program} cannot be started`, end.output);
      case 'overrun':
        throw new BuilderError('disk', `cannot ${tried}: it was ended before the disk was full; make room`, end.output);
      case 'ended':
      case 'late':
        return end;
    }
  };
  return {
    ask,
    async run(args, timeoutMs, tried) {
      const end = await ask(args, timeoutMs, tried);
      if (end.kind === 'late')
        throw new BuilderError('late', `cannot ${tried}: ${name} was ended after ${timeoutMs / 1000} s`, end.output);
      if (end.exitCode === 0) return end.output;
      if (/no space left on device/i.test(end.output))
        throw new BuilderError('disk', `cannot ${tried}: no space is left on the disk; make room`, end.output);
      throw new BuilderError(
        'failed',
        `cannot ${tried}: ${lastLine(end.output) ?? `exit code ${end.exitCode}`}`,
        end.output,
      );
    },
  };
}

const maxReasonLength = 300;

/** Builders say last what went wrong. */
function lastLine(output: string): string | undefined {
  const line = output
    .split('\n')
    .map((one) => one.trim())
    .findLast((one) => one !== '');
  return line?.slice(0, maxReasonLength);
}
