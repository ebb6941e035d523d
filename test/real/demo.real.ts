import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { realTrivy } from '../../scripts/scans/real-trivy.ts';
import { run } from '../e2e/command.ts';

const root = join(import.meta.dirname, '..', '..');

test('with a real builder and a real scanner, the demo tells what an update fixes and saves, what is due, and by whose delay it was late', async () => {
  const env = { ...process.env, BASEKEEPER_TRIVY: realTrivy };
  const { code, stdout, stderr } = await run(process.execPath, ['scripts/demo/run.ts'], { cwd: root, env });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\npass: the update is proven \(main → update-debian, 1 image\)\n/);
  assert.match(stdout, /\n {2}size +4\.0 MB smaller\n/);
  assert.match(stdout, /\n {2}critical +1 +0 +0 +0\n {2}high +1 +0 +1 +0\n/);
  assert.match(stdout, /Made by buildah 1\.[\d.]+; trivy /);
  assert.match(stdout, /\n1 d 20 h +2026-11-27 05:00 +1 CRITICAL, 1 HIGH: DEMO-2026-0001 openssl and 1 more/);
  assert.match(stdout, /\n +→ basekeeper update --propose --scan/);
  assert.match(stdout, /Deadlines: 2 findings open, none late; 2 closed/);
  assert.match(stdout, /\nlate by 22 h +2026-12-01 09:30 +1 CRITICAL: DEMO-2026-0004 sed/);
  assert.match(
    stdout,
    /66 % in time: 2 of 3 findings that fell due\. 1 late, 1 of them open: 1 waited for the supplier’s/,
  );
  assert.doesNotMatch(stdout, /Left out, because/);
});
