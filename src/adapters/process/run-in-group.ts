import { spawn } from 'node:child_process';
import { endGroup, forgetGroup, watchGroup } from './process-group.ts';
import { residentBytes } from './resident-bytes.ts';

export type GroupRequest = {
  readonly program: string;
  readonly args: readonly string[];
  /** The whole of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** The working folder; absent: ours. */
  readonly folder?: string;
  readonly input?: string;
  /** Ends the program, and whatever it started, at once. */
  readonly signal: AbortSignal;
  readonly maxOutputBytes: number;
  /** Which end of the error output is kept: what went wrong first, or last. */
  readonly keptErrors: 'first' | 'last';
  /**
   * Asked a few times a second, and once at the end: whether it has taken more room than it may. `residentBytes`: what the program itself
   * has of the memory; 0 where that cannot be told.
   */
  readonly isOverrun?: (residentBytes: number) => boolean;
};

export type GroupEnd =
  /** `code` is `undefined` when another than us ended it. */
  | { readonly kind: 'ended'; readonly code: number | undefined; readonly stdout: Buffer; readonly stderr: string }
  /** `aborted`: by the signal. */
  | { readonly kind: 'stopped'; readonly cause: 'aborted' | 'too-large' }
  | { readonly kind: 'not-started' };

const watchMs = 200;
/** A server may send its own words for ever. */
const maxErrorBytes = 16 * 1024;
/** A child that left the group may hold the pipes open. */
const drainMs = 1000;

/**
 * Runs a program with bounds on time, output and room. It may start others: it leads a process group, so that all of them end with it, also
 * those that it leaves behind, and has no terminal, so that none can ask anybody.
 */
export function runInGroup(request: GroupRequest): Promise<GroupEnd> {
  const { program, args, environment, folder, input, signal, maxOutputBytes, keptErrors, isOverrun } = request;
  if (signal.aborted) return Promise.resolve({ kind: 'stopped', cause: 'aborted' });
  return new Promise((done) => {
    const child = spawn(program, args, {
      env: environment,
      stdio: 'pipe',
      detached: true,
      windowsHide: true,
      ...(folder === undefined ? {} : { cwd: folder }),
    });
    watchGroup(child.pid);
    const output: Buffer[] = [];
    let errors = Buffer.alloc(0);
    let outputBytes = 0;
    let stopped: 'aborted' | 'too-large' | undefined;
    let drain: NodeJS.Timeout | undefined;
    const stop = (cause: 'aborted' | 'too-large') => {
      stopped ??= cause;
      endGroup(child.pid);
    };
    const onAbort = () => stop('aborted');
    signal.addEventListener('abort', onAbort);
    const watch =
      isOverrun === undefined
        ? undefined
        : setInterval(() => isOverrun(residentBytes(child.pid)) && stop('too-large'), watchMs);
    const finish = (end: GroupEnd) => {
      clearInterval(watch);
      clearTimeout(drain);
      forgetGroup(child.pid);
      signal.removeEventListener('abort', onAbort);
      done(end);
    };
    child.stdout.on('data', (bytes: Buffer) => {
      outputBytes += bytes.length;
      if (outputBytes > maxOutputBytes) stop('too-large');
      else output.push(bytes);
    });
    child.stderr.on('data', (bytes: Buffer) => {
      if (keptErrors === 'first' && errors.length >= maxErrorBytes) return;
      const all = Buffer.concat([errors, bytes]);
      errors = keptErrors === 'first' ? all.subarray(0, maxErrorBytes) : all.subarray(-maxErrorBytes);
    });
    // A program that ends before it read everything: its exit code tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    child.on('error', () => finish({ kind: 'not-started' }));
    child.on('exit', () => {
      endGroup(child.pid);
      drain = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, drainMs);
    });
    child.on('close', (code) => {
      if (stopped === undefined && isOverrun?.(0) === true) stopped = 'too-large';
      if (stopped !== undefined) return finish({ kind: 'stopped', cause: stopped });
      finish({ kind: 'ended', code: code ?? undefined, stdout: Buffer.concat(output), stderr: errors.toString() });
    });
  });
}
