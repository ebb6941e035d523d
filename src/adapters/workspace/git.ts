import { execFile } from 'node:child_process';
import { WorkspaceError } from '../../ports/workspace.ts';
import { scrub } from '../git/scrub.ts';

/** Git in one folder, run so that a hostile repository can start nothing. */
export type Git = {
  run(args: readonly string[], settings?: Readonly<Record<string, string>>): Promise<GitOutput>;
  changedSince(ref: string): Promise<readonly string[]>;
  /** The id of a commit. @throws WorkspaceError */
  commitOf(ref: string): Promise<string>;
};

/** `code` is `undefined` when git could not be started, or did not end in time. */
export type GitOutput = { readonly code: number | undefined; readonly stdout: Buffer; readonly stderr: string };

const timeoutMs = 30_000;
/** Half a million long paths. */
const maxOutputBytes = 256 * 1024 * 1024;

/** What a repository's configuration could name for git to start. */
const harmless = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.untrackedCache=false'];

export function openGit(folder: string, environment: Readonly<Record<string, string | undefined>>): Git {
  const run: Git['run'] = (args, settings = {}) =>
    new Promise((done) => {
      const env = { ...scrub(environment), ...settings };
      const options = {
        cwd: folder,
        env,
        timeout: timeoutMs,
        maxBuffer: maxOutputBytes,
        encoding: 'buffer',
        windowsHide: true,
      } as const;
      execFile('git', [...harmless, ...args], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined;
        done({ code, stdout, stderr: stderr.toString() });
      });
    });
  return { run, changedSince: (ref) => changedSince(run, ref), commitOf: (ref) => commitOf(run, ref) };
}

async function commitOf(run: Git['run'], ref: string): Promise<string> {
  const shown = JSON.stringify(ref.slice(0, 200));
  if (ref === '' || ref.startsWith('-') || ref.includes('\0')) {
    throw new WorkspaceError('unknown-revision', `${shown} is no commit, branch or tag`);
  }
  const inside = await run(['rev-parse', '--is-inside-work-tree']);
  if (inside.code !== 0 || inside.stdout.toString().trim() !== 'true') {
    throw new WorkspaceError(
      'no-repository',
      `nothing is known of ${shown}: this is no git work tree, or git is not installed`,
    );
  }
  const commit = await run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  if (commit.code !== 0) {
    throw new WorkspaceError(
      'unknown-revision',
      `git knows no commit ${shown} here; fetch it first (a shallow clone has few)`,
    );
  }
  return commit.stdout.toString().trim();
}

async function changedSince(run: Git['run'], ref: string): Promise<readonly string[]> {
  const shown = JSON.stringify(ref.slice(0, 200));
  const base = await run(['merge-base', await commitOf(run, ref), 'HEAD']);
  if (base.code !== 0) {
    throw new WorkspaceError(
      'unknown-revision',
      `${shown} and HEAD have no common commit here; fetch the whole history`,
    );
  }
  const start = base.stdout.toString().trim();
  const options = ['--name-only', '-z', '--no-renames', '--relative', '--diff-filter=d', '--ignore-submodules=all'];
  const diff = await run(
    ['diff', ...options, '--no-ext-diff', '--no-textconv', start, '--'],
    await withoutFilters(run),
  );
  const untracked = await run(['ls-files', '-z', '--others', '--exclude-standard']);
  if (diff.code !== 0 || untracked.code !== 0) {
    throw new WorkspaceError(
      'unreadable',
      `git could not compare with ${shown}: ${(diff.stderr || untracked.stderr).slice(0, 300)}`,
    );
  }
  const names = `${diff.stdout.toString()}${untracked.stdout.toString()}`.split('\0');
  return [...new Set(names)].filter((name) => name !== '').sort();
}

/**
 * Settings that turn off the content filters which the repository configures: comparing would start them. They are passed
 * by the environment, where a name may hold any character.
 */
async function withoutFilters(run: Git['run']): Promise<Readonly<Record<string, string>>> {
  const found = await run([
    'config',
    '-z',
    '--name-only',
    '--get-regexp',
    '^filter\\..*\\.(clean|smudge|process|required)$',
  ]);
  const names = [...new Set(found.stdout.toString().split('\0'))].filter((name) => name !== '');
  const settings = names.flatMap((name, index) => [
    [`GIT_CONFIG_KEY_${index}`, name] as const,
    [`GIT_CONFIG_VALUE_${index}`, name.endsWith('.required') ? 'false' : ''] as const,
  ]);
  return { GIT_CONFIG_COUNT: String(names.length), ...Object.fromEntries(settings) };
}
