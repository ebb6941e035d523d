import assert from 'node:assert/strict';
import { test } from 'node:test';
import { git } from '../fakes/git-server.ts';
import { proposingOnGitlab } from './proposing-on-gitlab.ts';

test('on GitLab, too: left to its pipeline, taken back when people write to it, merged when it is green', () =>
  proposingOnGitlab(async ({ gitlab, project, push, propose, settle }) => {
    project.isPipelineRequired = true;
    push('1.28.0', '1.28.1');
    await propose();
    const [request] = project.mergeRequests;
    assert.ok(request !== undefined);
    gitlab.runJob('acme/shop', request.sha, 'test', 'running');
    const waiting = await settle();
    assert.equal(waiting.code, 0, waiting.stderr);
    assert.match(waiting.stdout, /left to the forge to merge +1 .*\n.*\n +for pipeline, test/);
    assert.equal(request.isAutoMerging, true);
    gitlab.runJob('acme/shop', request.sha, 'lint', 'failed');
    assert.match(
      (await settle()).stdout,
      /review asked .*\n.*\n +lint, pipeline failed|review asked .*\n.*\n +lint failed/,
    );
    assert.equal(request.isAutoMerging, false);
    for (const job of ['lint', 'test']) gitlab.runJob('acme/shop', request.sha, job, 'success');
    const { stdout } = await settle();
    assert.match(stdout, /merged +1 .*\n.*\n +flaky: lint/);
    assert.match(stdout, /1 merged, 0 waiting/);
    assert.equal(request.state, 'merged');
    assert.equal(git(project.folder, 'show', 'main:Dockerfile'), 'FROM nginx:1.28.1');
    assert.equal(request.notes.length, 1);
  }, '{ labels: [], automerge: { allow: [{ categories: [preferred, restricted], lanes: [patch] }] } }'));

test('on GitLab, too: without a pipeline that is required people are asked', () =>
  proposingOnGitlab(async ({ gitlab, project, push, propose, settle }) => {
    push('1.28.0', '1.28.1');
    await propose();
    const [request] = project.mergeRequests;
    gitlab.runJob('acme/shop', request?.sha ?? '', 'test', 'success');
    assert.match((await settle()).stdout, /review asked .*\n.*\n +no check that its branch requires is green/);
    assert.equal(request?.state, 'opened');
  }, '{ labels: [], automerge: true }'));
