import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GithubVariables } from '../../src/config/environment.ts';
import { githubOf } from '../../src/config/github-access.ts';

const api = 'https://api.github.com';
const corp = { serverUrl: 'https://ghe.corp.example', apiUrl: 'https://ghe.corp.example/api/v3' };
const corpRepository = 'https://ghe.corp.example/a/b.git';

for (const [name, address, variables, expected] of [
  ['github.com', 'https://github.com/a/b', { token: 't' }, [api, 't', false]],
  ['github.com without a token', 'https://github.com/a/b', {}, [api, undefined, false]],
  ['GITHUB_TOKEN outside of jobs', 'https://github.com/a/b', { jobToken: 'ghs_j' }, [api, 'ghs_j', false]],
  [
    'a job on github.com',
    'https://github.com/a/b',
    { jobToken: 'ghs_j', isInJob: true },
    [api, 'ghs_j of the job', false],
  ],
  [
    'a GITHUB_TOKEN of its own in a job',
    'https://github.com/a/b',
    { jobToken: 'ghp_j', isInJob: true },
    [api, 'ghp_j', false],
  ],
  ['both tokens', 'https://github.com/a/b', { token: 't', jobToken: 'ghs_j', isInJob: true }, [api, 't', false]],
  [
    'a job on an Enterprise server',
    corpRepository,
    { ...corp, jobToken: 'ghs_j', isInJob: true, token: 't' },
    [corp.apiUrl, 'ghs_j of the job', true],
  ],
  [
    "github.com from an Enterprise server's job",
    'https://github.com/a/b',
    { ...corp, jobToken: 'ghs_j', isInJob: true },
    [api, undefined, false],
  ],
  [
    'GH_HOST',
    corpRepository,
    { host: 'ghe.corp.example', enterpriseToken: 'e', token: 't', jobToken: 'j' },
    ['https://ghe.corp.example/api/v3', 'e', true],
  ],
  [
    'GH_HOST without its token',
    corpRepository,
    { host: 'ghe.corp.example', token: 't', jobToken: 'j' },
    ['https://ghe.corp.example/api/v3', undefined, true],
  ],
  [
    'a tenant of ghe.com',
    'https://acme.ghe.com/a/b',
    { host: 'acme.ghe.com', enterpriseToken: 'e' },
    ['https://api.acme.ghe.com', 'e', true],
  ],
  ['an App', 'https://github.com/a/b', { appId: '7', appPrivateKey: 'k', token: 't' }, [api, 'app 7', false]],
  [
    "an App of the Enterprise host is not github.com's",
    'https://github.com/a/b',
    { host: 'ghe.corp.example', appId: '7', appPrivateKey: 'k', token: 't' },
    [api, 't', false],
  ],
  [
    'a host that is called so',
    'https://github.other.example/a/b',
    { token: 't', enterpriseToken: 'e' },
    ['https://github.other.example/api/v3', undefined, false],
  ],
  ['another port', 'https://github.com:8443/a/b', { token: 't' }, ['https://github.com:8443/api/v3', undefined, false]],
  ['plain HTTP of a stranger', 'http://github.other.example/a/b', { token: 't' }, undefined],
  ['plain HTTP of github.com', 'http://github.com/a/b', { token: 't' }, undefined],
  ['a name that only ends so', 'https://notgithub.com/a/b', { token: 't' }, undefined],
  ['GitLab', 'https://gitlab.com/a/b', { token: 't' }, undefined],
] satisfies readonly (readonly [
  string,
  string,
  Partial<GithubVariables>,
  readonly [string, string | undefined, boolean] | undefined,
])[])
  test(`${name}: which API, which credential, and whether it may be private`, () => {
    const found = githubOf(new URL(address), { isInJob: false, ...variables });
    const { credential } = found ?? {};
    const shown =
      credential?.kind === 'app'
        ? `app ${credential.appId}`
        : credential && `${credential.token}${credential.isOfJob ? ' of the job' : ''}`;
    assert.deepEqual(found && [found.apiUrl, shown, found.isPrivateAllowed], expected);
  });

test('a host that people call a GitHub needs no name of one, and gets no token of another', () => {
  const address = new URL('https://code.corp.example/a/b');
  const variables = { isInJob: false, token: 't', enterpriseToken: 'e', jobToken: 'j' };
  assert.equal(githubOf(address, variables), undefined);
  assert.deepEqual(githubOf(address, variables, true), {
    apiUrl: 'https://code.corp.example/api/v3',
    isPrivateAllowed: false,
  });
});
