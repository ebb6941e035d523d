import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWorldEnvironment } from '../../../src/config/environment.ts';
import { openForge } from '../../../src/wiring.ts';
import { botToken, withGitlab } from './gitlab/with-gitlab.ts';

test("a repository on the job's GitLab is reached with the token of the environment", () =>
  withGitlab(async ({ gitlab }) => {
    const world = readWorldEnvironment({ CI_SERVER_URL: gitlab.origin, GITLAB_TOKEN: botToken });
    const opened = await openForge(new URL(`${gitlab.origin}/acme/shop.git`), () => gitlab.state.now, world);
    assert.equal(opened?.forge.kind, 'gitlab');
    assert.equal((await opened?.forge.readRepository('acme/shop'))?.canPush, true);
    await opened?.close();
  }));

test('a host that is no forge is none', async () => {
  assert.equal(
    await openForge(new URL('https://git.example/acme/shop.git'), () => 0, readWorldEnvironment({})),
    undefined,
  );
});

test('a proxy that cannot be used refuses the request, and its password is not told', async () => {
  const world = readWorldEnvironment({ https_proxy: 'ftp://user:secret@proxy.example' });
  const opened = await openForge(new URL('https://gitlab.com/acme/shop'), () => 0, world);
  await assert.rejects(
    async () => opened?.forge.readRepository('acme/shop'),
    (error: Error) => {
      assert.match(error.message, /^cannot read the project acme\/shop: gitlab\.com: the proxy/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    },
  );
});
