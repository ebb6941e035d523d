import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { withGithub } from './with-github.ts';

const draft = { marker: 'notices-web', title: 'What is due', body: 'Late.' };

test('an issue behind more than a page of others and pull requests is found', () =>
  withGithub(async ({ github, repository, forge }) => {
    const { id } = await forge.writeIssue('acme/shop', draft);
    for (let count = 0; count < 130; count += 1) github.openIssue('acme/shop', 'keeper', `Something ${count}.`);
    const pull = {
      branch: 'basekeeper/node',
      baseBranch: 'main',
      title: 'node',
      body: '<!-- basekeeper:notices-web -->\n',
    };
    const none = { isDraft: false, labels: [], assignees: [], reviewers: [] };
    await forge.openPullRequest('acme/shop', { ...pull, ...none });
    assert.equal((await forge.writeIssue('acme/shop', { ...draft, body: 'Later.' })).id, id);
    assert.equal(repository.issues.length, 131);
    assert.ok(github.requests.filter((one) => one.startsWith('GET /repos/acme/shop/issues ')).length > 2);
  }));

test('what was opened twice before is one again, and the first', () =>
  withGithub(async ({ github, repository, forge }) => {
    const body = '<!-- basekeeper:notices-web -->\r\nLate.\r\n';
    const first = github.openIssue('acme/shop', 'keeper', body);
    const second = github.openIssue('acme/shop', 'keeper', body);
    assert.deepEqual(await forge.writeIssue('acme/shop', draft), {
      ...{ id: String(first.number), url: `${github.origin}/acme/shop/issues/${first.number}` },
      ...{ title: 'What is due', body: 'Late.' },
    });
    assert.deepEqual([first.state, second.state, repository.issues.length], ['open', 'closed', 2]);
  }));

test("an App's issues are its own, not those of another bot", () =>
  withGithub(async ({ github, forgeWith }) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const app = github.addApp('keeper-app');
    github.addApp('other');
    app.installations.set('acme', { id: 1, permissions: { issues: 'write' } });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const forge = forgeWith({ kind: 'app', appId: String(app.id), privateKey: key });
    github.openIssue('acme/shop', 'other[bot]', '<!-- basekeeper:notices-web -->\nNot ours.');
    const { id } = await forge.writeIssue('acme/shop', draft);
    assert.equal(github.repository('acme/shop').issues.at(-1)?.login, 'keeper-app[bot]');
    assert.equal((await forge.findIssue('acme/shop', 'notices-web'))?.id, id);
  }));

test('a token that may not, and a repository without issues, are told by their reason', () =>
  withGithub(async ({ github, repository, forge, forgeWith }) => {
    github.state.tokens.set('ghp_less', { login: 'keeper', permissions: { issues: 'read' } });
    const less = forgeWith({ kind: 'token', token: 'ghp_less', isOfJob: false });
    await assert.rejects(less.writeIssue('acme/shop', draft), {
      code: 'unauthorized',
      message: /the permission issues=write/,
    });
    repository.hasIssues = false;
    await assert.rejects(forge.writeIssue('acme/shop', draft), {
      ...{ name: 'ForgeError', code: 'not-found', message: /it is gone.*Issues has been disabled/ },
    });
  }));
