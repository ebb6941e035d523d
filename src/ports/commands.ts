import type { CommandRun } from './builder.ts';

/** Runs what a repository says on this machine: bounded, and in an environment without tokens. It is no sandbox. */
export interface Commands {
  /** By `/bin/sh -c`, in a folder. Never throws for how it ends. */
  run(command: string, folder: string, timeoutMs: number): Promise<CommandRun>;
}
