import { findProgram } from './find-program.ts';
import { runBounded } from './run-bounded.ts';

/** The whole path of unshare where this process may give a program process numbers, and a /proc, of its own: root mostly, in containers not always. */
export async function findUnshare(folders: readonly string[]): Promise<string | undefined> {
  const unshare = await findProgram('unshare', folders);
  if (unshare === undefined) return undefined;
  const trial = {
    program: '/bin/sh',
    args: ['-c', 'exit 0'],
    folder: '/',
    environment: {},
    timeoutMs: 10_000,
    unshare,
  };
  const end = await runBounded(trial);
  return end.kind === 'ended' && end.exitCode === 0 ? unshare : undefined;
}
