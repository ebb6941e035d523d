import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWorldEnvironment } from '../../../src/config/environment.ts';
import { openForge, openRemoteBranches } from '../../../src/wiring.ts';
import { botToken, withGitlab } from './gitlab/with-gitlab.ts';

test("a repository on the job's GitLab is reached with the token of the environment", () =>
  withGitlab(async ({ gitlab }) => {
    const world = readWorldEnvironment({ CI_SERVER_URL: gitlab.origin, GITLAB_TOKEN: botToken });
    const opened = await openForge(new URL(`${gitlab.origin}/acme/shop.git`), () => gitlab.state.now, world);
    assert.equal(opened.forge.kind, 'gitlab');
    assert.equal((await opened.forge.readRepository(opened.repository)).canPush, true);
    await opened.close();
  }));

for (const address of ['https://corp.example/gitlab/acme/sub/shop.git', 'ssh://git@corp.example/acme/sub/shop'])
  test(`GitLab under a path calls ${address} acme/sub/shop`, async () => {
    const world = readWorldEnvironment({ GITLAB_HOST: 'https://corp.example/gitlab/' });
    const { forge, repository, close } = await openForge(new URL(address), () => 0, world);
    await close();
    assert.deepEqual([forge.kind, repository], ['gitlab', 'acme/sub/shop']);
  });

for (const [address, written, repository, said] of [
  ['https://git.invalid/acme/shop.git', undefined, 'acme/shop', 'https://git.invalid/acme/shop.git'],
  ['https://git.invalid/git.git', undefined, 'git', 'https://git.invalid/git.git'],
  ['https://git.invalid/scm/shop/', undefined, 'scm/shop', 'https://git.invalid/scm/shop/'],
  ['ssh://git@127.0.0.1/acme/shop.git', 'git@127.0.0.1:acme/shop.git', 'acme/shop', 'git@127.0.0.1:acme/shop.git'],
] as const)
  test(`${written ?? address} is known to no forge: git alone is spoken there`, async () => {
    const plain = written === undefined ? {} : { written };
    const opened = await openForge(new URL(address), () => 0, readWorldEnvironment({}), plain);
    assert.deepEqual([opened.forge.kind, opened.repository], ['git', repository]);
    // Neither is asked: one has no address, the other is private.
    await assert.rejects(opened.forge.readRepository(repository), (error: Error) =>
      error.message.includes(`${said}: `),
    );
  });

test('a proxy that cannot be used refuses the request, and its password is not told', async () => {
  const world = readWorldEnvironment({ https_proxy: 'ftp://user:secret@proxy.example' });
  const opened = await openForge(new URL('https://gitlab.com/acme/shop'), () => 0, world);
  await assert.rejects(
    async () => opened.forge.readRepository('acme/shop'),
    (error: Error) => {
      assert.match(error.message, /^cannot read the project acme\/shop: gitlab\.com: the proxy/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    },
  );
});

test('branches on a private host are not read until the host is named as private', async () => {
  const branches = await openRemoteBranches('https://127.0.0.1:1/acme/shop.git', new Set());
  await assert.rejects(branches.list('basekeeper/'), { code: 'refused', message: /under privateHosts/ });
});
