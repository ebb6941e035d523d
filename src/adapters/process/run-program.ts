import { execFile } from 'node:child_process';
import { dirname } from 'node:path';

export type ProgramRun = {
  /** Its whole path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly timeoutMs: number;
};

/** `failed`: `reason` says how in words, never what it printed. */
export type ProgramOutcome =
  | { readonly kind: 'done'; readonly output: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly output: string }
  | { readonly kind: 'late' };

const maxOutputBytes = 64 * 1024;

/** Runs a program that answers with little text: without a shell, ended when it takes too long or prints too much. */
export function runProgram({ program, args, input, timeoutMs }: ProgramRun): Promise<ProgramOutcome> {
  return new Promise((resolve) => {
    const options = {
      // Not the folder that is looked at: the program would read its settings files.
      cwd: dirname(program),
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: maxOutputBytes,
      windowsHide: true,
    } as const;
    const child = execFile(program, args, options, (error, output) => {
      if (error === null) return resolve({ kind: 'done', output });
      if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
        return resolve({ kind: 'failed', reason: 'it printed too much', output: '' });
      if (error.killed === true) return resolve({ kind: 'late' });
      const { code } = error;
      const reason = typeof code === 'number' ? `exit code ${code}` : (error.signal ?? code ?? 'unknown');
      resolve({ kind: 'failed', reason, output });
    });
    // A program that ends without reading is judged by its answer, not by the broken pipe.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
