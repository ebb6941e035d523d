import type { LocatedCommand, SourceFile } from './source-file.ts';
import { resolvePath } from './source-file.ts';
import { nonrootUser, type Split } from './split.ts';
import type { SplitImages } from './split-images.ts';
import { startWords, withProgram } from './start-command.ts';

/** What the static image has, or what only fetches modules. */
const harmlessPackages = new Set(['ca-certificates', 'tzdata', 'git', 'make', 'openssl']);

export function splitGo(source: SourceFile, images: SplitImages): Split | undefined {
  const { goBuild, goRuntime } = images;
  if (goBuild === undefined || goRuntime === undefined) return undefined;
  if ([...source.runtimePackages, ...source.buildPackages].some((name) => !harmlessPackages.has(name)))
    return undefined;
  const builds = source.commands.filter(
    ({ words }) => words[0] === 'go' && (words[1] === 'build' || words[1] === 'install'),
  );
  const last = builds.at(-1);
  if (last === undefined || last.environment.CGO_ENABLED === '1') return undefined;
  const program = findProgram(source, builds);
  if (program === undefined) return undefined;
  const setsCgo = builds.every(({ environment }) => environment.CGO_ENABLED === '0');
  return {
    buildImage: goBuild,
    buildLines: [
      ...(setsCgo
        ? []
        : ['# Without cgo the program is static and runs on an image without a C library.', 'ENV CGO_ENABLED=0']),
      ...source.buildLines,
    ],
    runtimeImage: goRuntime,
    runtimePackages: [],
    runtimeLines: [
      '# Check that the program reads no templates, migrations or static files from disk; if it does, copy those too.',
      `COPY --from=build ${program} ${program}`,
    ],
    user: nonrootUser,
    start: withProgram(source.start, program),
    notes: [
      'the final image has no shell: look into a running container with a debug container',
      ...(setsCgo ? [] : ['cgo is switched off: if a module needs C, keep it and use a glibc image at the end']),
    ],
  };
}

/** Absolute path of what the file starts, if one of the builds can have made it. */
function findProgram({ start, workdir }: SourceFile, builds: readonly LocatedCommand[]): string | undefined {
  const word = startWords(start)[0] ?? '';
  const isBare = !word.includes('/');
  const path = isBare ? undefined : resolvePath(workdir, word);
  for (const { words, workdir: folder } of builds) {
    const name = word.slice(word.lastIndexOf('/') + 1);
    if (words[1] === 'install') {
      if ((isBare || path === `/go/bin/${name}`) && /^[A-Za-z0-9._-]+$/.test(name) && name !== 'go')
        return `/go/bin/${name}`;
      continue;
    }
    const flag = words.findIndex((candidate) => candidate === '-o' || candidate.startsWith('-o='));
    const written = flag === -1 ? undefined : words[flag] === '-o' ? words[flag + 1] : words[flag]?.slice(3);
    if (written === undefined) {
      // Without -o the module's name decides; the file itself says which by what it starts.
      if (path !== undefined && path === `${folder}/${name}`) return path;
      continue;
    }
    const output = resolvePath(folder, written);
    if (output === undefined) continue;
    const candidates = written.endsWith('/') || output === folder ? [`${output}/${name}`] : [output];
    const found = candidates.find(
      (candidate) => candidate === path || (isBare && isOnPath(candidate) && candidate.endsWith(`/${name}`)),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function isOnPath(path: string): boolean {
  return ['/go/bin', '/usr/local/bin', '/usr/bin', '/bin', '/usr/local/go/bin'].includes(
    path.slice(0, path.lastIndexOf('/')),
  );
}
