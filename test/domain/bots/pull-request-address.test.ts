import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePullRequestAddress } from '../../../src/domain/bots/pull-request-address.ts';

for (const [text, repository, id] of [
  ['https://github.com/acme/shop/pull/7', 'acme/shop', '7'],
  ['https://github.com/acme/shop/pull/7/files?w=1#x', 'acme/shop', '7'],
  ['https://gitlab.example/acme/web/shop/-/merge_requests/12', 'acme/web/shop', '12'],
] as const)
  test(`reads ${text}`, () => {
    const found = parsePullRequestAddress(text);
    assert.deepEqual([found?.repository, found?.id, found?.repositoryUrl.pathname], [repository, id, `/${repository}`]);
  });

for (const text of [
  'acme/shop#7',
  'https://github.com/acme/shop/issues/7',
  'https://github.com/acme/shop/pull/0',
  'https://github.com/shop/pull/7',
  'https://user:secret@github.com/acme/shop/pull/7',
  'https://github.com/acme/%2e%2e/pull/7',
])
  test(`refuses ${text}`, () => assert.equal(parsePullRequestAddress(text), undefined));
