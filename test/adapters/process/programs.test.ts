import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createPrograms } from '../../../src/adapters/process/create-programs.ts';
import { runProgram } from '../../../src/adapters/process/run-program.ts';

const folder = await mkdtemp(join(tmpdir(), 'programs-'));
test.after(() => rm(folder, { recursive: true }));

async function script(name: string, text: string, mode = 0o755): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, mode);
  return path;
}

for (const [name, text, version] of [
  ['git', 'echo "git version 2.39.5 (Apple Git-154)"', '2.39.5'],
  ['trivy', 'echo "Version: 0.57.1-next+b"; echo "Vulnerability DB:"; echo "  Version: 2.0"', '0.57.1-next+b'],
  ['grype', 'echo "grype 0.85"', '0.85'],
] as const) {
  test(`${name} tells its version`, async () => {
    const path = await script(name, text);
    assert.deepEqual(await createPrograms(['/nowhere', folder]).find(name), { kind: 'found', path, version });
  });
}

for (const [name, text, reason] of [
  ['silent', 'exit 0', 'it printed no version'],
  ['failing', 'echo 1.2.3; exit 4', 'exit code 4'],
  ['talkative', 'while :; do echo 1.2.3; done', 'it printed too much'],
] as const) {
  test(`one that is ${name} is broken`, async () => {
    const path = await script(name, text);
    assert.deepEqual(await createPrograms([folder]).find(name), { kind: 'broken', path, reason });
  });
}

test('what is no program is not found', async () => {
  await script('plain', 'echo 1.2', 0o644);
  await mkdir(join(folder, 'folder'));
  const programs = createPrograms([folder]);
  for (const name of ['plain', 'folder', 'absent']) assert.deepEqual(await programs.find(name), { kind: 'missing' });
});

test('a program that hangs is ended', async () => {
  const program = await script('hanging', 'exec /bin/sleep 600');
  assert.deepEqual(await runProgram({ program, args: [], timeoutMs: 100 }), { kind: 'late' });
});

test('a program does not stand in the folder that is looked at, and no shell reads its arguments', async () => {
  const program = await script('where', 'pwd; echo "$1"');
  const outcome = await runProgram({ program, args: ['$(id); x'], timeoutMs: 10_000 });
  assert.deepEqual(outcome, { kind: 'done', output: `${folder}\n$(id); x\n` });
});
