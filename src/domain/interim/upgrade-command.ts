import type { PackageManager } from './package-manager.ts';

/** A package to upgrade; `atLeast`: the first version that will do. */
export type UpgradedPackage = { readonly name: string; readonly atLeast?: string };

type Form = {
  readonly before: string;
  readonly after: string;
  /** One word of the command; `undefined` where a name is none that this distribution gives. */
  readonly write: (upgraded: UpgradedPackage) => string | undefined;
  /** Whether a word is one that `write` makes. */
  readonly isWord: (word: string) => boolean;
};

// Debian policy 5.6.7; what ends in a hyphen is removed by apt.
const debName = /^[a-z0-9][a-z0-9+.-]{0,126}[a-z0-9+.]$/;
const apkName = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;
const apkVersion = /^[0-9][A-Za-z0-9._+~-]{0,127}$/;
const rpmName = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;

const forms: Readonly<Record<PackageManager, Form>> = {
  // No lower bound: the versions of binary packages may differ from that of their source.
  apt: {
    ...named(debName),
    before: 'apt-get update && apt-get install -y --no-install-recommends --only-upgrade ',
    after: ' && rm -rf /var/lib/apt/lists/*',
  },
  // All packages of one source have its version: with a lower bound the build fails where the fix is not there yet.
  apk: {
    before: 'apk add --no-cache --upgrade ',
    after: '',
    write: ({ name, atLeast }) => {
      if (!apkName.test(name)) return undefined;
      return atLeast !== undefined && apkVersion.test(atLeast) ? `'${name}>=${atLeast}'` : name;
    },
    isWord: (word) => {
      if (!word.startsWith("'")) return apkName.test(word);
      const [name = '', version = '', ...rest] = word.slice(1, -1).split('>=');
      return word.endsWith("'") && rest.length === 0 && apkName.test(name) && apkVersion.test(version);
    },
  },
  dnf: {
    ...named(rpmName),
    before: 'dnf upgrade -y --setopt=install_weak_deps=False ',
    after: ' && dnf clean all',
  },
  microdnf: {
    ...named(rpmName),
    before: 'microdnf upgrade -y --nodocs --setopt=install_weak_deps=0 ',
    after: ' && microdnf clean all',
  },
};

function named(form: RegExp): Pick<Form, 'write' | 'isWord'> {
  return { write: ({ name }) => (form.test(name) ? name : undefined), isWord: (word) => form.test(word) };
}

/**
 * The command that upgrades these packages and nothing that is not installed, and leaves no lists behind.
 *
 * @returns the first name that no package of this distribution can have, where there is one: names come from images that nobody vouches
 *   for, and stand in a shell.
 */
export function upgradeCommand(
  manager: PackageManager,
  packages: readonly UpgradedPackage[],
): { readonly kind: 'command'; readonly text: string } | { readonly kind: 'refused'; readonly name: string } {
  const { before, after, write } = forms[manager];
  const words: string[] = [];
  for (const one of packages) {
    const word = write(one);
    if (word === undefined) return { kind: 'refused', name: one.name };
    words.push(word);
  }
  return { kind: 'command', text: `${before}${words.join(' ')}${after}` };
}

/** Whether a command is one that `upgradeCommand` makes: it does nothing besides. */
export function isUpgradeCommand(text: string): boolean {
  return Object.values(forms).some(({ before, after, isWord }) => {
    if (!text.startsWith(before) || !text.endsWith(after) || text.length <= before.length + after.length) return false;
    return text
      .slice(before.length, text.length - after.length)
      .split(' ')
      .every(isWord);
  });
}
