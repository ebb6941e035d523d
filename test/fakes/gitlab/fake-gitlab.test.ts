import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { draft, withGitlab } from '../../adapters/forge/gitlab/with-gitlab.ts';
import { run } from '../../e2e/command.ts';
import { bareEnvironment } from '../git-server.ts';
import { holdToSchema } from './schemas.ts';

test('an answer that GitLab would not give is refused', () => {
  const label = { id: 1, name: 'docker', color: '#1068bf' };
  holdToSchema('labels', [label]);
  for (const wrong of [
    { ...label, color: 'blue' },
    { ...label, id: '1' },
    { id: 1, color: '#1068bf' },
  ])
    assert.throws(() => holdToSchema('labels', [wrong]), /none of GitLab's/);
});

test('what git pushes is what a merge request leads to', () =>
  withGitlab(async ({ forge }) => {
    const { pullRequest } = await forge.openPullRequest('acme/shop', draft);
    const { cloneUrl } = await forge.readRepository('acme/shop');
    const folder = mkdtempSync(join(tmpdir(), 'clone-'));
    // The server is this very process: waiting for git must not block it.
    const ask = async (...args: readonly string[]) => {
      const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
      const { code, stdout, stderr } = await run('git', [...identity, ...args], {
        cwd: folder,
        env: bareEnvironment(),
      });
      assert.equal(code, 0, stderr);
      return stdout.trim();
    };
    await ask('clone', '-q', '-b', draft.branch, cloneUrl, '.');
    await ask('commit', '-q', '--allow-empty', '-m', 'more');
    await ask('push', '-q', 'origin', draft.branch);
    const head = await ask('rev-parse', 'HEAD');
    const [found] = await forge.listPullRequests('acme/shop', {});
    assert.equal(found?.headRevision, head);
    assert.notEqual(found?.headRevision, pullRequest.headRevision);
    rmSync(folder, { recursive: true });
  }));
