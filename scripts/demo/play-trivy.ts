import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { databaseOf, optionOf, recordOf, recordsFolder } from './scan-record.ts';

/** Stands in for Trivy in the demo: plays back what the real one wrote, and refuses whatever it has no record of. */
const [, , ...args] = process.argv;

if (args[0] === 'version')
  console.log(JSON.stringify({ Version: '0.68.2-recorded', VulnerabilityDB: databaseOf(args) }));
else play();

function play(): void {
  const name = recordOf(args);
  const path = join(recordsFolder, name ?? 'none');
  const output = optionOf(args, '--output');
  if (name === undefined || output === undefined || !existsSync(path)) {
    console.error(`FATAL\tno record of the real Trivy answers this: trivy ${args.join(' ')}`);
    process.exitCode = 1;
    return;
  }
  const text = readFileSync(path, 'utf8');
  const given = args[0] === 'image' ? optionOf(args, '--input') : args[1];
  // A report names what it was asked for, which is a path of its run.
  writeFileSync(
    output,
    args[0] === 'convert' ? text : JSON.stringify({ ...JSON.parse(text), ArtifactName: given }, null, 1),
  );
}
