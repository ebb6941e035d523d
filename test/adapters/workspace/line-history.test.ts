import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLineHistory } from '../../../src/adapters/workspace/create-line-history.ts';
import { git } from '../../fakes/git-server.ts';
import { withFolder } from '../store/with-folder.ts';

const text = (word: string) => `first\nsecond ${word}\nthird\n`;

async function inRepository(use: (folder: string, commit: (word: string) => Promise<string>) => Promise<void>) {
  await withFolder(async (folder) => {
    git(folder, 'init', '-q', '-b', 'main');
    await use(folder, async (word) => {
      await writeFile(join(folder, 'policy.yaml'), text(word));
      git(folder, 'add', '-A');
      git(folder, 'commit', '-q', '-m', word);
      return git(folder, 'rev-parse', 'HEAD');
    });
  });
}

const revisionsOf = async (folder: string, from: number, to: number) => {
  const written = await createLineHistory(process.env).commitsOf(join(folder, 'policy.yaml'), { from, to });
  return written === 'uncommitted' ? written : written.commits.map(({ revision }) => revision);
};

test('each line has the commit that changed it last', () =>
  inRepository(async (folder, commit) => {
    const [first, second] = [await commit('one'), await commit('two')];
    assert.deepEqual(await revisionsOf(folder, 2, 2), [second]);
    assert.deepEqual(await revisionsOf(folder, 3, 3), [first]);
    assert.deepEqual(new Set(await revisionsOf(folder, 1, 3)), new Set([first, second]));
  }));

test('a file that is not as it was committed has no history', () =>
  inRepository(async (folder, commit) => {
    await commit('one');
    await writeFile(join(folder, 'policy.yaml'), text('changed'));
    assert.equal(await revisionsOf(folder, 3, 3), 'uncommitted');
    await writeFile(join(folder, 'new.yaml'), 'a\n');
    const history = createLineHistory(process.env);
    assert.equal(await history.commitsOf(join(folder, 'new.yaml'), { from: 1, to: 1 }), 'uncommitted');
  }));

test('neither a list of commits to pass over nor a program that the repository names hides who wrote a line', () =>
  inRepository(async (folder, commit) => {
    await commit('one');
    const second = await commit('two');
    await writeFile(join(folder, '.ignored'), `${second}\n`);
    git(folder, 'config', 'blame.ignoreRevsFile', '.ignored');
    git(folder, 'config', 'diff.evil.textconv', `touch ${join(folder, 'started')}; cat`);
    await writeFile(join(folder, '.gitattributes'), '*.yaml diff=evil\n');
    assert.deepEqual(await revisionsOf(folder, 2, 2), [second]);
    assert.equal(git(folder, 'status', '--porcelain').includes('started'), false);
  }));

test('a line that is not there is told', () =>
  inRepository(async (folder, commit) => {
    await commit('one');
    await assert.rejects(revisionsOf(folder, 9, 9), {
      name: 'WorkspaceError',
      message: /cannot tell who wrote lines 9,9/,
    });
  }));

test('a commit that took a line out is among those that changed the others, and the newest', () =>
  inRepository(async (folder, commit) => {
    const first = await commit('one');
    await writeFile(join(folder, 'policy.yaml'), 'first\nthird\n');
    git(folder, 'commit', '-q', '-am', 'shorter');
    const second = git(folder, 'rev-parse', 'HEAD');
    await writeFile(join(folder, 'policy.yaml'), 'first\nthird\nfourth\n');
    git(folder, 'commit', '-q', '-am', 'longer');
    const written = await createLineHistory(process.env).commitsOf(join(folder, 'policy.yaml'), { from: 1, to: 2 });
    assert.deepEqual(written, {
      path: 'policy.yaml',
      newest: second,
      newestText: 'first\nthird\n',
      commits: [first, second].map((revision) => ({ revision, author: 't', path: 'policy.yaml' })),
    });
  }));

test('a file of a folder is told by its path, also by the one that it had', () =>
  inRepository(async (folder, commit) => {
    const first = await commit('one');
    await mkdir(join(folder, 'of the team'));
    git(folder, 'mv', 'policy.yaml', 'of the team/rules.yaml');
    git(folder, 'commit', '-q', '-m', 'moved');
    const file = join(folder, 'of the team', 'rules.yaml');
    assert.deepEqual(await createLineHistory(process.env).commitsOf(file, { from: 1, to: 3 }), {
      path: 'of the team/rules.yaml',
      newest: first,
      newestText: text('one'),
      commits: [{ revision: first, author: 't', path: 'policy.yaml' }],
    });
  }));

test('a clone that is cut off tells nothing of lines that are older', () =>
  inRepository(async (folder, commit) => {
    for (const word of ['one', 'two', 'three']) await commit(word);
    git(folder, 'clone', '-q', '--depth', '1', `file://${folder}`, 'cut');
    await assert.rejects(
      createLineHistory(process.env).commitsOf(join(folder, 'cut/policy.yaml'), { from: 1, to: 1 }),
      {
        name: 'WorkspaceError',
        message: /the clone has no history before them \(git fetch --unshallow/,
      },
    );
  }));
