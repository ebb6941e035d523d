import { spawn } from 'node:child_process';

export type GitRequest = {
  readonly args: readonly string[];
  /** The whole of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Ends git, and whatever git started, at once. */
  readonly signal: AbortSignal;
  readonly maxOutputBytes: number;
  /** Asked a few times a second, and once at the end: whether git has taken more room than it may. */
  readonly isOverrun?: () => boolean;
};

export type GitEnd =
  /** `code` is `undefined` when another than us ended it. */
  | { readonly kind: 'ended'; readonly code: number | undefined; readonly stdout: Buffer; readonly stderr: string }
  /** `aborted`: by the signal. */
  | { readonly kind: 'stopped'; readonly cause: 'aborted' | 'too-large' }
  | { readonly kind: 'not-started' };

const watchMs = 200;
/** The beginning says what went wrong; a server may send its own words for ever. */
const maxErrorBytes = 16 * 1024;

/**
 * Runs git with bounds on time, output and room. Git starts programs of its own (the HTTP client, `index-pack`, `ssh`): it
 * leads a process group, so that all of them end with it, and has no terminal, so that none can ask anybody.
 */
export function runGit(request: GitRequest): Promise<GitEnd> {
  const { args, environment, input, signal, maxOutputBytes, isOverrun } = request;
  if (signal.aborted) return Promise.resolve({ kind: 'stopped', cause: 'aborted' });
  return new Promise((done) => {
    const child = spawn('git', args, { env: environment, stdio: 'pipe', detached: true, windowsHide: true });
    if (child.pid !== undefined) running.add(child.pid);
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let outputBytes = 0;
    let errorBytes = 0;
    let stopped: 'aborted' | 'too-large' | undefined;
    const stop = (cause: 'aborted' | 'too-large') => {
      stopped ??= cause;
      endGroup(child.pid);
    };
    const onAbort = () => stop('aborted');
    signal.addEventListener('abort', onAbort);
    const watch = isOverrun === undefined ? undefined : setInterval(() => isOverrun() && stop('too-large'), watchMs);
    const finish = (end: GitEnd) => {
      clearInterval(watch);
      if (child.pid !== undefined) running.delete(child.pid);
      signal.removeEventListener('abort', onAbort);
      done(end);
    };
    child.stdout.on('data', (bytes: Buffer) => {
      outputBytes += bytes.length;
      if (outputBytes > maxOutputBytes) stop('too-large');
      else output.push(bytes);
    });
    child.stderr.on('data', (bytes: Buffer) => {
      if (errorBytes < maxErrorBytes) errors.push(bytes.subarray(0, maxErrorBytes - errorBytes));
      errorBytes += bytes.length;
    });
    // Git that ends before it read everything: its exit code tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    child.on('error', () => finish({ kind: 'not-started' }));
    child.on('close', (code) => {
      if (stopped === undefined && isOverrun?.() === true) stopped = 'too-large';
      if (stopped !== undefined) return finish({ kind: 'stopped', cause: stopped });
      const stderr = Buffer.concat(errors).toString();
      finish({ kind: 'ended', code: code ?? undefined, stdout: Buffer.concat(output), stderr });
    });
  });
}

/** A group of its own outlives whoever started it, and hears no Ctrl-C of a terminal. */
const running = new Set<number>();
process.on('exit', () => running.forEach(endGroup));

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It ended by itself a moment ago.
  }
}
