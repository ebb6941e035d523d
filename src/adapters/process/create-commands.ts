import { mkdir } from 'node:fs/promises';
import type { Commands } from '../../ports/commands.ts';
import { runBounded } from './run-bounded.ts';

export type CommandSettings = {
  /** All that commands get to see. */
  readonly environment: Readonly<Record<string, string>>;
  /** As in `BoundedRun`. */
  readonly unshare?: string;
};

export function createCommands({ environment, unshare }: CommandSettings): Commands {
  return {
    async run(command, folder, timeoutMs) {
      for (const name of ['HOME', 'TMPDIR']) await mkdir(environment[name] ?? folder, { recursive: true });
      const end = await runBounded({
        program: '/bin/sh',
        args: ['-c', command],
        folder,
        environment,
        timeoutMs,
        ...(unshare === undefined ? {} : { unshare }),
      });
      const { output, tookMs } = end;
      switch (end.kind) {
        case 'ended':
          return { exitCode: end.exitCode, output, tookMs };
        case 'late':
        case 'overrun':
          return { output, tookMs };
        case 'not-started':
          return { exitCode: notStarted, output: 'there is no /bin/sh\n', tookMs };
      }
    },
  };
}

/** What a shell says of a program that it cannot start. */
const notStarted = 127;
