import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type FetchRequest, fetchRepository } from '../../../src/adapters/workspace/fetch-repository.ts';
import { bareEnvironment, git, gitWith, startGitServer } from '../../fakes/git-server.ts';

const server = await startGitServer();
const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
let count = 0;

type Entry = readonly [mode: string, name: string | Uint8Array, id: string];

/** A repository whose tree is written byte by byte, as no git command would write it. */
function repository(
  build: (write: {
    blob: (content: string | Uint8Array) => string;
    tree: (entries: readonly Entry[]) => string;
  }) => string,
) {
  count += 1;
  const bare = join(server.root, `${count}.git`);
  git(server.root, 'init', '-q', '--bare', bare);
  git(bare, 'config', 'uploadpack.allowFilter', 'true');
  const store = (type: string, content: string | Uint8Array) =>
    gitWith(bare, content, 'hash-object', '-w', '--literally', '--stdin', '-t', type);
  const tree = (entries: readonly Entry[]) =>
    store(
      'tree',
      Buffer.concat(
        entries.flatMap(([mode, name, id]) => [
          Buffer.from(`${mode} `),
          Buffer.from(name),
          Buffer.from([0]),
          Buffer.from(id, 'hex'),
        ]),
      ),
    );
  const root = build({ blob: (content) => store('blob', content), tree });
  const commit = git(bare, 'commit-tree', root, '-m', 'x');
  git(bare, 'update-ref', 'refs/heads/main', commit);
  const request: FetchRequest = {
    url: `${server.origin}/${count}.git`,
    cacheFolder: join(folder, `cache-${count}`),
    environment: bareEnvironment(),
    isPrivateAllowed: () => true,
    protocols: ['http'],
  };
  return request;
}

test('names that no checkout could have are refused, odd ones are listed as they are', async () => {
  const request = repository(({ blob, tree }) => {
    const id = blob('FROM a');
    const inner = tree([['100644', 'Dockerfile', id]]);
    return tree([
      ['100644', '-rf', id],
      ['40000', '..', inner],
      ['40000', '.', inner],
      ['40000', '.GIT', inner],
      ['100644', 'a\nb', id],
      ['100644', 'a/../../b', id],
      ['100644', '/etc/passwd', id],
      ['100644', new Uint8Array([0x78, 0xff]), id],
      ['100644', 'x'.repeat(5000), id],
    ]);
  });
  const workspace = await fetchRepository(request);
  const { paths, refused } = await workspace.list({ isWanted: () => true });
  assert.deepEqual(paths, ['-rf', 'a\nb']);
  assert.equal(await workspace.read('a\nb', 9), 'FROM a');
  assert.deepEqual(
    refused.map(({ reason, severity }) => `${severity}: ${reason}`).sort(),
    [
      'error: its name is not UTF-8, rename it',
      ...Array(5).fill('error: its path is one that git would not check out'),
      'error: its path is longer than any system takes',
    ].sort(),
  );
  for (const path of ['../Dockerfile', '.git/Dockerfile', '.GIT/Dockerfile', '/etc/passwd', 'a/../../b'])
    await assert.rejects(workspace.read(path, 99), { name: 'WorkspaceError' });
});

test('links are followed within the tree only, and not for ever', async () => {
  const request = repository(({ blob, tree }) =>
    tree([
      ['120000', 'absolute', blob('/etc/passwd')],
      ['120000', 'empty', blob('')],
      ['40000', 'f', tree([['100644', 'Dockerfile', blob('FROM a')]])],
      ['120000', 'long', blob('x/'.repeat(3000))],
      ['120000', 'loop', blob('loop/a/b')],
      ['120000', 'out', blob('f/../../x')],
      ['120000', 'through', blob('to-folder/../to-folder/Dockerfile')],
      ['120000', 'to-folder', blob('f')],
      ['120000', 'to-git', blob('.git/config')],
    ]),
  );
  const workspace = await fetchRepository(request);
  const { paths, refused } = await workspace.list({ isWanted: (path) => path === 'through' });
  assert.deepEqual(paths, ['f/Dockerfile', 'through']);
  const asked = server.questions.length;
  assert.equal(await workspace.read('through', 99), 'FROM a');
  assert.equal(await workspace.read('to-folder/Dockerfile', 99), 'FROM a');
  assert.equal(server.questions.length, asked, 'what a listed link leads to is fetched by the listing');
  assert.deepEqual(
    refused.map(({ path, reason }) => [path, reason]),
    [
      ['absolute', 'the link leads out of the tree'],
      ['empty', 'the link leads nowhere'],
      ['long', 'the link leads nowhere'],
      ['loop', 'the link leads back to itself'],
      ['out', 'the link leads out of the tree'],
      ['to-git', 'the link leads into .git'],
    ],
  );
});

test('a tree of more files than there are atoms is refused', async () => {
  const request = repository(({ blob, tree }) => {
    let inner = tree([['100644', 'a', blob('')]]);
    for (let level = 0; level < 12; level += 1)
      inner = tree(
        Array.from({ length: 26 }, (_, index) => ['40000', String.fromCharCode(97 + index), inner] as const),
      );
    return inner;
  });
  await assert.rejects(fetchRepository(request), { code: 'too-large', message: /more files/ });
});

test('a file too large to be fetched is left out, the others come', async () => {
  const small = Array.from({ length: 9 }, (_, index) => `FROM a:${index}`);
  const request = repository(({ blob, tree }) =>
    tree([
      ...small.map((text, index) => ['100644', `${index}`, blob(text)] as const),
      ['100644', 'huge', blob(randomBytes(3_000_000))],
    ]),
  );
  const workspace = await fetchRepository({ ...request, maxFetchBytes: 100_000 });
  const { paths } = await workspace.list({ isWanted: () => true });
  assert.deepEqual(await Promise.all(paths.slice(0, 9).map((path) => workspace.read(path, 99))), small);
  await assert.rejects(workspace.read('huge', 1000), { code: 'too-large' });
});

test('a file that is large and packs small is not unpacked', async () => {
  const request = repository(({ blob, tree }) => tree([['100644', 'zeros', blob(Buffer.alloc(30_000_000, ' '))]]));
  const workspace = await fetchRepository({ ...request, maxFetchBytes: 1_000_000 });
  await workspace.list({ isWanted: () => true });
  await assert.rejects(workspace.read('zeros', 1000), { code: 'too-large' });
});

test('a tree too large to be fetched is refused', async () => {
  const request = repository(({ blob, tree }) => {
    const id = blob('');
    return tree(Array.from({ length: 2000 }, () => ['100644', randomBytes(50).toString('hex'), id] as const));
  });
  await assert.rejects(fetchRepository({ ...request, maxFetchBytes: 20_000 }), {
    code: 'too-large',
    message: /larger/,
  });
});
