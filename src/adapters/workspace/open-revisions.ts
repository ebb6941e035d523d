import type { Revision, Revisions } from '../../ports/revisions.ts';
import { WorkspaceError } from '../../ports/workspace.ts';
import { runGit } from '../git/run-git.ts';
import { scrub } from '../git/scrub.ts';
import { type AskGit, checkOut } from './check-out.ts';
import { harmlessSettings } from './git.ts';

const timeoutMs = 120_000;

/** @param folder absolute, anywhere in a git repository. */
export function openRevisions(folder: string, environment: Readonly<Record<string, string | undefined>>): Revisions {
  const settings = { ...scrub(environment), GIT_NO_REPLACE_OBJECTS: '1' };
  const ask: AskGit = async (args, { input = '', maxOutputBytes = 1024 * 1024 } = {}) => {
    const end = await runGit({
      args: ['-C', folder, ...harmlessSettings, ...args],
      environment: settings,
      input,
      signal: AbortSignal.timeout(timeoutMs),
      maxOutputBytes,
    });
    switch (end.kind) {
      case 'not-started':
        throw new WorkspaceError('no-repository', 'cannot read commits: git is not installed');
      case 'stopped':
        throw new WorkspaceError(
          'too-large',
          `git ${args[0]} took ${end.cause === 'aborted' ? `longer than ${timeoutMs / 1000} s` : 'more room than it may'}`,
        );
      case 'ended':
        return { code: end.code, stdout: end.stdout, stderr: end.stderr };
    }
  };
  return {
    findRoot: () => findRoot(ask),
    find: (name) => find(ask, name),
    async findFork(one, other) {
      const base = await ask(['merge-base', one.commit, other.commit]);
      return base.code === 0 ? find(ask, base.stdout.toString().trim()) : undefined;
    },
    checkOut: (revision, place) => checkOut(ask, revision, place),
  };
}

async function findRoot(ask: AskGit): Promise<string> {
  const found = await ask(['rev-parse', '--show-toplevel']);
  if (found.code === 0) return found.stdout.toString().replace(/\r?\n$/, '');
  throw new WorkspaceError('no-repository', `cannot read commits: ${found.stderr.trim().slice(0, 300)}`);
}

async function find(ask: AskGit, name: string): Promise<Revision> {
  const shown = JSON.stringify(name.slice(0, 200));
  if (name === '' || name.startsWith('-') || name.includes('\0'))
    throw new WorkspaceError('unknown-revision', `${shown} is no commit, branch or tag`);
  const found = await ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  if (found.code !== 0)
    throw new WorkspaceError(
      'unknown-revision',
      `git knows no commit ${shown} here; fetch it first (a shallow clone has few)`,
    );
  const commit = found.stdout.toString().trim();
  const tree = await ask(['rev-parse', '--verify', '--quiet', `${commit}^{tree}`]);
  return { commit, tree: tree.stdout.toString().trim() };
}
