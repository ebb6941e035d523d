import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRecords, recordsFolder, writeProgram } from '../../scripts/demo/scan-record.ts';
import { realTrivy } from '../../scripts/scans/real-trivy.ts';
import { parseReport } from '../../src/domain/vulnerability/parse-report.ts';
import { run } from '../e2e/command.ts';
import { tellsOfFiveTeams } from '../e2e/five-teams.ts';

const root = join(import.meta.dirname, '..', '..');

test('with a real builder and a real scanner, the demo proves an update and ends with the same table and page, and its records are what Trivy says today', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-scans-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const made = join(folder, 'made');
  mkdirSync(made);
  const env = {
    ...process.env,
    BASEKEEPER_TRIVY: writeProgram(join(folder, 'trivy'), 'record-trivy', realTrivy, made),
  };
  const { code, stdout, stderr } = await run(process.execPath, ['scripts/demo/run.ts'], { cwd: root, env });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\npass: the update is proven \(main → update-debian, 1 image\)\n/);
  assert.match(stdout, /\n {2}size +4\.0 MB smaller\n/);
  assert.match(stdout, /\n {2}critical +1 +0 +0 +0\n {2}high +1 +0 +1 +0\n/);
  assert.match(stdout, /Made by buildah 1\.[\d.]+; trivy /);
  tellsOfFiveTeams(stdout, readFileSync(join(root, '.cache/demo/patching.html'), 'utf8'));
  assert.doesNotMatch(stdout, /Left out|recorded/);

  const [recorded, today] = [readRecords(recordsFolder), readRecords(made)];
  assert.deepEqual([...today.keys()], [...recorded.keys()]);
  assert.ok(today.size > 15);
  for (const [name, text] of today) assert.deepEqual(toldBy(text), toldBy(recorded.get(name) ?? ''), name);
});

/** Without what is of one run: its times, and the names and numbers that it made up. */
function toldBy(text: string): unknown {
  const document = JSON.parse(text);
  if (document.bomFormat !== 'CycloneDX') {
    const reading = parseReport(text);
    return reading.kind === 'scan' ? { ...reading.scan, name: '', scannedAt: '' } : reading;
  }
  const components: readonly { readonly purl?: string; readonly name: string; readonly version?: string }[] =
    document.components;
  return components.map(({ purl, name, version }) => `${name} ${version} ${purl}`).sort();
}
