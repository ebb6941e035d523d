import { findRemainingBuildPackages } from './build-packages.ts';
import { readPackageCommand } from './package-command.ts';
import type { ShippedRun } from './shipped-runs.ts';

/** Whose build it is; `native` for C and everything else. */
export type Ecosystem = 'node' | 'go' | 'python' | 'java' | 'dotnet' | 'rust' | 'native';

export type CompileCommand = {
  readonly ecosystem: Ecosystem /** As people say it: `npm run build`. */;
  readonly text: string;
};

const scriptRunners = new Set(['npm', 'yarn', 'pnpm', 'bun']);
const frontEndTools: Readonly<Record<string, readonly string[]>> = {
  next: ['build'],
  vite: ['build'],
  nuxt: ['build', 'generate'],
  ng: ['build'],
  nest: ['build'],
  nx: ['build'],
  turbo: ['build'],
  gatsby: ['build'],
  'react-scripts': ['build'],
};
/** Program → the verbs that compile; the first operand decides. */
const verbs: Readonly<Record<string, { readonly ecosystem: Ecosystem; readonly verbs: readonly string[] }>> = {
  go: { ecosystem: 'go', verbs: ['build', 'install'] },
  cargo: { ecosystem: 'rust', verbs: ['build', 'install', 'rustc', 'b'] },
  dotnet: { ecosystem: 'dotnet', verbs: ['build', 'publish', 'pack', 'msbuild'] },
  swift: { ecosystem: 'native', verbs: ['build'] },
  stack: { ecosystem: 'native', verbs: ['build', 'install'] },
  zig: { ecosystem: 'native', verbs: ['build', 'build-exe'] },
  bazel: { ecosystem: 'native', verbs: ['build'] },
  mix: { ecosystem: 'native', verbs: ['compile', 'release'] },
  poetry: { ecosystem: 'python', verbs: ['build'] },
  lein: { ecosystem: 'java', verbs: ['uberjar', 'jar'] },
};
const mavenGoals = new Set(['package', 'install', 'verify', 'compile', 'deploy']);
const gradleTasks = new Set([
  'build',
  'assemble',
  'jar',
  'bootjar',
  'war',
  'bootwar',
  'shadowjar',
  'installdist',
  'fatjar',
  'classes',
  'distzip',
  'disttar',
  'buildfatjar',
]);
const compilers = new Set(['gcc', 'g++', 'cc', 'c++', 'clang', 'clang++', 'ninja', 'scons', 'ghc', 'rustc']);

/** What the command compiles, or `undefined` when it does not (`make clean`, `go mod download`, `mvn dependency:go-offline`). */
export function readCompileCommand(words: readonly string[]): CompileCommand | undefined {
  const [program = '', ...rest] = words;
  const operands = rest.filter((word) => !word.startsWith('-'));
  const first = operands[0] ?? '';
  if (rest.includes('--version') || rest.includes('--help')) return undefined;
  if (Object.hasOwn(verbs, program)) {
    const known = verbs[program];
    return known?.verbs.includes(first) ? { ecosystem: known.ecosystem, text: `${program} ${first}` } : undefined;
  }
  if (scriptRunners.has(program)) return readScriptRunner(program, operands);
  if (program === 'npx' || program === 'bunx') return readFrontEndTool(operands);
  if (program === 'mvn' || program === 'mvnw')
    return fromTasks('java', program, operands, (task) => mavenGoals.has(task));
  if (program === 'gradle' || program === 'gradlew')
    return fromTasks('java', program, operands, (task) =>
      gradleTasks.has(task.slice(task.lastIndexOf(':') + 1).toLowerCase()),
    );
  if (program === 'javac' || program === 'sbt')
    return operands.length > 0 ? { ecosystem: 'java', text: program } : undefined;
  if (/^python[0-9.]*$/.test(program)) return readPython(program, rest);
  if (/^pip[0-9.]*$/.test(program))
    return first === 'wheel' ? { ecosystem: 'python', text: `${program} wheel` } : undefined;
  if (program === 'make' || program === 'gmake') {
    const onlyCleans = first !== '' && operands.every((word) => word === 'clean' || word === 'distclean');
    return onlyCleans
      ? undefined
      : { ecosystem: 'native', text: first === '' || first.includes('=') ? program : `${program} ${first}` };
  }
  if (program === 'cmake') return { ecosystem: 'native', text: rest.includes('--build') ? 'cmake --build' : 'cmake' };
  if (compilers.has(program)) return rest.length > 0 ? { ecosystem: 'native', text: program } : undefined;
  return readFrontEndTool([program, ...operands]);
}

/** What a RUN compiles. Empty when the same RUN takes its build packages away again: then nothing of them ships. */
export function findCompileCommands(run: ShippedRun): readonly CompileCommand[] {
  const found = run.commands.flatMap(({ words }) => readCompileCommand(words) ?? []);
  if (found.length === 0) return found;
  const removesPackages = run.commands.some(({ words }) => {
    const action = readPackageCommand(words)?.action;
    return action === 'remove' || action === 'autoremove';
  });
  return removesPackages &&
    findRemainingBuildPackages(run).length === 0 &&
    found.every(({ ecosystem }) => ecosystem === 'native' || ecosystem === 'python')
    ? []
    : found;
}

function readScriptRunner(program: string, operands: readonly string[]): CompileCommand | undefined {
  const runs = operands.findIndex((word) => word === 'run' || word === 'run-script');
  const script =
    runs === -1
      ? program === 'npm' || program === 'bun'
        ? ''
        : (operands.find((word) => !word.includes('/')) ?? '')
      : (operands[runs + 1] ?? '');
  if (/^(?:build|compile|bundle|dist)(?:$|[:_-])/.test(script)) {
    return { ecosystem: 'node', text: runs === -1 ? `${program} ${script}` : `${program} run ${script}` };
  }
  return runs === -1 && program !== 'npm'
    ? readFrontEndTool(operands[0] === 'exec' ? operands.slice(1) : operands)
    : undefined;
}

function readFrontEndTool(words: readonly string[]): CompileCommand | undefined {
  const [tool = '', ...rest] = words;
  if (tool === 'tsc' || tool === 'webpack' || tool === 'rollup' || tool === 'esbuild')
    return { ecosystem: 'node', text: tool };
  if (!Object.hasOwn(frontEndTools, tool)) return undefined;
  const verb = rest.find((word) => frontEndTools[tool]?.includes(word));
  return verb === undefined ? undefined : { ecosystem: 'node', text: `${tool} ${verb}` };
}

function fromTasks(
  ecosystem: Ecosystem,
  program: string,
  operands: readonly string[],
  compiles: (task: string) => boolean,
): CompileCommand | undefined {
  const task = operands.find(compiles);
  return task === undefined ? undefined : { ecosystem, text: `${program} ${task}` };
}

function readPython(program: string, rest: readonly string[]): CompileCommand | undefined {
  const script = rest.indexOf('setup.py');
  const verb = script === -1 ? undefined : rest.slice(script + 1).find((word) => !word.startsWith('-'));
  if (verb !== undefined && ['build', 'build_ext', 'install', 'bdist_wheel', 'sdist'].includes(verb))
    return { ecosystem: 'python', text: `${program} setup.py ${verb}` };
  if (rest[0] === '-m' && rest[1] === 'build') return { ecosystem: 'python', text: `${program} -m build` };
  return rest[0] === '-m' && rest[1] === 'pip' && rest[2] === 'wheel'
    ? { ecosystem: 'python', text: `${program} -m pip wheel` }
    : undefined;
}
