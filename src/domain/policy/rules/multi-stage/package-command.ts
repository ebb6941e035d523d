/** What a command asks of the system's package manager. */
export type PackageCommand = {
  readonly manager: 'apt' | 'apk' | 'dnf' | 'yum' | 'microdnf' | 'zypper';
  readonly action: 'install' | 'remove' | 'autoremove' | 'update' | 'clean' | 'other';
  /** Bare names: version, release and architecture cut off. A word that is still a variable stays as it is. */
  readonly packages: readonly string[];
  readonly flags: readonly string[];
  /** apk's `--virtual NAME`: what the installed group is called. */
  readonly group?: string;
};

const managers: Readonly<Record<string, PackageCommand['manager']>> = {
  'apt-get': 'apt',
  apt: 'apt',
  aptitude: 'apt',
  apk: 'apk',
  dnf: 'dnf',
  dnf5: 'dnf',
  yum: 'yum',
  microdnf: 'microdnf',
  zypper: 'zypper',
};
const actions: Readonly<Record<string, PackageCommand['action']>> = {
  install: 'install',
  add: 'install',
  in: 'install',
  groupinstall: 'install',
  localinstall: 'install',
  reinstall: 'install',
  remove: 'remove',
  purge: 'remove',
  del: 'remove',
  erase: 'remove',
  rm: 'remove',
  autoremove: 'autoremove',
  autopurge: 'autoremove',
  update: 'update',
  upgrade: 'update',
  'dist-upgrade': 'update',
  'full-upgrade': 'update',
  refresh: 'update',
  ref: 'update',
  makecache: 'update',
  clean: 'clean',
  cc: 'clean',
};
const flagsWithValue: Readonly<Record<PackageCommand['manager'], readonly string[]>> = {
  apt: ['-o', '-t', '-c', '--option', '--target-release', '--default-release'],
  apk: [
    '-t',
    '--virtual',
    '-X',
    '--repository',
    '-p',
    '--root',
    '--keys-dir',
    '--arch',
    '--wait',
    '--repositories-file',
  ],
  dnf: ['-c', '-x', '--setopt', '--enablerepo', '--disablerepo', '--installroot', '--releasever'],
  yum: ['-c', '-x', '--setopt', '--enablerepo', '--disablerepo', '--installroot', '--releasever'],
  microdnf: ['-c', '--setopt', '--enablerepo', '--disablerepo', '--installroot', '--releasever'],
  zypper: ['-R', '--root', '-r', '--repo', '--from'],
};

/** @returns `undefined` for any other program. */
export function readPackageCommand(words: readonly string[]): PackageCommand | undefined {
  const program = words[0] ?? '';
  const manager = Object.hasOwn(managers, program) ? managers[program] : undefined;
  if (manager === undefined) return undefined;
  const flags: string[] = [];
  const operands: string[] = [];
  let group: string | undefined;
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) operands.push(word);
    else {
      flags.push(word);
      if (manager === 'apk' && word.startsWith('--virtual=')) group = word.slice('--virtual='.length);
      if (flagsWithValue[manager].includes(word)) {
        at += 1;
        if (word === '-t' || word === '--virtual') group = words[at];
      }
    }
  }
  const verb = operands[0] ?? '';
  const packages = operands.slice(1).map(bareName);
  const action = (Object.hasOwn(actions, verb) ? actions[verb] : undefined) ?? 'other';
  return { manager, action, packages, flags, ...(manager === 'apk' && group !== undefined ? { group } : {}) };
}

function bareName(word: string): string {
  if (word.startsWith('$')) return word;
  const end = word.search(/[=<>~@:/]/);
  return end > 0 ? word.slice(0, end) : word;
}
