import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headOf } from '../fakes/bare-repository.ts';
import { git } from '../fakes/git-server.ts';
import { proposingOnGitlab } from './proposing-on-gitlab.ts';

test('on GitLab, too: opened, kept, closed by a person and left alone, opened for what is newer', () =>
  proposingOnGitlab(async ({ gitlab, project, push, tell }) => {
    project.labels.push('docker');
    push('1.28.0', '1.28.1');
    assert.match((await tell()).join('; '), /^open patch nginx:1\.28\.1 .*platform/);
    const [first] = project.mergeRequests;
    assert.ok(first !== undefined);
    assert.deepEqual(first.labels, ['docker']);
    assert.equal(git(project.folder, 'show', `${first.sourceBranch}:Dockerfile`), 'FROM nginx:1.28.1');
    assert.deepEqual(await tell(), ['keep patch nginx:1.28.1']);
    Object.assign(first, { state: 'closed', closedAt: gitlab.state.now });
    for (let run = 0; run < 2; run += 1)
      assert.match((await tell()).at(-1) ?? '', /^hold patch nginx:1\.28\.1 .*2026-12-25/);
    assert.equal(first.notes.length, 1);
    push('1.28.2');
    assert.match((await tell()).join('; '), /^open patch nginx:1\.28\.2/);
    assert.deepEqual(
      project.mergeRequests.map(({ state }) => state),
      ['closed', 'opened'],
    );
  }));

test('on GitLab, too: what another lane overtakes is closed with a link, and its branch goes', () =>
  proposingOnGitlab(async ({ project, hub, push, tell }) => {
    push('1.28.0', '1.28.1');
    await tell();
    hub.content.untag('library/nginx', '1.28.1');
    push('1.30.0');
    const [opened = '', superseded] = await tell();
    assert.match(opened, /^open minor nginx:1\.30\.0/);
    assert.equal(superseded, 'supersede patch nginx:1.28.1');
    const [old] = project.mergeRequests;
    assert.equal(old?.state, 'closed');
    assert.match(old?.notes[0]?.body ?? '', /^Superseded by http\S+\/merge_requests\/2,/m);
    assert.equal(headOf(project.folder, old?.sourceBranch ?? ''), undefined);
  }));

test('on GitLab, too: a token that only reads is told which scope lacks, and leaves nothing behind', () =>
  proposingOnGitlab(async ({ project, admitBot, push, propose, tell }) => {
    push('1.28.0', '1.28.1');
    admitBot('read_api');
    const { code, stdout } = await propose();
    assert.equal(code, 3);
    assert.match(stdout, /write_repository/);
    assert.deepEqual(project.mergeRequests, []);
    admitBot('api');
    assert.match((await tell()).join('; '), /^open patch/);
    assert.equal(project.mergeRequests.length, 1);
  }));
