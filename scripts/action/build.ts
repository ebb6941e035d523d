import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parseDocument } from 'yaml';

/**
 * Writes the action as it is published: a folder that needs nothing but the runner's Node.js.
 *
 *   node scripts/action/build.ts [FOLDER]
 *
 * `package.json` lies two folders above each bundle, as it does above each source.
 */
const root = join(import.meta.dirname, '..', '..');
const folder = process.argv[2] ?? join(root, 'build', 'action');

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const { outputs, inputs } = (await bundle()).metafile;
writeFileSync(join(folder, 'action.yml'), publishedAction(readFileSync(join(root, 'action.yml'), 'utf8')));
const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version, license, type: 'module' }, null, 2)}\n`);
writeFileSync(join(folder, 'LICENSES-OF-LIBRARIES.txt'), licensesOf(Object.keys(inputs)));
for (const file of ['LICENSE', 'NOTICE']) copyFileSync(join(root, file), join(folder, file));
for (const path of Object.keys(outputs)) {
  const { size } = statSync(join(root, path));
  process.stdout.write(`${path}  ${(size / 1024).toFixed(0)} KiB\n`);
}

function bundle() {
  return build({
    absWorkingDir: root,
    entryPoints: ['src/action/main.ts', 'src/cli/main.ts'],
    outbase: 'src',
    outdir: join(folder, 'dist'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // jsonc-parser's other form asks for its parts where no bundler sees it.
    mainFields: ['module', 'main'],
    metafile: true,
    logLevel: 'warning',
    // Libraries of the older module format ask for Node's own modules by it.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  });
}

/** The same inputs and outputs; of a program, the outputs have no expressions. */
function publishedAction(text: string): string {
  const action = parseDocument(text);
  for (const output of Object.keys(action.toJS().outputs)) action.deleteIn(['outputs', output, 'value']);
  action.set('runs', action.createNode({ using: 'node24', main: 'dist/action/main.js' }));
  return action.toString({ lineWidth: 0 });
}

/** Each has to go with its code. */
function licensesOf(paths: readonly string[]): string {
  const packages = new Set(paths.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...packages].sort().map(licenseOf).join('\n');
}

function licenseOf(path: string): string {
  const {
    name: library,
    version: its,
    license: spdx,
  } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  const [file] = globSync('{LICENSE,LICENCE,license}*', { cwd: join(root, path) }).sort();
  const text = file === undefined ? '' : `\n${readFileSync(join(root, path, file), 'utf8')}`;
  return `${library} ${its}: ${spdx}\n${text}`;
}
