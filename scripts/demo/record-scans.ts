import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realTrivy } from '../scans/real-trivy.ts';
import { readRecords, recordsFolder, writeProgram } from './scan-record.ts';

/** Makes `scans/` anew with a real Trivy: `npm run trivy`, then `node scripts/demo/record-scans.ts`. */
const folder = mkdtempSync(join(tmpdir(), 'demo-scans-'));
const made = join(folder, 'made');
mkdirSync(made);
const recorder = writeProgram(join(folder, 'trivy'), 'record-trivy', realTrivy, made);
const { status } = spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts')], {
  stdio: 'inherit',
  env: { ...process.env, BASEKEEPER_TRIVY: recorder },
});
if (status !== 0) throw new Error('the demo failed: nothing was recorded');
rmSync(recordsFolder, { recursive: true, force: true });
mkdirSync(recordsFolder);
for (const [name, text] of readRecords(made)) writeFileSync(join(recordsFolder, name), text);
rmSync(folder, { recursive: true });
