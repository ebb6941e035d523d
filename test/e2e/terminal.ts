import { basekeeperCommand, type Run, run } from './command.ts';

/**
 * Runs the real program on a terminal of its own, as `script` of util-linux makes it. Standard output and error are one there,
 * and lines end in `\r\n`.
 */
export async function onTerminal(
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Record<string, string> },
): Promise<Run> {
  const { command, args: all, environment } = basekeeperCommand(args);
  const words = [command, ...all].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  // `script` asks the shell of the user, who may have none.
  const variables = { ...environment, TERM: 'xterm', SHELL: '/bin/sh', ...env };
  return run('script', ['--quiet', '--return', '--command', words.join(' '), '/dev/null'], { cwd, env: variables });
}
