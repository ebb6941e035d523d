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
      // Of the commit, where no filter that the repository names has a say.
      const asked = ['blame', honest, '--no-textconv', '--porcelain', '-L', range, 'HEAD', '--', name];
      const { code, stdout, stderr } = await run(asked, settings);
      if (code !== 0)
        throw new WorkspaceError(
          'unreadable',
          `cannot tell who wrote lines ${range} of ${file}: ${stderr.slice(0, 200).trim()}`,
        );
      return readBlame(stdout.toString());
    },
  };
}

/** @see https://git-scm.com/docs/git-blame#_the_porcelain_format */
function readBlame(text: string): readonly LineCommit[] {
  const authors = new Map<string, string>();
  let revision = '';
  for (const line of text.split('\n')) {
    const [, id] = /^([0-9a-f]{40,64}) \d+ \d+/.exec(line) ?? [];
    revision = id ?? revision;
    if (line.startsWith('author ')) authors.set(revision, line.slice('author '.length));
  }
  return [...authors].map(([id, author]) => ({ revision: id, author }));
}
