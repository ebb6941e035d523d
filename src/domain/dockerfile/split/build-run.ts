import { isBuildPackage } from '../../policy/rules/multi-stage/build-packages.ts';
import { readPackageCommand } from '../../policy/rules/multi-stage/package-command.ts';
import type { ShippedCommand } from '../../policy/rules/multi-stage/shipped-runs.ts';
import type { Instruction } from '../dockerfile.ts';
import { toAlpinePackage } from './alpine-packages.ts';

export type BuildRun = {
  readonly lines: readonly string[];
  readonly commands: readonly ShippedCommand[];
  readonly runtimePackages: readonly string[];
  readonly buildPackages: readonly string[];
  readonly notes: readonly string[];
};

/** Programs whose effect stays in the folders that the later stage copies from, or in their package manager's own. */
const understood = new Set([
  'npm',
  'npx',
  'yarn',
  'pnpm',
  'corepack',
  'node',
  'tsc',
  'go',
  'pip',
  'pip3',
  'python',
  'python3',
  'mvn',
  'mvnw',
  'gradle',
  'gradlew',
  'java',
  'dotnet',
  'make',
  'set',
  'mkdir',
  'cp',
  'mv',
  'rm',
  'chmod',
  'ls',
  'echo',
  'true',
  'test',
  '[',
  'touch',
  'ln',
  'cat',
  'sed',
  'export',
  ':',
]);
const userPrograms = new Set(['adduser', 'addgroup', 'useradd', 'groupadd', 'usermod', 'groupmod', 'chown', 'chgrp']);
/** Fetch and unpack at build time; nothing that a running program links to. */
const fetchTools = new Set([
  'curl',
  'wget',
  'unzip',
  'zip',
  'xz',
  'tar',
  'bash',
  'gnupg',
  'python3',
  'perl',
  'nodejs',
  'npm',
]);

/**
 * A RUN for the build stage on Alpine. RUN lines that only install packages become one `apk add`; those that only make
 * users go away; all others stay word for word. `undefined` when a command is not understood.
 */
export function rewriteBuildRun(run: Instruction, commands: readonly ShippedCommand[]): BuildRun | undefined {
  const nothing = { runtimePackages: [], buildPackages: [], notes: [] };
  const flags = run.flags.map(({ name, value }) => (value === '' ? `--${name}` : `--${name}=${value}`));
  if (commands.length === 0) return undefined;
  if (commands.every(({ words }) => readPackageCommand(words) !== undefined || isHousekeeping(words)))
    return rewriteInstall(commands);
  if (commands.some(({ words }) => userPrograms.has(words[0] ?? ''))) {
    const isOnlyUsers = commands.every(
      ({ words }) => userPrograms.has(words[0] ?? '') || ['mkdir', 'set', 'true'].includes(words[0] ?? ''),
    );
    return isOnlyUsers
      ? {
          ...nothing,
          lines: [],
          commands: [],
          notes: [`left out, the final image brings its own user: RUN ${run.text.trim().slice(0, 80)}`],
        }
      : undefined;
  }
  if (
    !commands.every(
      ({ words }) => understood.has(words[0] ?? '') && !words.some((word) => word.includes('$(') || word.includes('`')),
    )
  )
    return undefined;
  return { ...nothing, lines: [['RUN', ...flags, tidy(run.text)].join(' ')], commands };
}

function rewriteInstall(commands: readonly ShippedCommand[]): BuildRun | undefined {
  const packages: string[] = [];
  for (const { words } of commands) {
    const command = readPackageCommand(words);
    if (command?.action !== 'install') continue;
    if (command.manager !== 'apt' && command.manager !== 'apk') return undefined;
    for (const name of command.packages) {
      const alpine = command.manager === 'apk' ? name : toAlpinePackage(name);
      if (alpine === undefined || !/^[a-z0-9][a-z0-9.+_-]*$/.test(name)) return undefined;
      if (alpine !== '') packages.push(alpine);
    }
  }
  const unique = [...new Set(packages)];
  const buildPackages = unique.filter(isBuildPackage);
  const runtimePackages = unique.filter((name) => !isBuildPackage(name) && !fetchTools.has(name));
  return {
    lines: unique.length === 0 ? [] : [`RUN apk add --no-cache ${unique.join(' ')}`],
    commands: [],
    runtimePackages,
    buildPackages,
    notes: [],
  };
}

function isHousekeeping(words: readonly string[]): boolean {
  return (
    words[0] === 'set' ||
    words[0] === 'true' ||
    (words[0] === 'rm' &&
      words.slice(1).every((word) => word.startsWith('-') || word.startsWith('/var/') || word.startsWith('/tmp')))
  );
}

/** Glued continuations leave runs of blanks; they mean nothing outside quotes. */
function tidy(text: string): string {
  return /["'\\]/.test(text)
    ? text.trim()
    : text
        .trim()
        .split(/[ \t]+/)
        .join(' ');
}
