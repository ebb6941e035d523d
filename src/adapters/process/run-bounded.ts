import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { endGroup, forgetGroup, watchGroup } from './process-group.ts';

export type BoundedRun = {
  /** Its whole path. */
  readonly program: string;
  readonly args: readonly string[];
  /** The working folder. */
  readonly folder: string;
  /** The whole of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Asked once a second: whether it has taken more room than it may. */
  readonly isOverrun?: () => Promise<boolean>;
  /**
   * Whole path of util-linux's unshare, for those who may use it: then nothing that was started or mounted outlives the run, whatever it
   * does to leave the process group.
   */
  readonly unshare?: string;
};

/** `output`: both streams as they came, the end of them where they are long. */
export type BoundedEnd =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly output: string; readonly tookMs: number }
  | { readonly kind: 'late'; readonly output: string; readonly tookMs: number }
  | { readonly kind: 'overrun'; readonly output: string; readonly tookMs: number }
  /** There is no such program, or the system refuses it. */
  | { readonly kind: 'not-started'; readonly output: string; readonly tookMs: number };

const keptBytes = 256 * 1024;
const watchMs = 1000;
/** How long the processes of a run may take to go. */
const goneMs = 5000;
/** How long what a program printed last may take to arrive. */
const drainMs = 1000;
/** What a shell says of one that was ended by a signal that was not ours. */
const killedExitCode = 128 + 9;

/**
 * Runs a program that may take long, print much and start others: it leads a process group, which ends with it, and reads nothing.
 * Whatever it printed is from a stranger.
 */
export function runBounded(run: BoundedRun): Promise<BoundedEnd> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const log = new LogEnd(keptBytes);
    const [program, ...args] = commandOf(run);
    const options = { cwd: run.folder, env: run.environment, detached: true, windowsHide: true } as const;
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    watchGroup(child.pid);
    let stopped: 'late' | 'overrun' | undefined;
    const stop = (cause: 'late' | 'overrun') => {
      stopped ??= cause;
      if (run.unshare === undefined || !endChildren(child.pid)) return endGroup(child.pid);
      giveUp = setTimeout(() => endGroup(child.pid), goneMs);
    };
    let giveUp: NodeJS.Timeout | undefined;
    let drain: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => stop('late'), run.timeoutMs);
    const watch = watchRoom(run.isOverrun, () => stop('overrun'));
    const finish = (kind: BoundedEnd['kind'], exitCode: number) => {
      clearTimeout(timer);
      clearTimeout(giveUp);
      clearTimeout(drain);
      clearInterval(watch);
      // What it started in the background goes too.
      endGroup(child.pid);
      forgetGroup(child.pid);
      const tookMs = Math.round(performance.now() - startedMs);
      const output = stopped === undefined ? log.text() : withoutWordOfUnshare(log.text());
      const end = { output, tookMs };
      resolve(kind === 'ended' ? { kind, exitCode, ...end } : { kind, ...end });
    };
    child.stdout.on('data', (bytes: Buffer) => log.add(bytes));
    child.stderr.on('data', (bytes: Buffer) => log.add(bytes));
    child.on('error', () => finish('not-started', 0));
    // A child of its own may hold the pipes open: what counts is that the program itself ended.
    child.on('exit', () => {
      endGroup(child.pid);
      drain = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, drainMs);
    });
    child.on('close', (code) => finish(stopped ?? 'ended', code ?? killedExitCode));
  });
}

function commandOf({ program, args, unshare }: BoundedRun): readonly [string, ...string[]] {
  return unshare === undefined
    ? [program, ...args]
    : [unshare, '--pid', '--mount', '--fork', '--kill-child', '--', program, ...args];
}

/**
 * Ends the first process of those numbers alone: unshare, which waits for it, ends when the last of them is gone, and not before.
 *
 * @returns whether it was found.
 */
function endChildren(pid: number | undefined): boolean {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    for (const child of children) process.kill(Number(child === '' ? Number.NaN : child), 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/** It complains last of all when what it waits for is ended. */
function withoutWordOfUnshare(output: string): string {
  return output.replace(/(?<=^|\n)unshare: [^\n]{1,200}\n$/, '');
}

function watchRoom(isOverrun: BoundedRun['isOverrun'], stop: () => void): NodeJS.Timeout | undefined {
  if (isOverrun === undefined) return undefined;
  return setInterval(() => {
    // A folder that cannot be asked is told by whoever writes into it.
    isOverrun().then(
      (is) => is && stop(),
      () => undefined,
    );
  }, watchMs);
}

/** The end of a text whose length nobody knows. */
class LogEnd {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #bytes = 0;
  #isCut = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
    // Joined now and then, not at each line.
    if (this.#bytes > 2 * this.#maxBytes) this.#cut();
  }

  text(): string {
    if (this.#bytes > this.#maxBytes) this.#cut();
    return `${this.#isCut ? '…\n' : ''}${Buffer.concat(this.#parts).toString()}`;
  }

  #cut(): void {
    const end = Buffer.concat(this.#parts).subarray(-this.#maxBytes);
    this.#parts = [end];
    this.#bytes = end.length;
    this.#isCut = true;
  }
}
