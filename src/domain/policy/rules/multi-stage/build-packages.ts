import { readPackageCommand } from './package-command.ts';
import type { ShippedRun } from './shipped-runs.ts';

const buildPackageNames = new Set([
  'build-essential',
  'build-base',
  'base-devel',
  'alpine-sdk',
  'gcc',
  'g++',
  'gcc-c++',
  'clang',
  'llvm',
  'make',
  'gmake',
  'cmake',
  'ninja',
  'ninja-build',
  'meson',
  'samurai',
  'autoconf',
  'automake',
  'libtool',
  'bison',
  'flex',
  'gfortran',
  'nasm',
  'yasm',
  'binutils',
  'dpkg-dev',
  'pkg-config',
  'pkgconf',
  'git',
  'golang',
  'golang-go',
  'go',
  'rust',
  'rustc',
  'rustup',
  'cargo',
  'maven',
  'gradle',
  'ant',
  'sbt',
  'default-jdk',
  'default-jdk-headless',
  'devscripts',
  'linux-headers',
  'kernel-headers',
  'node-gyp',
  'bazel',
  'swig',
  'ghc',
  'musl-tools',
  'patchelf',
]);

/** Whether a package is needed to build programs and not to run them: compilers, build systems, headers, git. */
export function isBuildPackage(name: string): boolean {
  if (buildPackageNames.has(name)) return true;
  if (name.endsWith('-dev') || name.endsWith('-devel') || name.endsWith('-dev-headless')) return true;
  if (name.startsWith('openjdk') && (name.endsWith('-jdk') || name.endsWith('-jdk-headless'))) return true;
  return /^(?:gcc|g\+\+|clang|llvm|golang|linux-headers|dotnet-sdk|cpp|gcc-toolset)-\d/.test(name);
}

/** Build packages that the RUN installs and leaves in its layer, in order, once each. */
export function findRemainingBuildPackages(run: ShippedRun): readonly string[] {
  let installed: readonly Installed[] = [];
  const marked = new Set<string>();
  for (const { words } of run.commands) {
    // docker-library's own idiom: everything becomes automatic, what is needed is marked again, the rest is purged.
    if (words[0] === 'apt-mark' && words[1] === 'auto') for (const word of words.slice(2)) marked.add(word);
    const command = readPackageCommand(words);
    if (command === undefined) continue;
    const { action, group, packages, flags } = command;
    if (action === 'install') {
      const added = packages.map((name) => ({ name, group })).filter(({ name }) => isBuildPackage(name));
      if (installed.length + added.length < 2000) installed = [...installed, ...added];
    }
    if (action !== 'remove' && action !== 'autoremove') continue;
    const removed = new Set(packages);
    const purgesMarked =
      action === 'autoremove' || flags.some((flag) => flag === '--auto-remove' || flag === '--autoremove');
    const patterns = packages
      .filter((word) => word.endsWith('*') || word.includes('$') || word.includes('`'))
      .slice(0, 50);
    installed = installed.filter((item) => !isRemoved(item, removed, patterns, purgesMarked ? marked : new Set()));
  }
  return [...new Set(installed.map(({ name }) => name))];
}

/** Build packages that the RUN removes, whoever installed them. */
export function findRemovedBuildPackages(run: ShippedRun): readonly string[] {
  return run.commands.flatMap(({ words }) => {
    const command = readPackageCommand(words);
    return command?.action === 'remove' ? command.packages : [];
  });
}

type Installed = { readonly name: string; readonly group: string | undefined };

function isRemoved(
  { name, group }: Installed,
  removed: ReadonlySet<string>,
  patterns: readonly string[],
  marked: ReadonlySet<string>,
): boolean {
  if (removed.has(name) || marked.has(name) || marked.has('.*')) return true;
  if (group !== undefined && removed.has(group)) return true;
  // A removal whose list we cannot read gets the benefit of the doubt.
  return patterns.some((word) => !word.endsWith('*') || name.startsWith(word.slice(0, -1)));
}
