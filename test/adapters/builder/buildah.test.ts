import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bud, createBuildah } from '../../../src/adapters/builder/buildah/create-buildah.ts';
import { BuilderError } from '../../../src/ports/builder.ts';
import { type Stage, stage } from './fake-program.ts';

/** Says that it built an image, as buildah does: by a file. */
const built = `id=sha256:${'a'.repeat(64)}
case "$*" in *--iidfile*) while [ "$1" != --iidfile ]; do shift; done; printf %s "$id" > "$2"; exit 0;; esac`;

async function refusal({ settings, request }: Stage): Promise<BuilderError> {
  try {
    await createBuildah(settings).build(request);
  } catch (error) {
    assert.ok(error instanceof BuilderError, String(error));
    return error;
  }
  return assert.fail('nothing was refused');
}

for (const [fact, program, code, message] of [
  ['fails', 'echo step 1; echo "Error: no such image" >&2; exit 125', 'failed', /: Error: no such image$/],
  ['crashes', 'kill -SEGV $$', 'failed', /exit code 137$/],
  ['fills the disk', 'echo "write /x: no space left on device"; exit 1', 'disk', /no space is left/],
  ['names no image', 'exit 0', 'malformed', /named no image$/],
  [
    'leaves no image',
    `${built}
exit 0`,
    'malformed',
    /left no image$/,
  ],
  [
    'leaves something else',
    `${built}
mkdir "\${*##*oci:}"; printf nonsense > "\${*##*oci:}/index.json"`,
    'malformed',
    /not one whole image$/,
  ],
  [
    'names a manifest that is not there',
    `${built}
mkdir "\${*##*oci:}"; printf '{"manifests":[{"digest":"%s"}]}' "$id" > "\${*##*oci:}/index.json"`,
    'malformed',
    /not one whole image$/,
  ],
] as const) {
  test(`a builder that ${fact} is told as ${code}`, async () => {
    const one = stage(program);
    try {
      const error = await refusal(one);
      assert.equal(error.code, code);
      assert.match(error.message, message);
    } finally {
      one.close();
    }
  });
}

test('a builder that hangs is ended with all that it started', async () => {
  const one = stage('sleep 600 & echo $! > "$TMPDIR/child"; echo building; wait');
  try {
    const error = await refusal({ ...one, request: { ...one.request, timeoutMs: 1500 } });
    assert.equal(error.code, 'late');
    assert.equal(error.log, 'building\n');
    const child = Number(readFileSync(join(one.folder, 'tmp', 'child'), 'utf8'));
    assert.ok(!isRunning(child));
  } finally {
    one.close();
  }
});

/** What was ended and not yet asked about still has a number. */
function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}

test('a builder that eats the disk is ended before it is full', async () => {
  const one = stage('touch "$HOME/eating"; exec sleep 600', () =>
    existsSync(join(one.folder, 'home', 'eating')) ? 1000 : Number.POSITIVE_INFINITY,
  );
  try {
    assert.equal((await refusal(one)).code, 'disk');
  } finally {
    one.close();
  }
});

test('of a long log the end is kept', async () => {
  const one = stage('head -c 3000000 /dev/zero | tr "\\0" x; echo; echo the end; exit 1');
  try {
    const { log } = await refusal(one);
    assert.ok(log.length < 300_000 && log.startsWith('…') && log.endsWith('x\nthe end\n'));
  } finally {
    one.close();
  }
});

test('where there is no buildah, that is said', async () => {
  const one = stage('');
  try {
    const { program: _, ...settings } = one.settings;
    const error = await refusal({ ...one, settings });
    assert.equal(error.code, 'missing');
    assert.match(error.message, /there is no buildah on PATH; install it$/);
  } finally {
    one.close();
  }
});

test('a builder sees no token and no home of the user', async () => {
  const one = stage('env; exit 1');
  try {
    const { log } = await refusal(one);
    const names = log
      .split('\n')
      .flatMap((line) => line.split('=', 1))
      .filter((name) => name !== '' && name !== '_');
    assert.deepEqual(
      names
        .filter((name) => !/^(PATH|HOME|TMPDIR|LC_ALL|REGISTRY_AUTH_FILE|PWD|OLDPWD|SHLVL)$/.test(name))
        .filter((name) => !/proxy|CONTAINERS_|SSL_/i.test(name)),
      [],
    );
    assert.ok(!log.includes('ghp_secret'));
  } finally {
    one.close();
  }
});

test('everything of the build definition becomes an argument', () => {
  const one = stage('');
  try {
    const { context, dockerfile } = one.request;
    const request = {
      ...one.request,
      target: 'release',
      args: { TAG: '3.22', TEXT: '--isolation=oci' },
      contexts: { base: 'docker-image://docker.io/library/alpine:3.22' },
      secrets: { npm: '/run/secrets/npm' },
      platform: 'linux/arm64',
    };
    const common = ['bud', '--isolation', 'chroot', '--iidfile', '/id'];
    const rest = [
      ['--file', dockerfile],
      ['--target', 'release'],
      ['--platform', 'linux/arm64'],
      ['--build-arg', 'TAG=3.22'],
      ['--build-arg', 'TEXT=--isolation=oci'],
      ['--build-context', 'base=docker-image://docker.io/library/alpine:3.22'],
      ['--secret', 'id=npm,src=/run/secrets/npm'],
      [context],
    ].flat();
    assert.deepEqual(bud(request, '/id'), [...common, ...rest]);
    const ignoreFile = `${dockerfile}.dockerignore`;
    writeFileSync(ignoreFile, '*\n');
    assert.deepEqual(bud(request, '/id'), [...common, '--ignorefile', ignoreFile, ...rest]);
    assert.throws(() => bud({ ...request, secrets: { npm: '/a,env=TOKEN' } }, '/id'), { code: 'failed' });
  } finally {
    one.close();
  }
});
