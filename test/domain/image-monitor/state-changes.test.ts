import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commitMessage, isCommitPrefix } from '../../../src/domain/image-monitor/commit-message.ts';
import type { Decision } from '../../../src/domain/image-monitor/decide-image.ts';
import { stateChanges } from '../../../src/domain/image-monitor/state-changes.ts';

const seen = `sha256:${'b'.repeat(64)}`;
const record = { digest: seen, runId: 3, runUrl: '', attempts: 1 };
const run = { id: 9, url: 'https://github.com/acme/shop/actions/runs/9' };
const recorded = (attempts: number) => JSON.stringify({ digest: seen, run_id: 9, run_url: run.url, attempts });

function image(repository = 'library/node') {
  return {
    name: 'node',
    reference: { registry: 'docker.io', repository, tag: '24-alpine' },
    variable: 'NODE_DIGEST',
    platforms: [],
  };
}

function changes(decision: Decision, started: typeof run | undefined) {
  return stateChanges([{ image: image(), seen, decision }], started).map(({ name, value }) => [name, value]);
}

test('what is kept of each decision', () => {
  const stored = ['NODE_DIGEST', seen];
  assert.deepEqual(changes({ kind: 'unchanged' }, run), []);
  assert.deepEqual(changes({ kind: 'waiting', record, state: 'running' }, run), []);
  assert.deepEqual(changes({ kind: 'exhausted', record }, run), []);
  assert.deepEqual(changes({ kind: 'same-content' }, run), [stored]);
  assert.deepEqual(changes({ kind: 'update' }, run), [['NODE_DIGEST_PENDING', recorded(1)]]);
  assert.deepEqual(changes({ kind: 'update' }, undefined), [stored]);
  assert.deepEqual(changes({ kind: 'retry', record, attempt: 2 }, run), [['NODE_DIGEST_PENDING', recorded(2)]]);
  assert.deepEqual(changes({ kind: 'confirmed', record }, undefined), [stored, ['NODE_DIGEST_PENDING', undefined]]);
});

test('a commit names the images and their digests; its subject stays short', () => {
  assert.equal(
    commitMessage('chore(deps)', [{ image: image(), seen }]),
    `chore(deps): rebuild for node:24-alpine\n\nnode:24-alpine is now ${seen}\n`,
  );
  const many = Array.from({ length: 9 }, (_, at) => ({ image: image(`acme/tool-${at}`), seen }));
  assert.equal(commitMessage('fix', many).split('\n')[0], 'fix: rebuild for 9 moved base images');
});

test('a commit prefix is a type, and nothing that could be a line of its own', () => {
  for (const prefix of ['fix', 'chore(deps)', 'build(docker, node)!']) assert.ok(isCommitPrefix(prefix), prefix);
  for (const prefix of ['', 'fix\nCo-authored-by', '(deps)', 'fix:', 'x'.repeat(99)])
    assert.ok(!isCommitPrefix(prefix), prefix);
});
