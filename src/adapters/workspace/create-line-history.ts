import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { LineCommit, LineHistory } from '../../ports/line-history.ts';
import { WorkspaceError } from '../../ports/workspace.ts';
import { openGit } from './git.ts';

// A list of commits to be passed over, which an empty name clears, and objects put in place of others could hide who wrote a line.
const honest = '--ignore-revs-file=';
const settings = { GIT_NO_REPLACE_OBJECTS: '1' };

export function createLineHistory(environment: Readonly<Record<string, string | undefined>>): LineHistory {
  return {
    async commitsOf(file, { from, to }) {
      const { run } = openGit(dirname(file), environment);
      const name = `./${basename(file)}`;
      const committed = await run(['cat-file', 'blob', `HEAD:${name}`], settings);
      if (committed.code === undefined)
        throw new WorkspaceError('unreadable', `cannot tell who wrote ${file}: git is not installed, or did not end`);
      if (committed.code !== 0 || !committed.stdout.equals(await readFile(file))) return 'uncommitted';
      const range = `${from},${to}`;
      const tell = async (args: readonly string[]) => {
        const { code, stdout, stderr } = await run(args, settings);
        if (code === 0) return stdout.toString();
        const why = stderr.slice(0, 200).trim();
        throw new WorkspaceError('unreadable', `cannot tell who wrote lines ${range} of ${file}: ${why}`);
      };
      // Of the commit, where no filter that the repository names has a say.
      const blame = await tell(['blame', honest, '--no-textconv', '--porcelain', '-L', range, 'HEAD', '--', name]);
      const { commits, isCut } = readBlame(blame);
      if (isCut && (await tell(['rev-parse', '--is-shallow-repository'])).trim() === 'true')
        throw new WorkspaceError(
          'unreadable',
          `cannot tell who wrote lines ${range} of ${file}: the clone has no history before them (git fetch --unshallow; fetch-depth: 0 of actions/checkout)`,
        );
      const path = `${(await tell(['rev-parse', '--show-prefix'])).trimEnd()}${basename(file)}`;
      const plain = ['--no-patch', '--no-textconv', '--no-ext-diff', '--no-show-signature', '--encoding=UTF-8'];
      // No blame shows a line that was taken out.
      const log = await tell(['log', '-1', ...plain, '--format=%H %an', `-L${range}:${name}`, 'HEAD']);
      const [, newest = '', author = ''] = /^([0-9a-f]{40,64}) (.*)/.exec(log) ?? [];
      if (newest === '') throw new WorkspaceError('unreadable', `cannot tell who wrote lines ${range} of ${file}`);
      const isShown = commits.some(({ revision }) => revision === newest);
      const there = commits.find(({ revision }) => revision === newest)?.path ?? path;
      const blob = await run(['cat-file', 'blob', `${newest}:${there}`], settings);
      const newestText = blob.code === 0 ? { newestText: blob.stdout.toString() } : {};
      return {
        path,
        newest,
        ...newestText,
        commits: isShown ? commits : [...commits, { revision: newest, author, path }],
      };
    },
  };
}

/** `isCut`: a line is of a commit without parents. @see https://git-scm.com/docs/git-blame#_the_porcelain_format */
function readBlame(text: string): { readonly commits: readonly LineCommit[]; readonly isCut: boolean } {
  const commits = new Map<string, LineCommit>();
  let commit: LineCommit = { revision: '', author: '', path: '' };
  let isCut = false;
  for (const line of text.split('\n')) {
    const [, id] = /^([0-9a-f]{40,64}) \d+ \d+/.exec(line) ?? [];
    if (id !== undefined) commit = commits.get(id) ?? { revision: id, author: '', path: '' };
    if (line.startsWith('author ')) commit = { ...commit, author: line.slice('author '.length) };
    if (line.startsWith('filename ')) commit = { ...commit, path: line.slice('filename '.length) };
    if (line === 'boundary') isCut = true;
    commits.set(commit.revision, commit);
  }
  return { commits: [...commits.values()], isCut };
}
