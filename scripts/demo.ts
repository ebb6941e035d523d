import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The main job on `examples/`: what a platform engineer sees on the first day. */
const root = join(import.meta.dirname, '..');
mkdirSync(join(root, '.cache'), { recursive: true });

const steps: readonly { readonly say: string; readonly args: readonly string[]; readonly exits: readonly number[] }[] =
  [
    {
      say: 'Check a small fleet: every base image, judged by the policy',
      args: ['check', 'examples', '--output', 'html=.cache/demo.html', '--output', 'sarif=.cache/demo.sarif'],
      // The fleet has bad projects on purpose.
      exits: [1],
    },
    { say: 'Ask about one reference', args: ['explain', 'python:3.11'], exits: [0] },
    {
      say: 'A multi-stage version to start from, for a project that compiles in what ships',
      args: ['check', 'examples/java-inventory', '--explain'],
      exits: [0],
    },
  ];

for (const { say, args, exits } of steps) {
  process.stdout.write(`\n# ${say}\n$ basekeeper ${args.join(' ')}\n\n`);
  const { status } = spawnSync(process.execPath, [join(root, 'src/cli/main.ts'), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status === null || !exits.includes(status)) {
    process.stderr.write(`the demo expected exit code ${exits.join(' or ')}, not ${status}\n`);
    process.exitCode = 1;
  }
}
process.stdout.write('\nA page to mail or print: .cache/demo.html\n');
