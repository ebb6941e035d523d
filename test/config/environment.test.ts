import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { findMergeStop, readEnvironment, readWorldEnvironment } from '../../src/config/environment.ts';
import { trivyServerOf } from '../../src/config/trivy-server.ts';

test('folders follow HOME where nothing else is said', () => {
  assert.deepEqual(readWorldEnvironment({ HOME: '/h', PATH: '/usr/bin:/bin' }), {
    executableFolders: ['/usr/bin', '/bin'],
    credentials: { home: '/h', dockerConfigFolder: '/h/.docker', configFolder: '/h/.config' },
    proxies: {},
    stateFolder: '/h/.local/state/basekeeper',
    cacheFolder: '/h/.cache/basekeeper',
    gitlab: {},
    github: { isInJob: false },
    trivy: { isDatabaseKept: false },
    forgeTokens: [],
  });
});

for (const [variables, stateFolder, cacheFolder] of [
  [{ XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c' }, '/s/basekeeper', '/c/basekeeper'],
  [{ XDG_STATE_HOME: '/s', BASEKEEPER_STATE: '/mine', BASEKEEPER_CACHE: '/its' }, '/mine', '/its'],
  [{ BASEKEEPER_STATE: 'mine' }, join(process.cwd(), 'mine'), '/h/.cache/basekeeper'],
  [{ XDG_STATE_HOME: 's', XDG_CACHE_HOME: '' }, '/h/.local/state/basekeeper', '/h/.cache/basekeeper'],
  [{ BASEKEEPER_STATE: '', BASEKEEPER_CACHE: ' ' }, '/h/.local/state/basekeeper', '/h/.cache/basekeeper'],
] as const) {
  test(`${JSON.stringify(variables)} decides where state and cache lie`, () => {
    const environment = readWorldEnvironment({ HOME: '/h', ...variables });
    assert.deepEqual([environment.stateFolder, environment.cacheFolder], [stateFolder, cacheFolder]);
  });
}

for (const [variables, proxies] of [
  [
    { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://p:2', NO_PROXY: '.corp' },
    { http: 'http://p:1', https: 'http://p:2', no: '.corp' },
  ],
  [
    { http_proxy: 'http://p:1', https_proxy: 'http://p:2', no_proxy: '*' },
    { http: 'http://p:1', https: 'http://p:2', no: '*' },
  ],
  [{ https_proxy: 'http://lower', HTTPS_PROXY: 'http://upper' }, { https: 'http://lower' }],
  [{ https_proxy: '', HTTPS_PROXY: 'http://upper' }, { https: 'http://upper' }],
] as const) {
  test(`${JSON.stringify(variables)} names the proxies`, () => {
    assert.deepEqual(readWorldEnvironment({ HOME: '/h', ...variables }).proxies, proxies);
  });
}

test('a relative folder of PATH is not searched', () => {
  assert.deepEqual(readWorldEnvironment({ PATH: '.::bin:/a:/a:../b:/c' }).executableFolders, ['/a', '/c']);
});

for (const [variables, trivy] of [
  [
    { BASEKEEPER_TRIVY: '/opt/trivy', TRIVY_CACHE_DIR: '/v' },
    { program: '/opt/trivy', cacheFolder: '/v', isDatabaseKept: false },
  ],
  [{ BASEKEEPER_TRIVY: 'trivy' }, { program: join(process.cwd(), 'trivy'), isDatabaseKept: false }],
  [{ BASEKEEPER_TRIVY_SERVER: 'https://t.corp.example' }, { server: 'https://t.corp.example', isDatabaseKept: false }],
  [{ TRIVY_SKIP_DB_UPDATE: 'true' }, { isDatabaseKept: true }],
  [{ TRIVY_SKIP_DB_UPDATE: 'false', BASEKEEPER_TRIVY: '' }, { isDatabaseKept: false }],
] as const) {
  test(`${JSON.stringify(variables)} decides which Trivy is asked`, () => {
    assert.deepEqual(readWorldEnvironment({ HOME: '/h', ...variables }).trivy, trivy);
  });
}

for (const [written, address] of [
  ['trivy.corp.example', 'https://trivy.corp.example/'],
  ['http://127.0.0.1:4954/scan', 'http://127.0.0.1:4954/scan'],
  ['https://me:secret@trivy.corp.example', undefined],
  ['https://trivy.corp.example/?token=1', undefined],
  ['unix:///run/trivy', undefined],
] as const) {
  test(`the Trivy server ${written} is ${address === undefined ? 'no address of one' : `asked at ${address}`}`, () => {
    assert.equal(trivyServerOf(written)?.href, address);
  });
}

test('tokens are listed by their names', () => {
  const environment = readWorldEnvironment({ HOME: '/h', GH_TOKEN: 'hunter2', GITLAB_TOKEN: '' });
  assert.deepEqual(environment.forgeTokens, ['GH_TOKEN']);
  assert.equal(environment.github.token, 'hunter2');
});

for (const [variables, isCi, noColor, isDumbTerminal] of [
  [{}, false, false, false],
  [{ CI: 'true', NO_COLOR: '1', TERM: 'dumb' }, true, true, true],
  [{ CI: 'false', NO_COLOR: '', TERM: 'xterm' }, false, false, false],
  [{ CI: '0' }, false, false, false],
] as const) {
  test(`${JSON.stringify(variables)} is read`, () => {
    const { catalogFolder, ...read } = readEnvironment({ HOME: '/h', ...variables });
    assert.deepEqual(read, { isCi, noColor, isDumbTerminal });
    assert.equal(catalogFolder, '/h/.local/share/basekeeper/catalog');
  });
}

for (const [variables, folder] of [
  [{ XDG_DATA_HOME: '/d' }, '/d/basekeeper/catalog'],
  [{ XDG_DATA_HOME: 'd' }, '/h/.local/share/basekeeper/catalog'],
  [{ BASEKEEPER_CATALOG: ' ' }, '/h/.local/share/basekeeper/catalog'],
  [{ BASEKEEPER_CATALOG: '/mine', XDG_DATA_HOME: '/d' }, '/mine'],
  [{ BASEKEEPER_CATALOG: 'mine' }, join(process.cwd(), 'mine')],
  [{ BASEKEEPER_CATALOG: './shipped' }, join(process.cwd(), 'shipped')],
  [{ BASEKEEPER_CATALOG: 'shipped' }, undefined],
] as const) {
  test(`${JSON.stringify(variables)} decides where a renewed catalog lies`, () => {
    assert.equal(readEnvironment({ HOME: '/h', ...variables }).catalogFolder, folder);
  });
}

const inPullRequest = 'this is the job of a pull request';
for (const [variables, stop] of [
  [{}, undefined],
  [{ BASEKEEPER_NO_MERGE: '' }, undefined],
  [{ BASEKEEPER_NO_MERGE: '0' }, undefined],
  [{ BASEKEEPER_NO_MERGE: 'false' }, undefined],
  [{ BASEKEEPER_NO_MERGE: '1' }, 'BASEKEEPER_NO_MERGE'],
  [{ BASEKEEPER_NO_MERGE: 'no' }, 'BASEKEEPER_NO_MERGE'],
  [{ GITHUB_ACTIONS: 'true', GITHUB_REF: 'refs/heads/main' }, undefined],
  [{ GITHUB_ACTIONS: 'true', GITHUB_REF: 'refs/pull/7/merge' }, inPullRequest],
  [{ GITLAB_CI: 'true', CI_COMMIT_REF_NAME: 'main' }, undefined],
  [{ GITLAB_CI: 'true', CI_MERGE_REQUEST_IID: '7' }, inPullRequest],
] as const)
  test(`merging with ${JSON.stringify(variables)} is ${stop === undefined ? 'free' : 'stopped'}`, () =>
    assert.equal(findMergeStop(variables), stop));
