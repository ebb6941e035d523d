import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDocker, dockerBuild, dockerRun } from '../../../src/adapters/builder/docker/create-docker.ts';
import { stage } from './fake-program.ts';

const request = {
  context: '/tree',
  dockerfile: '/tree/Dockerfile',
  target: 'release',
  args: { TAG: '3.22' },
  contexts: {},
  secrets: { npm: '/run/secrets/npm' },
  platform: 'linux/amd64',
  layout: '/out/image',
  timeoutMs: 1000,
};

test('docker buildx is given what buildah is given', () => {
  assert.equal(
    dockerBuild(request, 'basekeeper-verify:1').join(' '),
    'buildx build --progress plain --provenance=false --sbom=false --output type=oci,tar=false,dest=/out/image ' +
      '--output type=docker,name=basekeeper-verify:1 --file /tree/Dockerfile --target release --platform linux/amd64 ' +
      '--build-arg TAG=3.22 --secret id=npm,src=/run/secrets/npm /tree',
  );
});

test('a command is one argument of the shell in the container', () => {
  assert.deepEqual(dockerRun('one', 'basekeeper-verify:1', 'test -f /app; id').slice(-4), [
    '/bin/sh',
    'basekeeper-verify:1',
    '-c',
    'test -f /app; id',
  ]);
});

test('a container whose time is over is ended by its name', async () => {
  const one = stage('echo "$1 $2" >> "$HOME/calls"; case "$1" in run) exec sleep 600;; esac; cat "$HOME/calls"');
  try {
    const docker = createDocker(one.settings);
    await docker.describe();
    const image = { id: 'x', layout: '', digest: '', sizeBytes: 0, platform: '', log: '' };
    const { exitCode } = await docker.run(image, 'sleep 600', 1500);
    assert.equal(exitCode, undefined);
    assert.match(await docker.describe(), /^docker buildx /);
    assert.match(
      (await import('node:fs')).readFileSync(`${one.folder}/home/calls`, 'utf8'),
      /\nrun --rm\nrm --force\n/,
    );
  } finally {
    one.close();
  }
});
