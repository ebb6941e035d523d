import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from './command.ts';

const root = join(import.meta.dirname, '..', '..');

test('the demo shows what it announces', async () => {
  const { code, stdout, stderr } = await run(process.execPath, ['scripts/demo/run.ts'], { cwd: root });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /policy-example\/Dockerfile/);
  assert.match(stdout, /FROM gcr\.io\/distroless\/nodejs26-debian13:nonroot/);
  assert.match(stdout, /A multi-stage version to start from/);
});
