import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCommands } from '../../../src/adapters/process/create-commands.ts';
import { findUnshare } from '../../../src/adapters/process/find-unshare.ts';
import { buildEnvironment } from '../../../src/config/build-environment.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'commands-')));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const variables = { PATH: process.env['PATH'], GITHUB_TOKEN: 'ghp_secret', NPM_TOKEN: 'npm_secret', HOME: '/root' };
const environment = buildEnvironment(variables, join(folder, 'own'));
const unshare = await findUnshare((process.env['PATH'] ?? '').split(':'));

test('a command runs in the folder, as a shell reads it, and both streams are kept', async () => {
  const { exitCode, output } = await createCommands({ environment }).run(
    'pwd; echo "to both" >&2; exit 7',
    folder,
    10_000,
  );
  assert.deepEqual([exitCode, output], [7, `${folder}\nto both\n`]);
});

test('a command sees no token, and has a home of its own that is there', async () => {
  const { output } = await createCommands({ environment }).run('env; ls -d "$HOME" "$TMPDIR"', folder, 10_000);
  assert.doesNotMatch(output, /secret/);
  assert.ok(output.endsWith(`${join(folder, 'own', 'home')}\n${join(folder, 'own', 'tmp')}\n`), output);
});

test('one that does not end is ended, and has no exit code', async () => {
  for (const settings of unshare === undefined ? [{ environment }] : [{ environment }, { environment, unshare }]) {
    const run = await createCommands(settings).run('echo waiting; sleep 600', folder, 1000);
    assert.deepEqual([run.exitCode, run.output], [undefined, 'waiting\n']);
  }
});

test('what a command leaves in the background does not keep the run, nor outlive it', async () => {
  const settings = unshare === undefined ? { environment } : { environment, unshare };
  const started = join(folder, 'started');
  // Where process numbers can be kept apart, not even a session of its own helps it.
  const leave = unshare === undefined ? 'sleep 600 &' : 'setsid sleep 600 &';
  const { exitCode, tookMs } = await createCommands(settings).run(`${leave} touch '${started}'`, folder, 60_000);
  assert.equal(exitCode, 0);
  assert.ok(existsSync(started) && tookMs < 30_000);
});

test('one that left the process group and holds on to the output is not waited for', async () => {
  const { exitCode, tookMs } = await createCommands({ environment }).run(
    'setsid sleep 20 & echo started',
    folder,
    60_000,
  );
  assert.equal(exitCode, 0);
  assert.ok(tookMs < 15_000, String(tookMs));
});
