import { Command, CommanderError } from 'commander';
import { commands } from './commands.ts';
import { describeFailure, exitCodes } from './failure.ts';
import { removeUnfinishedFiles } from './output.ts';
import { version } from './version.ts';

/** Runs one command line. @returns the exit code; see design "Exit codes and options". */
export async function runProgram(args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.clean;
  const setExitCode = (code: number) => {
    exitCode = code;
  };
  const program = new Command('basekeeper')
    .description('Keeps the base images of your container projects on policy, current and patched')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(basekeeper --help lists the commands)')
    .configureHelp({ showGlobalOptions: false });
  // Loading every command would double the time to start: only the one that is asked for is loaded, or all, for help.
  const asked = commands.filter(({ name }) => name === args[0]);
  for (const { load } of asked.length > 0 ? asked : commands) (await load())(program, setExitCode);
  // exitOverride is not inherited by commands that were made before it was set; set it on each.
  for (const command of program.commands) {
    command.exitOverride();
    for (const inner of command.commands) inner.exitOverride();
  }
  const onInterrupt = () => {
    removeUnfinishedFiles();
    process.stderr.write('\nbasekeeper: interrupted; nothing half-written was left behind\n');
    process.exit(exitCodes.interrupted);
  };
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader went away (`| head`): nobody is left to tell.
    if (error.code === 'EPIPE') process.exit(exitCode);
    throw error;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
    const failure = describeFailure(error);
    process.stderr.write(`${failure.message}\n`);
    return failure.exitCode;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}
