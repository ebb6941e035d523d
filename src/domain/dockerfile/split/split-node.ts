import type { SourceFile } from './source-file.ts';
import { resolvePath } from './source-file.ts';
import type { Split } from './split.ts';
import type { SplitImages } from './split-images.ts';
import { type StartCommand, startWords } from './start-command.ts';

/** Where bundlers and compilers put their result by custom; any other folder may hold sources, so everything is copied. */
const outputFolders = new Set(['dist', 'build', 'out', '.output']);

export function splitNode(source: SourceFile, images: SplitImages): Split | undefined {
  const managers = new Set(
    source.commands.flatMap(({ words }) =>
      ['npm', 'yarn', 'pnpm'].includes(words[0] ?? '') && isProjectCommand(words) ? [words[0] ?? ''] : [],
    ),
  );
  const [manager, second] = managers;
  const start = withoutExtraManager(source.start);
  if (images.node === undefined || manager === undefined || second !== undefined || start === undefined)
    return undefined;
  // Yarn 2 and later prune in their own way.
  if (
    manager === 'yarn' &&
    source.commands.some(({ words }) => words.includes('--immutable') || words.includes('workspaces'))
  )
    return undefined;
  const { workdir } = source;
  const folder = findOutputFolder(start, workdir);
  const copies =
    folder === undefined
      ? [
          '# Narrow this to the folders that the program reads (for example dist, public, package.json, node_modules).',
          `COPY --from=build ${workdir} ${workdir}`,
        ]
      : [
          '# Check that the program reads nothing else from disk (public, views, migrations); if it does, copy that too.',
          `COPY --from=build ${workdir}/package.json ./`,
          `COPY --from=build ${workdir}/node_modules ./node_modules`,
          `COPY --from=build ${workdir}/${folder} ./${folder}`,
        ];
  return {
    buildImage: images.node,
    buildLines: [
      ...insertManager(source, manager),
      '# Drop what only the build needed before node_modules is copied.',
      pruneLine(manager),
    ],
    runtimeImage: images.node,
    runtimePackages: source.runtimePackages,
    runtimeLines: [
      ...(source.runtimeLines.some((line) => line.includes('NODE_ENV')) ? [] : ['ENV NODE_ENV=production']),
      ...copies,
    ],
    user: 'node',
    start,
    notes: [
      `both stages use ${images.node}: run the tests if the file was on another Node.js line or on Debian (native modules are built for musl now)`,
      ...(folder === undefined ? ['the whole application folder is copied, sources included: narrow it'] : []),
    ],
  };
}

function isProjectCommand(words: readonly string[]): boolean {
  return !words.some((word) => word === '-g' || word === '--global' || word === 'config' || word === 'cache');
}

/** Only `node` and `npm` are in the image that ships; a script of package.json runs the same through npm. */
function withoutExtraManager(start: StartCommand): StartCommand | undefined {
  const words = startWords(start);
  const [program = '', ...rest] = words;
  if (program === 'node' || program === 'npm') return start;
  if (program !== 'yarn' && program !== 'pnpm') return undefined;
  const script = rest[0] === 'run' ? rest.slice(1) : rest;
  return script.length === 1 && script[0] !== undefined && !script[0].startsWith('-')
    ? { cmd: ['npm', 'run', script[0]] }
    : undefined;
}

function findOutputFolder(start: StartCommand, workdir: string): string | undefined {
  const [program, ...rest] = startWords(start);
  const script = rest.find((word) => !word.startsWith('-'));
  const path = program === 'node' && script !== undefined ? resolvePath(workdir, script) : undefined;
  const folder = path?.startsWith(`${workdir}/`) ? path.slice(workdir.length + 1).split('/')[0] : undefined;
  return folder !== undefined && outputFolders.has(folder) ? folder : undefined;
}

/** Newer Node.js images bring npm alone: neither Yarn nor Corepack. */
function insertManager({ buildLines, commands }: SourceFile, manager: string): readonly string[] {
  const usesCorepack = commands.some(({ words }) => words[0] === 'corepack');
  const installsIt = commands.some(
    ({ words }) =>
      words[0] === 'npm' &&
      !isProjectCommand(words) &&
      words.some((word) => word === manager || word.startsWith(`${manager}@`)),
  );
  const needed = usesCorepack ? 'corepack' : manager;
  if (needed === 'npm' || (installsIt && !usesCorepack)) return buildLines;
  return [`RUN npm install --global --force ${needed}`, ...buildLines];
}

function pruneLine(manager: string): string {
  if (manager === 'yarn') return 'RUN yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline';
  return manager === 'pnpm' ? 'RUN pnpm prune --prod' : 'RUN npm prune --omit=dev';
}
