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
  assert.match(stdout, /its own base docker\.io\/library\/alpine:3\.24 was rebuilt/);
  assert.match(stdout, /the operating system underneath changed from Debian 13 \(trixie\) to Debian 14 \(forky\)/);
  assert.match(stdout, /1\.28-alpine is out \(minor\)/);
  assert.match(stdout, /10 of 13 verified: 3 events/);
  assert.match(stdout, /opened +golang +\[minor\] +1\.27-alpine +→ +1\.28-alpine@sha256:/);
  assert.match(stdout, /opened +python +\[minor\] +3\.11 +→ +3\.14@sha256:/);
  assert.match(stdout, /Pull requests in 3 repositories: 2 opened, 0 renewed/);
  assert.match(stdout, /golang-minor-[0-9a-f]{16} +open +build\(deps\): update golang 1\.27-alpine → 1\.28-alpine/);
  assert.match(stdout, /\n {2}operating system +Alpine Linux 3\.24 +Alpine Linux 3\.24\n/);
  assert.match(stdout, /renewed +golang +\[minor\]/);
  assert.match(stdout, /Pull requests in 3 repositories: 0 opened, 1 renewed, 1 open as they should be/);
});
