import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keeperToken, withGithub } from './github/with-github.ts';
import { withGitlab } from './gitlab/with-gitlab.ts';

const release = { workflow: 'release.yml', ref: 'main', inputs: {} };

test('GitHub: one that does not tell its runs has started it once, and lists it', () =>
  withGithub(async ({ forge, repository }) => {
    repository.workflows.add('release.yml');
    repository.tellsRuns = false;
    assert.equal(await forge.startPipeline('acme/shop', release), undefined);
    const listed = await forge.listStartedRuns('acme/shop', release);
    assert.deepEqual(
      listed.map(({ id }) => id),
      repository.workflowRuns.map(({ id }) => id),
    );
    assert.equal(listed.length, 1);
  }));

test('GitHub: inputs are written out as texts, and what others started is not listed', () =>
  withGithub(async ({ forge, repository }) => {
    repository.workflows.add('release.yml');
    repository.workflowRuns.push({ id: 7, workflow: 'release.yml', ref: 'main', event: 'push', inputs: {} });
    await forge.startPipeline('acme/shop', { ...release, inputs: { dryRun: false, level: 2 } });
    assert.deepEqual(repository.workflowRuns.at(-1)?.inputs, { dryRun: 'false', level: '2' });
    assert.equal((await forge.listStartedRuns('acme/shop', release)).length, 1);
  }));

test('GitHub: a workflow has to be named, has to be there, and has to be allowed', () =>
  withGithub(async ({ forge, github, forgeWith, repository }) => {
    const { workflow: _, ...unnamed } = release;
    for (const ask of [forge.listStartedRuns, forge.startPipeline])
      await assert.rejects(ask('acme/shop', unnamed), { code: 'invalid', message: /write workflow: release\.yml/ });
    await assert.rejects(forge.startPipeline('acme/shop', release), { code: 'not-found' });
    repository.workflows.add('release.yml');
    github.state.tokens.set('ghp_fine', { login: 'keeper', permissions: { actions: 'read', contents: 'write' } });
    const fine = forgeWith({ ...keeperToken, token: 'ghp_fine' });
    const refusal = { code: 'unauthorized', message: /it needs the permission actions=write/ };
    await assert.rejects(fine.startPipeline('acme/shop', release), refusal);
    assert.equal(repository.workflowRuns.length, 0);
  }));

test('GitLab: inputs keep their names and kinds; one that is not declared is refused with its words', () =>
  withGitlab(async ({ forge, project }) => {
    project.pipelineInputs.add('dryRun');
    await forge.startPipeline('acme/shop', { ...release, inputs: { dryRun: false } });
    assert.deepEqual(project.startedPipelines[0]?.inputs, { dryRun: false });
    const refusal = { code: 'invalid', message: /Given inputs not defined in the spec: other/ };
    await assert.rejects(forge.startPipeline('acme/shop', { ...release, inputs: { other: 'x' } }), refusal);
  }));

test('GitLab: a reporter may start none', () =>
  withGitlab(async ({ forge, project, gitlab }) => {
    project.members.set(gitlab.state.users[0]?.id ?? 0, 20);
    await assert.rejects(forge.startPipeline('acme/shop', release), {
      code: 'unauthorized',
      message: /at least the role Developer/,
    });
  }));
