import { lstatSync, statfsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScannerError } from '../../../ports/scanner.ts';
import { quotedWords } from '../../http/quoted-words.ts';
import { runInGroup } from '../../process/run-in-group.ts';
import { secretVariables } from './trivy-environment.ts';

/** How a program is started, and what it may take. */
export type TrivyProgram = {
  /** Its whole path. */
  readonly path: string;
  /** All that it gets: `trivyEnvironment`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly bounds: TrivyBounds;
};

export type TrivyBounds = {
  /** Of one start of the program. */
  readonly timeoutMs: number;
  /** Of one report or inventory. */
  readonly maxReportBytes: number;
  /** Of what the program has of the memory at a time. */
  readonly maxMemoryBytes: number;
  /** What stays free on the disk of temporary files. */
  readonly minFreeBytes: number;
};

export type TrivyRun = {
  readonly args: readonly string[];
  /** Told in errors: `scan registry.example/base:1`. */
  readonly purpose: string;
  /** Its working folder, which is ours alone: Trivy reads `trivy.yaml` and `.trivyignore` of the one it stands in. */
  readonly folder: string;
  /** The file in that folder that it writes. */
  readonly written?: string;
};

export type TrivyEnd = {
  /** `undefined` when another than us ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  /** How it ended, with its last words: half a sentence for an error. */
  readonly said: string;
};

const maxOutputBytes = 64 * 1024;

/** Runs Trivy to its end, whichever: the exit code is not judged. @throws ScannerError where it did not start, or had to be ended */
export async function runTrivy({ path, environment, bounds }: TrivyProgram, run: TrivyRun): Promise<TrivyEnd> {
  // What a killed Trivy leaves goes with the folder.
  const scratch = join(run.folder, 'scratch');
  await mkdir(scratch, { recursive: true });
  const refused = (code: ScannerError['code'], reason: string) =>
    new ScannerError(code, `cannot ${run.purpose}: ${reason}`);
  const written = join(run.folder, run.written ?? 'nothing');
  await rm(written, { force: true });
  let isHeavy = false;
  const end = await runInGroup({
    program: path,
    args: run.args,
    environment: { ...environment, TMPDIR: scratch },
    folder: run.folder,
    signal: AbortSignal.timeout(bounds.timeoutMs),
    maxOutputBytes,
    keptErrors: 'last',
    isOverrun: (residentBytes) => {
      isHeavy ||= residentBytes > bounds.maxMemoryBytes;
      return isHeavy || sizeOf(written) > bounds.maxReportBytes || freeBytes(tmpdir()) < bounds.minFreeBytes;
    },
  });
  switch (end.kind) {
    case 'ended': {
      const how = end.code === undefined ? 'Trivy was ended by another' : `Trivy ended with exit code ${end.code}`;
      return { code: end.code, stdout: end.stdout.toString(), said: `${how}${lastWords(end.stderr, environment)}` };
    }
    case 'not-started':
      throw refused('missing', `${path} does not start; install Trivy anew`);
    case 'stopped':
      if (end.cause === 'aborted')
        throw refused(
          'late',
          `Trivy was ended after ${bounds.timeoutMs / 1000} s; run it by hand to see what takes so long`,
        );
      if (isHeavy)
        throw refused(
          'too-large',
          `Trivy was ended, for it took more than ${bounds.maxMemoryBytes} bytes of memory; an image that makes it do so may be made for that`,
        );
      if (sizeOf(written) > bounds.maxReportBytes)
        throw refused('too-large', `Trivy was ended, for it wrote more than ${bounds.maxReportBytes} bytes`);
      if (freeBytes(tmpdir()) < bounds.minFreeBytes)
        throw refused('too-large', `less than ${bounds.minFreeBytes} bytes are free; make room in ${tmpdir()}`);
      throw refused('too-large', `Trivy was ended, for it printed more than ${maxOutputBytes} bytes`);
  }
}

function sizeOf(path: string): number {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    return 0;
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** The end of what it said, without colours and secrets. */
function lastWords(errors: string, environment: Readonly<Record<string, string>>): string {
  const secrets = secretVariables.flatMap((name) => environment[name] || []);
  const shown = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), errors);
  const lines = shown
    .replace(/\u001b\[[0-9;]{0,20}m/g, '')
    // A proxy's password, and a mirror's.
    .replace(/\/\/[^/\s@]{1,500}@/g, '//…@')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return quotedWords(lines.at(-1)?.slice(-200) ?? '');
}
