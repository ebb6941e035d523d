import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
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

// Without process numbers of its own, a command is a process like any other of the user: docs/verify.md says so.
if (unshare !== undefined)
  test('a command finds no token in the environment of the process that runs it', async () => {
    const parent = join(import.meta.dirname, 'start-command.ts');
    const look = "cat /proc/[0-9]*/environ | tr '\\0' '\\n'; echo looked";
    const { stdout } = await promisify(execFile)(process.execPath, [parent, look, folder], {
      env: { PATH: process.env['PATH'], GITHUB_TOKEN: 'ghp_secret' },
    });
    assert.match(stdout, /looked/);
    assert.doesNotMatch(stdout, /ghp_secret/);
  });

test('what left the group and holds the output open does not keep the run', async () => {
  const left = join(folder, 'left');
  const { exitCode, output, tookMs } = await createCommands({ environment }).run(
    `setsid sh -c 'echo $$ > ${left}; exec sleep 600' & while ! test -s ${left}; do :; done; echo done`,
    folder,
    60_000,
  );
  process.kill(Number(readFileSync(left, 'utf8')), 'SIGKILL');
  assert.deepEqual([exitCode, output], [0, 'done\n']);
  assert.ok(tookMs < 30_000);
});
