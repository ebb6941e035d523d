import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionOf, recordOf } from './scan-record.ts';

/** Runs a Trivy, and keeps a copy of each report that it writes. */
const [, , trivy = '', folder = '', ...args] = process.argv;

const { status } = spawnSync(trivy, args, { stdio: 'inherit' });
const [name, output] = [recordOf(args), optionOf(args, '--output')];
if (status === 0 && name !== undefined && output !== undefined) copyFileSync(output, join(folder, name));
process.exitCode = status ?? 1;
