import type { GithubJob } from '../config/github-job.ts';

const actionCommands = ['check', 'monitor', 'update', 'verify', 'settle'] as const;
export type ActionCommand = (typeof actionCommands)[number];

/** What the action is asked for. */
export type ActionInputs = {
  readonly command: ActionCommand;
  readonly isProposing: boolean;
  readonly isScanning: boolean;
  /** A secret: opens pull requests in place of the job's own. */
  readonly token?: string;
  /** A secret. */
  readonly jobToken?: string;
  readonly paths: readonly string[];
  readonly policy?: string;
  /** Further options of the command. */
  readonly arguments: readonly string[];
  readonly isUploading: boolean;
};

/** @returns as text, what is wrong with them. */
export function readInputs(input: GithubJob['input']): ActionInputs | string {
  const command = actionCommands.find((name) => name === input('command'));
  if (command === undefined) return 'command is none of check, monitor, update, verify and settle';
  const isProposing = input('propose') === 'true';
  if (isProposing && command !== 'update') return 'propose goes with the command update';
  const isScanning = input('scan') === 'true';
  if (isScanning && command !== 'check' && command !== 'monitor' && command !== 'settle' && !isProposing)
    return command === 'verify'
      ? 'verify always scans: leave scan out'
      : 'scan goes with the commands check, monitor and settle, and with propose';
  const [token, jobToken, policy] = [input('token'), input('job-token'), input('policy')];
  return {
    command,
    isProposing,
    isScanning,
    paths: linesOf(input('path')),
    arguments: linesOf(input('arguments')),
    isUploading: input('upload-sarif') === 'true',
    ...(token === undefined ? {} : { token }),
    ...(jobToken === undefined ? {} : { jobToken }),
    ...(policy === undefined ? {} : { policy }),
  };
}

function linesOf(text = ''): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}
