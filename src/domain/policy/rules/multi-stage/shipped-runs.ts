import type { Instruction, Stage } from '../../../dockerfile/dockerfile.ts';
import { tokenizeShell } from './shell-tokens.ts';
import { type Command, readCommands } from './shell-words.ts';

/** The variables that decide whether a package manager leaves something behind. */
const watchedNames = [
  'NODE_ENV',
  'NPM_CONFIG_PRODUCTION',
  'NPM_CONFIG_OMIT',
  'PIP_NO_CACHE_DIR',
  'POETRY_WITHOUT',
  'UV_NO_DEV',
  'COMPOSER_NO_DEV',
  'BUNDLE_WITHOUT',
  'CGO_ENABLED',
] as const;
export type Environment = Readonly<Partial<Record<(typeof watchedNames)[number], string>>>;

/** A command as the shell would run it: variables that are whole words are replaced, as far as the file gives their value. */
export type ShippedCommand = { readonly words: readonly string[]; readonly environment: Environment };

/** One RUN of a stage that ships. */
export type ShippedRun = {
  readonly stage: Stage;
  readonly instruction: Instruction;
  readonly commands: readonly ShippedCommand[];
  /** Targets of `--mount=type=cache` and `type=tmpfs`: what is written there does not ship. */
  readonly mountTargets: readonly string[];
};

const maxVariables = 200;
const maxExpandedWords = 500;
// Nine rules ask for the same stages one after the other.
const runsByStages = new WeakMap<readonly Stage[], readonly ShippedRun[]>();

/**
 * Every RUN of these stages, in order, with ENV and ARG defaults as seen there. ONBUILD is left out: it runs in somebody
 * else's build. A stage starts with what the stage it is built FROM had at its end.
 */
export function readShippedRuns(stages: readonly Stage[]): readonly ShippedRun[] {
  const known = runsByStages.get(stages);
  if (known !== undefined) return known;
  const runs: ShippedRun[] = [];
  const variablesByStage = new Map<number, ReadonlyMap<string, string>>();
  for (const stage of stages) {
    const variables = new Map(stage.from === undefined ? [] : variablesByStage.get(stage.from));
    for (const instruction of stage.instructions) {
      if (instruction.keyword === 'ENV' || instruction.keyword === 'ARG') setVariables(instruction, variables);
      else if (instruction.keyword === 'RUN') {
        const commands = resolveCommands(readCommands(instruction), variables);
        runs.push({ stage, instruction, commands, mountTargets: findMountTargets(instruction) });
      }
    }
    variablesByStage.set(stage.index, variables);
  }
  runsByStages.set(stages, runs);
  return runs;
}

function resolveCommands(commands: readonly Command[], outer: ReadonlyMap<string, string>): readonly ShippedCommand[] {
  const variables = new Map(outer);
  let environment = watch(variables);
  const resolved: ShippedCommand[] = [];
  for (const { words, assignments } of commands) {
    if (words.length === 0 || words[0] === 'export') {
      for (const word of [...assignments, ...words.slice(1)]) assign(variables, word);
      environment = watch(variables);
    } else if (assignments.length > 0) {
      const prefixed = new Map<string, string>();
      for (const word of assignments) assign(prefixed, word);
      resolved.push({ words: expand(words, variables), environment: { ...environment, ...watch(prefixed) } });
    } else resolved.push({ words: expand(words, variables), environment });
  }
  return resolved;
}

function watch(variables: ReadonlyMap<string, string>): Environment {
  const environment: Partial<Record<(typeof watchedNames)[number], string>> = {};
  for (const name of watchedNames) {
    const value = variables.get(name) ?? variables.get(name.toLowerCase());
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

function assign(variables: Map<string, string>, word: string): void {
  const equals = word.indexOf('=');
  if (equals > 0 && variables.size < maxVariables) variables.set(word.slice(0, equals), word.slice(equals + 1));
}

/** `$deps` and `${deps}` as a whole word become the words of their value. */
function expand(words: readonly string[], variables: ReadonlyMap<string, string>): readonly string[] {
  if (!words.some((word) => word.startsWith('$'))) return words;
  const expanded: string[] = [];
  for (const word of words) {
    const name = /^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?$/.exec(word)?.[1];
    const value = name === undefined ? undefined : variables.get(name);
    if (value === undefined || expanded.length > maxExpandedWords) expanded.push(word);
    else expanded.push(...value.split(/\s+/, maxExpandedWords).filter((part) => part !== ''));
  }
  return expanded;
}

function setVariables(instruction: Instruction, variables: Map<string, string>): void {
  const words = tokenizeShell(instruction.text).flatMap((token) => (token.kind === 'word' ? [token.text] : []));
  const first = words[0] ?? '';
  // The old form, `ENV NAME the whole rest`.
  if (instruction.keyword === 'ENV' && !first.includes('=')) assign(variables, `${first}=${words.slice(1).join(' ')}`);
  else for (const word of words) assign(variables, word);
}

function findMountTargets(run: Instruction): readonly string[] {
  const targets: string[] = [];
  for (const flag of run.flags) {
    if (flag.name !== 'mount') continue;
    const options = new Map(flag.value.split(',').map((option) => splitOption(option)));
    const target = options.get('target') ?? options.get('dst') ?? options.get('destination');
    const type = options.get('type');
    if (target !== undefined && (type === 'cache' || type === 'tmpfs'))
      targets.push(target.length > 1 && target.endsWith('/') ? target.slice(0, -1) : target);
  }
  return targets;
}

function splitOption(option: string): readonly [string, string] {
  const equals = option.indexOf('=');
  return equals === -1 ? [option.toLowerCase(), ''] : [option.slice(0, equals).toLowerCase(), option.slice(equals + 1)];
}
