import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { runPackage } from '../../src/config/ci-settings.ts';
import { run } from './command.ts';

const root = join(import.meta.dirname, '..', '..');

test('the packed package installs into an empty folder and runs there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'package-'));
  try {
    const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, env: process.env });
    assert.equal(packed.code, 0, packed.stderr);
    const { filename, files } = Object.values(JSON.parse(packed.stdout))[0] as {
      filename: string;
      files: { path: string }[];
    };
    const paths = files.map(({ path }) => path);
    for (const needed of ['LICENSE', 'NOTICE', 'README.md', 'dist/cli/main.js'])
      assert.ok(paths.includes(needed), needed);
    assert.deepEqual(
      paths.filter((path) => /^(src|test|scripts|bench|examples)\//.test(path)),
      [],
    );
    await run('npm', ['init', '-y'], { cwd: folder, env: process.env });
    const installed = await run(
      'npm',
      ['install', '--no-fund', '--no-audit', '--prefer-offline', join(folder, filename)],
      { cwd: folder, env: process.env },
    );
    assert.equal(installed.code, 0, installed.stderr);
    const main = join(folder, 'node_modules', 'basekeeper', 'dist', 'cli', 'main.js');
    const explained = await run(process.execPath, [main, 'explain', 'alpine:3.24', '--json', '--now', '2026-11-23'], {
      cwd: folder,
      env: { ...process.env, BASEKEEPER_CATALOG: 'shipped' },
    });
    assert.equal(explained.code, 0, explained.stderr);
    assert.equal(JSON.parse(explained.stdout).category, 'preferred');
    // What npx installs is gone with the folder; what npm has downloaded already is used.
    const { stdout: npmCache } = await run('npm', ['config', 'get', 'cache'], { cwd: folder, env: process.env });
    await mkdir(join(folder, 'npm-cache'));
    await symlink(join(npmCache.trim(), '_cacache'), join(folder, 'npm-cache', '_cacache'));
    // The line that `init` writes for CI, with the package that it may name instead of a published one.
    const line = `${runPackage} check --output sarif=basekeeper.sarif --format github`;
    const env = {
      ...process.env,
      BASEKEEPER_CATALOG: 'shipped',
      BASEKEEPER: join(folder, filename),
      npm_config_cache: join(folder, 'npm-cache'),
      npm_config_prefer_offline: 'true',
      PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
    };
    await writeFile(join(folder, 'Dockerfile'), 'FROM alpine:3.24\nUSER 1\n');
    const inCi = await run('sh', ['-c', line], { cwd: folder, env });
    assert.equal(inCi.code, 0, inCi.stderr);
    assert.equal(JSON.parse(await readFile(join(folder, 'basekeeper.sarif'), 'utf8')).version, '2.1.0');
    const schema = await run(join(folder, 'node_modules', '.bin', 'basekeeper'), ['policy', 'schema'], {
      cwd: folder,
      // The `node` of the shebang is the one that runs this test.
      env,
    });
    assert.equal(schema.code, 0, schema.stderr);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('an old Node gets one line and exit 2', async () => {
  const old =
    "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'22.11.0'}})";
  const main = join(root, 'src', 'cli', 'main.ts');
  const { code, stderr, stdout } = await run(process.execPath, ['--import', old, main, 'check'], { cwd: root });
  assert.deepEqual([code, stdout, stderr], [2, '', 'basekeeper needs Node.js 24 or newer; this is 22.11.0\n']);
});
