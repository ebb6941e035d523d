import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from './command.ts';
import { tellsOfFiveTeams } from './five-teams.ts';

const root = join(import.meta.dirname, '..', '..');

test('the demo shows what it announces, and on a machine without builder and scanner what it leaves out, and what it plays back', async (context) => {
  const tools = mkdtempSync(join(tmpdir(), 'tools-'));
  context.after(() => rmSync(tools, { recursive: true }));
  for (const tool of ['git', 'sh', 'grep', 'sed'])
    symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(tools, tool));
  const { BASEKEEPER_TRIVY: _, ...rest } = process.env;
  const env = { ...rest, PATH: tools };
  const { code, stdout, stderr } = await run(process.execPath, ['scripts/demo/run.ts'], { cwd: root, env });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /policy-example\/Dockerfile/);
  assert.match(stdout, /FROM gcr\.io\/distroless\/nodejs26-debian13:nonroot/);
  assert.match(stdout, /A multi-stage version to start from/);
  assert.match(stdout, /its own base docker\.io\/library\/alpine:3\.24 was rebuilt/);
  assert.match(stdout, /the operating system underneath changed from Debian 13 \(trixie\) to Debian 14 \(forky\)/);
  assert.match(stdout, /1\.28-alpine is out \(minor\)/);
  assert.match(stdout, /11 of 14 verified: 3 events/);
  assert.match(stdout, /opened +golang +\[minor\] +1\.27-alpine +→ +1\.28-alpine@sha256:/);
  assert.match(stdout, /opened +python +\[minor\] +3\.11 +→ +3\.14@sha256:/);
  assert.match(stdout, /Pull requests in 3 repositories: 2 opened, 0 renewed/);
  assert.match(stdout, /golang-minor-[0-9a-f]{16} +open +build\(deps\): update golang 1\.27-alpine → 1\.28-alpine/);
  assert.match(stdout, /\n {2}operating system +Alpine Linux 3\.24 +Alpine Linux 3\.24\n/);
  assert.match(stdout, /renewed +golang +\[minor\]/);
  assert.match(stdout, /Pull requests in 3 repositories: 0 opened, 1 renewed, 1 open as they should be/);
  assert.match(
    stdout,
    /\n {2}what is proposed is not known for 4 repositories: a git repository without a remote origin/,
  );
  assert.match(stdout, /debian {2}bookworm-20261005-slim → bookworm-20261116-slim/);
  assert.match(stdout, /\nhold: /);
  assert.match(stdout, /\nLeft out, because there is no buildah: .* apt-get install buildah/);
  assert.match(stdout, /\nLeft out without it: what verify says of the update/);
  assert.equal(
    stdout.match(/\nThere is no Trivy here: .* recorded from the real Trivy 0\.68\.2, .*BASEKEEPER_TRIVY/g)?.length,
    2,
  );
  assert.match(stdout, /by trivy 0\.68\.2-recorded, /);
  assert.match(stdout, /\nDeadlines: 5 findings open, none late; 1 new, 2 mended on the branch, 2 closed\n/);
  tellsOfFiveTeams(stdout, readFileSync(join(root, '.cache/demo/patching.html'), 'utf8'));
});
