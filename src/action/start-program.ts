import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitCodes } from '../cli/failure.ts';
import { environmentOfPrograms } from '../config/environment.ts';

/** A source beside sources, a bundle beside bundles. */
const program = fileURLToPath(new URL(`../cli/main${extname(import.meta.filename)}`, import.meta.url));

/**
 * Runs the command line of this same version.
 *
 * @param output where it prints: as this process does, or an open file
 * @returns its exit code
 */
export function startProgram(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
  output: 'inherit' | number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...environmentOfPrograms(), ...variables };
    const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', output, 'inherit'] });
    // A job that is cancelled tells the action alone.
    const onInterrupt = (signal: NodeJS.Signals) => child.kill(signal);
    process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
      resolve(code ?? exitCodes.interrupted);
    });
  });
}
