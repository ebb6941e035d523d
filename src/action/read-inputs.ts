import type { GithubJob } from '../config/github-job.ts';

/** What the action is asked for. */
export type ActionInputs = {
  readonly command: 'check' | 'monitor' | 'update' | 'settle';
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
  const command = input('command');
  if (command !== 'check' && command !== 'monitor' && command !== 'update' && command !== 'settle')
    return 'command is none of check, monitor, update and settle';
  const isProposing = input('propose') === 'true';
  if (isProposing && command !== 'update') return 'propose goes with the command update';
  const isScanning = input('scan') === 'true';
  if (isScanning && command !== 'check' && command !== 'monitor' && !isProposing)
    return 'scan goes with the commands check and monitor, and with propose';
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
