import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createBuildah } from '../../src/adapters/builder/buildah/create-buildah.ts';
import { findProgram } from '../../src/adapters/process/find-program.ts';
import { buildEnvironment } from '../../src/config/build-environment.ts';
import { BuilderError, type BuildRequest } from '../../src/ports/builder.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { runTool } from './run-tool.ts';
import { pushShellBase } from './shell-base.ts';

const real = await startDockerRegistry('open');
const folder = mkdtempSync(join(tmpdir(), 'basekeeper-buildah-'));
const registries = join(folder, 'registries.conf');
// Dockerfiles keep their words: Docker Hub is asked for at the registry of the test.
writeFileSync(
  registries,
  `unqualified-search-registries = ["docker.io"]\n[[registry]]\nprefix = "docker.io/library"\nlocation = "${real.host}/library"\ninsecure = true\n`,
);
const folders = (process.env['PATH'] ?? '').split(':');
const program = (await findProgram('buildah', folders)) ?? '';
const unshare = (await findProgram('unshare', folders)) ?? '';
const storage = join(folder, 'storage');
const settings = {
  program,
  unshare,
  folder: storage,
  environment: buildEnvironment(
    { PATH: process.env['PATH'], CONTAINERS_REGISTRIES_CONF: registries, NPM_TOKEN: 'secret' },
    storage,
  ),
  freeBytes: async () => Number.POSITIVE_INFINITY,
};
const buildah = createBuildah(settings);
test.before(() => pushShellBase(real.host, 'library/shell:1.0'));
test.after(async () => {
  await buildah.close();
  await real.close();
  rmSync(folder, { recursive: true, force: true });
});

function request(name: string, dockerfile: string, over: Partial<BuildRequest> = {}): BuildRequest {
  const context = join(folder, name);
  mkdirSync(context);
  writeFileSync(join(context, 'Dockerfile'), dockerfile);
  writeFileSync(join(context, 'app'), 'the application\n');
  return {
    context,
    dockerfile: join(context, 'Dockerfile'),
    args: {},
    contexts: {},
    secrets: {},
    layout: join(folder, `${name}.image`),
    timeoutMs: 120_000,
    ...over,
  };
}

test('a multi-stage build with arguments, a secret and a target becomes an image that skopeo reads alike', async () => {
  const secret = join(folder, 'token');
  writeFileSync(secret, 'of the organisation');
  const dockerfile = [
    'ARG TAG=0.9',
    'FROM shell:$TAG AS build',
    'RUN --mount=type=secret,id=token test "$(cat /run/secrets/token)" = "of the organisation" && echo made > /made',
    'RUN test -z "$NPM_TOKEN"',
    'FROM shell:$TAG AS release',
    'COPY --from=build /made /made',
    'COPY app /app',
    'FROM release AS other',
    'RUN exit 1',
  ].join('\n');
  const image = await buildah.build(
    request('stages', dockerfile, { target: 'release', args: { TAG: '1.0' }, secrets: { token: secret } }),
  );
  assert.match(await buildah.describe(), /^buildah 1\./);
  assert.match(image.log, /COPY app \/app/);
  const raw = await runTool('skopeo', ['inspect', '--raw', `oci:${image.layout}`]);
  const manifest = JSON.parse(raw) as { config: { size: number }; layers: { size: number }[] };
  assert.equal(
    image.sizeBytes,
    manifest.layers.reduce((sum, { size }) => sum + size, manifest.config.size),
  );
  const file = join(folder, 'manifest.json');
  writeFileSync(file, raw);
  assert.equal(image.digest, await runTool('skopeo', ['manifest-digest', file]));
  assert.equal(image.platform, 'linux/amd64');

  const good = await buildah.run(image, 'test "$(cat /made)" = made && cat /app', 60_000);
  assert.deepEqual([good.exitCode, good.output], [0, 'the application\n']);
  const bad = await buildah.run(image, 'echo broken; exit 4', 60_000);
  assert.deepEqual([bad.exitCode, bad.output.split('\n')[0]], [4, 'broken']);
  const late = await buildah.run(image, 'echo waiting; sleep 600', 2000);
  assert.deepEqual([late.exitCode, late.output], [undefined, 'waiting\n']);
  await buildah.remove(image);
  assert.ok(existsSync(image.layout));
  await assert.rejects(buildah.run(image, 'true', 60_000), BuilderError);
});

test('a step that fails is told with what it printed', async () => {
  const failing = request('failing', 'FROM shell:1.0\nRUN echo "no such module" >&2; exit 3\n');
  await assert.rejects(buildah.build(failing), (error) => {
    assert.ok(error instanceof BuilderError);
    assert.equal(error.code, 'failed');
    assert.match(error.log, /no such module/);
    return true;
  });
});

test('a base that is not there is told by its name', async () => {
  await assert.rejects(buildah.build(request('absent', 'FROM shell:7\n')), {
    code: 'failed',
    message: /shell:7/,
  });
});

test('a build that hangs is ended with all that it started, and its storage can be taken away', async () => {
  const one = createBuildah({ ...settings, folder: join(folder, 'late') });
  const hanging = request('hanging', 'FROM shell:1.0\nRUN echo started; (sleep 86399 &); sleep 86399\n', {
    timeoutMs: 8000,
  });
  await assert.rejects(one.build(hanging), (error) => error instanceof BuilderError && error.code === 'late');
  assert.deepEqual(commandsWith('86399'), []);
  await one.close();
  assert.ok(!existsSync(join(folder, 'late')));
});

function commandsWith(word: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((command) => command.includes(word));
}

test('a full disk is told as one', async () => {
  const small = join(folder, 'small');
  mkdirSync(small);
  await runTool('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', small]);
  try {
    const one = createBuildah({ ...settings, folder: join(small, 'storage') });
    const large = request('large', 'FROM shell:1.0\nRUN head -c 50000000 /dev/urandom > /large\n');
    await assert.rejects(one.build(large), { code: 'disk' });
    await one.close();
  } finally {
    await runTool('umount', ['-l', small]);
  }
});
