import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildEnvironment, dockerEnvironment } from '../../src/config/build-environment.ts';

const own = {
  PATH: '/bin',
  HOME: '/own/home',
  TMPDIR: '/own/tmp',
  LC_ALL: 'C.UTF-8',
  REGISTRY_AUTH_FILE: '/own/home/no-credentials.json',
};
const secrets = {
  GITHUB_TOKEN: 'secret',
  DOCKER_AUTH_CONFIG: '{}',
  REGISTRY_AUTH_FILE: '/root/auth.json',
  HOME: '/root',
  SSH_AUTH_SOCK: '/run/agent',
  DOCKER_HOST: 'unix:///var/run/docker.sock',
};

test('of the environment only what is harmless goes to a builder', () => {
  assert.deepEqual(buildEnvironment({ PATH: '/bin', ...secrets }, '/own'), own);
  const more = { CONTAINERS_REGISTRIES_CONF: '/etc/mirrors.conf', SSL_CERT_FILE: '/etc/ca.pem' };
  assert.deepEqual(buildEnvironment({ PATH: '/bin', ...more }, '/own'), { ...own, ...more });
});

test('a proxy goes along, unless its address holds a password', () => {
  const written = {
    https_proxy: 'http://user:password@proxy:3128',
    no_proxy: 'corp.example',
    http_proxy: 'http://proxy:3128',
  };
  const { https_proxy: _, ...harmless } = written;
  assert.deepEqual(buildEnvironment({ PATH: '/bin', ...written }, '/own'), { ...own, ...harmless });
});

test('docker is told where its daemon is', () => {
  assert.deepEqual(dockerEnvironment({ PATH: '/bin', ...secrets }, '/own'), {
    ...own,
    DOCKER_HOST: 'unix:///var/run/docker.sock',
  });
});
