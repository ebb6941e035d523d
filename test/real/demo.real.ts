import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { realTrivy } from '../../scripts/scans/real-trivy.ts';
import { run } from '../e2e/command.ts';

const root = join(import.meta.dirname, '..', '..');

test('with a real builder and a real scanner, the demo ends with what an update fixes and saves', async () => {
  const env = { ...process.env, BASEKEEPER_TRIVY: realTrivy };
  const { code, stdout, stderr } = await run(process.execPath, ['scripts/demo/run.ts'], { cwd: root, env });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\npass: the update is proven \(main → update-debian, 1 image\)\n/);
  assert.match(stdout, /\n {2}size +4\.0 MB smaller\n/);
  assert.match(stdout, /\n {2}critical +1 +0 +0 +0\n {2}high +1 +0 +1 +0\n/);
  assert.match(stdout, /Made by buildah 1\.[\d.]+; trivy /);
  assert.doesNotMatch(stdout, /Left out, because/);
});
