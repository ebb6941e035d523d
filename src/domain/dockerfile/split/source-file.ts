import { readShippedRuns, type ShippedCommand } from '../../policy/rules/multi-stage/shipped-runs.ts';
import type { Dockerfile, Instruction, Stage } from '../dockerfile.ts';
import { rewriteBuildRun } from './build-run.ts';
import { readStartCommand, type StartCommand } from './start-command.ts';

/** What a single-stage file says, sorted into what builds and what runs. */
export type SourceFile = {
  /** The instructions of the build stage, as lines; FROM is not among them. */
  readonly buildLines: readonly string[];
  /** ENV, ARG, EXPOSE, LABEL … that also hold for the program when it runs. */
  readonly runtimeLines: readonly string[];
  readonly commands: readonly LocatedCommand[];
  /** Alpine packages that the file installs and that are no build tools. */
  readonly runtimePackages: readonly string[];
  /** Build packages, Alpine's names. */
  readonly buildPackages: readonly string[];
  /** Absolute; where the program starts. */
  readonly workdir: string;
  readonly start: StartCommand;
  readonly notes: readonly string[];
};

export type LocatedCommand = ShippedCommand & { readonly workdir: string };

const broadFolders = new Set(['/', '/usr', '/usr/local', '/root', '/go', '/home', '/opt', '/root/go']);
const buildOnlyVariable =
  /^(?:GO|CGO_|MAVEN_|GRADLE_|JAVA_HOME$|PATH$|DEBIAN_FRONTEND$|PIP_|POETRY_|NPM_CONFIG_|npm_config_|YARN_|NUGET_|CI$)/;

/** @returns `undefined` as soon as an instruction or a command is not understood: a wrong suggestion is worse than none. */
export function readSourceFile(dockerfile: Dockerfile): SourceFile | undefined {
  const stage = dockerfile.stages[0];
  if (stage?.base === undefined || dockerfile.stages.length !== 1) return undefined;
  if (dockerfile.problems.some(({ severity }) => severity === 'error')) return undefined;
  const start = readStartCommand(stage);
  if (start === undefined) return undefined;
  const commandsByRun = new Map(readShippedRuns([stage]).map((run) => [run.instruction, run.commands]));
  const buildLines: string[] = [];
  const runtimeLines: string[] = [];
  const commands: LocatedCommand[] = [];
  const runtimePackages: string[] = [];
  const buildPackages: string[] = [];
  const notes: string[] = [];
  let workdir: string | undefined;
  for (const instruction of stage.instructions) {
    if (instruction.heredocs.length > 0 || instruction.text.endsWith('\\') || !areFlagsPlain(instruction))
      return undefined;
    switch (instruction.keyword) {
      case 'WORKDIR':
        workdir = resolvePath(workdir ?? '', instruction.text.trim());
        if (workdir === undefined) return undefined;
        buildLines.push(`WORKDIR ${workdir}`);
        break;
      case 'COPY':
      case 'ADD':
        if (workdir === undefined || instruction.flags.some(({ name }) => !['chown', 'chmod', 'link'].includes(name)))
          return undefined;
        buildLines.push(formatInstruction(instruction, ['chown']));
        break;
      case 'RUN': {
        const run = rewriteBuildRun(instruction, commandsByRun.get(instruction) ?? []);
        if (run === undefined || workdir === undefined) return undefined;
        buildLines.push(...run.lines);
        runtimePackages.push(...run.runtimePackages);
        buildPackages.push(...run.buildPackages);
        notes.push(...run.notes);
        const at = workdir;
        commands.push(...run.commands.map((command) => ({ ...command, workdir: at })));
        break;
      }
      case 'ENV':
        buildLines.push(formatInstruction(instruction, []));
        if (!variableNames(instruction).every((name) => buildOnlyVariable.test(name)))
          runtimeLines.push(formatInstruction(instruction, []));
        break;
      case 'ARG':
        buildLines.push(formatInstruction(instruction, []));
        if (isUsedLater(instruction, stage)) runtimeLines.push(formatInstruction(instruction, []));
        break;
      case 'EXPOSE':
      case 'LABEL':
      case 'STOPSIGNAL':
      case 'VOLUME':
        runtimeLines.push(formatInstruction(instruction, []));
        break;
      case 'HEALTHCHECK':
        notes.push('HEALTHCHECK is left out: check that its command exists in the final image, then add it');
        break;
      case 'USER':
        notes.push(`USER ${instruction.text.trim()} is replaced by a user that exists in the final image`);
        break;
      case 'CMD':
      case 'ENTRYPOINT':
      case 'MAINTAINER':
        break;
      default:
        return undefined;
    }
  }
  if (workdir === undefined || broadFolders.has(workdir)) return undefined;
  return {
    buildLines,
    runtimeLines,
    commands,
    runtimePackages: [...new Set(runtimePackages)],
    buildPackages: [...new Set(buildPackages)],
    workdir,
    start,
    notes,
  };
}

/** Absolute, `.` and `..` resolved; `undefined` for variables and for a relative path without a folder to stand in. */
export function resolvePath(folder: string, path: string): string | undefined {
  if (/[$*?\s"'\\]/.test(path) || path === '') return undefined;
  if (!path.startsWith('/') && folder === '') return undefined;
  const segments: string[] = [];
  for (const segment of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

function areFlagsPlain({ flags }: Instruction): boolean {
  return flags.every(
    ({ name, value }) =>
      /^[a-z-]+$/.test(name) && !/[\s"'\\$]/.test(value) && !(name === 'mount' && /(?:^|,)from=/i.test(value)),
  );
}

function formatInstruction({ keyword, flags, text }: Instruction, dropped: readonly string[]): string {
  const kept = flags
    .filter(({ name }) => !dropped.includes(name))
    .map(({ name, value }) => (value === '' ? `--${name}` : `--${name}=${value}`));
  return [keyword, ...kept, text.trim()].join(' ');
}

function variableNames({ text }: Instruction): readonly string[] {
  const words = text.trim().split(/\s+/);
  if (!(words[0] ?? '').includes('=')) return words.slice(0, 1);
  return words.flatMap((word) => /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(word)?.[1] ?? []);
}

function isUsedLater(argument: Instruction, stage: Stage): boolean {
  const names = variableNames(argument).map((word) => word.split('=')[0] ?? word);
  return stage.instructions.some(
    ({ keyword, text }) =>
      ['ENV', 'EXPOSE', 'LABEL', 'VOLUME'].includes(keyword) &&
      names.some((name) => text.includes(`$${name}`) || text.includes(`\${${name}`)),
  );
}
