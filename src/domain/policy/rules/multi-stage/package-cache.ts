import type { Rule } from '../../rule.ts';
import { type PackageCommand, readPackageCommand } from './package-command.ts';
import { readShippedRuns, type ShippedRun } from './shipped-runs.ts';

type Cache = { readonly paths: readonly string[]; readonly what: string; readonly fix: string };

const caches: Readonly<Record<PackageCommand['manager'] | 'pip', Cache>> = {
  apt: {
    paths: ['/var/lib/apt/lists'],
    what: 'apt-get update leaves the package lists',
    fix: 'end the same RUN with rm -rf /var/lib/apt/lists/*',
  },
  apk: {
    paths: ['/var/cache/apk', '/etc/apk/cache'],
    what: 'apk without --no-cache leaves the package index',
    fix: 'write apk add --no-cache, without apk update',
  },
  dnf: {
    paths: ['/var/cache/dnf', '/var/cache/libdnf5'],
    what: 'dnf leaves its cache',
    fix: 'end the same RUN with dnf clean all',
  },
  yum: {
    paths: ['/var/cache/yum', '/var/cache/dnf'],
    what: 'yum leaves its cache',
    fix: 'end the same RUN with yum clean all',
  },
  microdnf: {
    paths: ['/var/cache/yum', '/var/cache/dnf', '/var/cache/libdnf5'],
    what: 'microdnf leaves its cache',
    fix: 'end the same RUN with microdnf clean all',
  },
  zypper: {
    paths: ['/var/cache/zypp'],
    what: 'zypper leaves its cache',
    fix: 'end the same RUN with zypper clean --all',
  },
  pip: {
    paths: ['/root/.cache/pip'],
    what: 'pip without --no-cache-dir leaves its downloads',
    fix: 'write pip install --no-cache-dir, or mount a cache on /root/.cache/pip',
  },
};

export const packageCache: Rule = {
  id: 'package-cache',
  title: 'a package cache is left in what ships',
  policy: '5.2.4 Multi-Stage Builds: smaller image size',
  why:
    'Package lists and downloads are of no use to the program and make every pull larger; removing them in a later RUN does not help, the earlier layer keeps them. ' +
    'Read from the commands of each RUN in the stages that ship, for apt, apk, dnf, yum, microdnf, zypper and pip; a cache mount on the path counts as clean. npm and yarn are not judged.',
  levels: { ships: 'info', builds: 'off' },
  wrong:
    'FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends tini\nUSER 65532\nCMD ["tini", "--", "sleep", "1"]\n',
  right:
    'FROM debian:13-slim\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends tini \\\n && rm -rf /var/lib/apt/lists/*\nUSER 65532\nCMD ["tini", "--", "sleep", "1"]\n',
  remedy:
    'Clean up in the same RUN, use the option that keeps no cache, or mount a cache: RUN --mount=type=cache,target=/root/.cache/pip.',
  find(subject) {
    return readShippedRuns(subject.shipped).flatMap((run) => {
      const left = findCachesLeft(run);
      return [...left].map((name) => ({
        reason: caches[name].what,
        fix: caches[name].fix,
        line: run.instruction.line,
      }));
    });
  },
};

/** In one pass: what fills a cache adds it, what cleans it takes it away again. */
function findCachesLeft(run: ShippedRun): ReadonlySet<keyof typeof caches> {
  const left = new Set<keyof typeof caches>();
  const fill = (name: keyof typeof caches): void => {
    if (!caches[name].paths.some((path) => run.mountTargets.some((target) => isOn(path, target, name)))) left.add(name);
  };
  for (const { words, environment } of run.commands) {
    const command = readPackageCommand(words);
    if (command !== undefined) {
      if (fills(command)) fill(command.manager);
      // apt-get clean empties the archive, not the lists.
      if (command.action === 'clean' && command.manager !== 'apt') left.delete(command.manager);
      if (command.action === 'clean' && ['dnf', 'yum', 'microdnf'].includes(command.manager))
        for (const name of ['dnf', 'yum', 'microdnf'] as const) left.delete(name);
    } else if (isPipInstall(words)) {
      if (!words.some((word) => word.startsWith('--no-cache')) && (environment.PIP_NO_CACHE_DIR ?? '') === '')
        fill('pip');
    } else if (isPip(words) && words.includes('cache') && words.includes('purge')) left.delete('pip');
    else if (['rm', 'find', 'rmdir'].includes(words[0] ?? ''))
      for (const name of left) if (removes(words, name)) left.delete(name);
  }
  return left;
}

function fills({ manager, action, flags }: PackageCommand): boolean {
  switch (manager) {
    case 'apt':
      return action === 'update' && !flags.includes('--print-uris');
    case 'apk':
      return (action === 'install' || action === 'update') && !flags.includes('--no-cache');
    case 'dnf':
    case 'yum':
    case 'microdnf':
    case 'zypper':
      return action === 'install' || action === 'update';
  }
}

function isOn(path: string, target: string, name: string): boolean {
  return (
    path === target ||
    path.startsWith(`${target}/`) ||
    (name === 'pip' && (target.endsWith('/.cache') || target.endsWith('/.cache/pip')))
  );
}

function removes(words: readonly string[], name: keyof typeof caches): boolean {
  const operands = words.slice(1).filter((word) => !word.startsWith('-'));
  // `/var/lib/{apt,dpkg}/…` and `/var/lib/apt/lists/*_dists_*` are in use too.
  if (name === 'apt') return operands.some((word) => word.startsWith('/var/lib/apt') || word.startsWith('/var/lib/{'));
  if (name === 'pip') return operands.some((word) => word.includes('.cache'));
  return operands.some(
    (word) =>
      caches[name].paths.some((path) => word.startsWith(path)) ||
      word === '/var/cache/*' ||
      word === '/var/cache' ||
      word.startsWith('/var/cache/{'),
  );
}

function isPip(words: readonly string[]): boolean {
  return (
    /^pip[0-9.]*$/.test(words[0] ?? '') ||
    (/^python[0-9.]*$/.test(words[0] ?? '') && words[1] === '-m' && words[2] === 'pip')
  );
}

function isPipInstall(words: readonly string[]): boolean {
  return isPip(words) && words.slice(1).find((word) => !word.startsWith('-') && word !== 'pip') === 'install';
}
