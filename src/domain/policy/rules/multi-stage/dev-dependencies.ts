import type { Rule } from '../../rule.ts';
import { readShippedRuns, type ShippedCommand, type ShippedRun } from './shipped-runs.ts';

type Found = { readonly text: string; readonly fix: string };

export const devDependencies: Rule = {
  id: 'dev-dependencies',
  title: 'development dependencies are installed in what ships',
  policy: '5.2.4 Multi-Stage Builds: minimal attack surface',
  why:
    'Test frameworks, bundlers and type checkers are code that production never runs and that still has to be patched. Read from the options of npm, yarn, pnpm, bun, pip, poetry, pipenv, ' +
    'uv, composer and bundler, and from NODE_ENV and its like; a project without development dependencies gets the remark all the same. A prune in the same RUN is clean.',
  levels: { ships: 'info', builds: 'off' },
  wrong:
    'FROM node:26-alpine\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY src ./src\nUSER node\nCMD ["node", "src/server.js"]\n',
  right:
    'FROM node:26-alpine\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --omit=dev\nCOPY src ./src\nUSER node\nCMD ["node", "src/server.js"]\n',
  remedy:
    'Install production dependencies only, or install everything in a build stage, prune there, and copy the result.',
  find(subject) {
    let isBundlerConfigured = false;
    return readShippedRuns(subject.shipped).flatMap((run) => {
      isBundlerConfigured ||= run.commands.some(
        ({ words }) =>
          words[0] === 'bundle' && words[1] === 'config' && words.some((word) => word === 'without' || word === 'only'),
      );
      const found = findDevelopmentInstall(run, isBundlerConfigured);
      return found === undefined
        ? []
        : [
            {
              reason: `${found.text} installs development dependencies too`,
              fix: found.fix,
              line: run.instruction.line,
            },
          ];
    });
  },
};

function findDevelopmentInstall(run: ShippedRun, isBundlerConfigured: boolean): Found | undefined {
  const isPruned = run.commands.some(
    ({ words }) => words[1] === 'prune' && ['npm', 'pnpm', 'yarn'].includes(words[0] ?? ''),
  );
  for (const command of run.commands) {
    const [program = ''] = command.words;
    if (program === 'bundle' && isBundlerConfigured) continue;
    const found = readNodeInstall(command) ?? readOtherInstall(command);
    if (found !== undefined && !(isPruned && ['npm', 'yarn', 'pnpm'].includes(program))) return found;
  }
  return undefined;
}

function readNodeInstall({ words, environment }: ShippedCommand): Found | undefined {
  const [program = '', ...rest] = words;
  if (!['npm', 'yarn', 'pnpm', 'bun'].includes(program)) return undefined;
  const operands = rest.filter(
    (word) => !word.startsWith('-') && word !== 'dev' && word !== 'prod' && word !== 'production',
  );
  const verb = operands[0] ?? (program === 'yarn' ? 'install' : '');
  const installs = ['install', 'i', ...(program === 'npm' ? ['ci', 'clean-install', 'add'] : [])].includes(verb);
  // A named package, or a global one, says nothing of the project's own.
  if (
    !installs ||
    operands.length > 1 ||
    rest.some((word) => word === '-g' || word === '--global' || word === '--version' || word === '-v')
  )
    return undefined;
  const asksForDev =
    rest.includes('--include=dev') || rest.includes('--production=false') || rest.includes('--prod=false');
  const omitsDev =
    rest.some(
      (word, index) =>
        [
          '--production',
          '--production=true',
          '--prod',
          '-P',
          '--omit=dev',
          '--only=production',
          '--only=prod',
          '--no-dev',
        ].includes(word) ||
        ((word === '--omit' || word === '--only') && ['dev', 'prod', 'production'].includes(rest[index + 1] ?? '')),
    ) ||
    environment.NODE_ENV === 'production' ||
    (program === 'npm' && (environment.NPM_CONFIG_PRODUCTION === 'true' || environment.NPM_CONFIG_OMIT === 'dev'));
  if (omitsDev && !asksForDev) return undefined;
  const option =
    { npm: '--omit=dev', yarn: '--production', pnpm: '--prod', bun: '--production' }[program] ?? '--omit=dev';
  return { text: `${program} ${verb}`, fix: `write ${program} ${verb} ${option}, or install in a build stage` };
}

function readOtherInstall({ words, environment }: ShippedCommand): Found | undefined {
  const [program = '', ...rest] = words;
  const operands = rest.filter((word) => !word.startsWith('-'));
  const has = (...flags: readonly string[]): boolean =>
    rest.some((word) => flags.some((flag) => word === flag || word.startsWith(`${flag}=`)));
  const isPip =
    /^pip[0-9.]*$/.test(program) ||
    (/^python[0-9.]*$/.test(program) && rest[1] === 'pip') ||
    (program === 'uv' && operands[0] === 'pip');
  if (isPip && operands.includes('install')) {
    const word = rest.find(
      (candidate, index) =>
        (rest[index - 1] === '-r' ||
          candidate.startsWith('-r') ||
          candidate.startsWith('--requirement') ||
          rest[index - 1] === '--requirement' ||
          candidate.includes('[')) &&
        namesDevelopment(candidate),
    );
    return word === undefined
      ? undefined
      : { text: `pip install of ${word}`, fix: 'leave it to a build or test stage' };
  }
  if (program === 'poetry' && operands[0] === 'install') {
    if (has('--only', '--without', '--no-dev', '--only-root') || environment.POETRY_WITHOUT !== undefined)
      return undefined;
    return { text: 'poetry install', fix: 'write poetry install --only main' };
  }
  if (program === 'uv' && operands[0] === 'sync') {
    return has('--no-dev', '--no-default-groups', '--only-group') || environment.UV_NO_DEV !== undefined
      ? undefined
      : { text: 'uv sync', fix: 'write uv sync --no-dev' };
  }
  if (program === 'pipenv' && (operands[0] === 'install' || operands[0] === 'sync')) {
    return has('--dev', '-d') ? { text: 'pipenv --dev', fix: 'leave out --dev' } : undefined;
  }
  if (
    (program === 'composer' || program === 'composer.phar') &&
    (operands[0] === 'install' || operands[0] === 'update')
  ) {
    return has('--no-dev') || (environment.COMPOSER_NO_DEV ?? '0') !== '0'
      ? undefined
      : { text: `composer ${operands[0]}`, fix: 'write composer install --no-dev' };
  }
  if (program === 'bundle' && (operands[0] ?? 'install') === 'install') {
    return has('--without') || environment.BUNDLE_WITHOUT !== undefined
      ? undefined
      : { text: 'bundle install', fix: 'set BUNDLE_WITHOUT=development:test' };
  }
  return undefined;
}

function namesDevelopment(word: string): boolean {
  return /(?:^|[^a-z])(?:dev|devel|develop|development|test|tests|testing|lint)(?:$|[^a-z])/.test(
    word.slice(0, 300).toLowerCase(),
  );
}
