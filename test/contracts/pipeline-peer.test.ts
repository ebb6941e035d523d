import assert from 'node:assert/strict';
import { createGithubPipeline } from '../../src/adapters/pipeline/github/create-github-pipeline.ts';
import { asObject, objectMember, textMember } from '../../src/domain/image/json-value.ts';
import { withGithubPeer } from './github-peer.ts';
import type { Gap } from './hold-facts.ts';
import { pipelineContract } from './pipeline.contract.ts';

const reason = 'it knows no workflow of the files that are pushed to it';

const gaps: readonly Gap[] = [
  {
    fact: 'a workflow is started with its inputs, and its run is told',
    reason,
    fails: { name: 'PipelineError', code: 'not-found' },
  },
  {
    fact: 'a workflow or a ref that is not there is refused',
    reason,
    fails: { name: 'AssertionError', actual: 'not-found', expected: 'invalid' },
  },
  {
    fact: 'a run is running, then ended, then gone',
    reason,
    fails: { name: 'PipelineError', code: 'not-found' },
  },
];

// It has no variables: state goes into a branch.
pipelineContract({
  name: 'GitHub of emulate, state in branch',
  gaps,
  withPipeline: (use) =>
    withGithubPeer(async ({ apiUrl, token, http, ask }) => {
      const access = { apiUrl, name: 'acme/shop', token, isPrivateAllowed: true };
      const connect = () =>
        createGithubPipeline(access, 'branch', { http, clock: Date.now, wait: async () => undefined });
      const commits = async () => {
        const { body } = await ask('GET', '/repos/acme/shop/commits?sha=main');
        assert.ok(Array.isArray(body));
        return body.map((one) => objectMember(asObject(one), 'commit'));
      };
      const noRuns = () => assert.fail('it has no runs');
      await use({
        pipeline: connect(),
        other: connect(),
        messages: async () => (await commits()).map((one) => textMember(one, 'message') ?? ''),
        async isNewestEmpty() {
          const [newest, before] = (await commits()).map((one) => textMember(objectMember(one, 'tree'), 'sha'));
          return newest !== undefined && newest === before;
        },
        startedRuns: () => [],
        finish: noRuns,
        forget: noRuns,
      });
    }),
});
