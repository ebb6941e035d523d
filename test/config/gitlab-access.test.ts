import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GitlabVariables } from '../../src/config/environment.ts';
import { gitlabOf } from '../../src/config/gitlab-access.ts';

const corp = 'https://git.corp.example/gitlab';

for (const [name, address, variables, expected] of [
  ['gitlab.com', 'https://gitlab.com/a/b', { token: 't' }, ['https://gitlab.com', 'private t', false]],
  ['gitlab.com without a token', 'https://gitlab.com/a/b', {}, ['https://gitlab.com', undefined, false]],
  [
    "the job's GitLab",
    'https://git.corp.example/gitlab/a/b',
    { serverUrl: corp, token: 't' },
    [corp, 'private t', true],
  ],
  [
    'a job token alone',
    'https://git.corp.example/gitlab/a/b',
    { serverUrl: corp, jobToken: 'j' },
    [corp, 'job j', true],
  ],
  [
    'both tokens',
    'https://git.corp.example/a/b',
    { serverUrl: corp, jobToken: 'j', token: 't' },
    [corp, 'private t', true],
  ],
  [
    'GITLAB_HOST',
    'https://git.corp.example/a/b',
    { host: 'git.corp.example', token: 't' },
    ['https://git.corp.example', 'private t', true],
  ],
  [
    'not the job token of another GitLab',
    'https://git.corp.example/a/b',
    { host: 'git.corp.example', serverUrl: 'https://gitlab.com', jobToken: 'j' },
    ['https://git.corp.example', undefined, true],
  ],
  [
    "gitlab.com from another GitLab's job",
    'https://gitlab.com/a/b',
    { serverUrl: corp, token: 't', jobToken: 'j' },
    ['https://gitlab.com', undefined, false],
  ],
  [
    'a host that is called so',
    'https://gitlab.other.example/a/b',
    { token: 't' },
    ['https://gitlab.other.example', undefined, false],
  ],
  ['another port', 'https://gitlab.com:8443/a/b', { token: 't' }, ['https://gitlab.com:8443', undefined, false]],
  ['plain HTTP of a stranger', 'http://gitlab.other.example/a/b', { token: 't' }, undefined],
  ['GitHub', 'https://github.com/a/b', { token: 't' }, undefined],
  ['a name that only ends so', 'https://notgitlab.com/a/b', { token: 't' }, undefined],
] satisfies readonly (readonly [
  string,
  string,
  GitlabVariables,
  readonly [string, string | undefined, boolean] | undefined,
])[])
  test(`a token goes to the GitLab it is of: ${name}`, () => {
    const found = gitlabOf(new URL(address), variables);
    const token = found?.token && `${found.token.kind} ${found.token.text}`;
    assert.deepEqual(found && [found.url, token, found.isPrivateAllowed], expected);
  });

test('a host that people call a GitLab needs no name of one, and gets no token of another', () => {
  const address = new URL('https://code.corp.example/a/b');
  assert.equal(gitlabOf(address, { token: 't' }), undefined);
  assert.deepEqual(gitlabOf(address, { token: 't' }, true), {
    url: 'https://code.corp.example',
    isPrivateAllowed: false,
  });
});
