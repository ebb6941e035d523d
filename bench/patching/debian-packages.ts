import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type ChangelogEntry, parseChangelog } from './changelog.ts';

type Apt = (...args: readonly string[]) => void;

/** Changelogs of one release of Debian, out of the packages themselves, with lists in a folder of their own. */
export class DebianPackages {
  readonly #folder: string;
  readonly #apt: Apt;

  /** @param folder empty */
  constructor(folder: string, release: string) {
    this.#folder = folder;
    this.#apt = prepareApt(folder, release);
  }

  /** Of the first binary package that carries one of its own: in others it is a link to that of another package. */
  readChangelog(binaries: readonly string[]): readonly ChangelogEntry[] | undefined {
    for (const binary of binaries) {
      const deb = this.#download(binary);
      if (deb === undefined) continue;
      const entries = this.#entriesOf(deb, binary);
      rmSync(deb);
      if (entries !== undefined) return entries;
    }
    return undefined;
  }

  #download(binary: string): string | undefined {
    try {
      this.#apt('download', '-qq', binary);
    } catch {
      // It is called otherwise in this release.
      return undefined;
    }
    const file = readdirSync(this.#folder).find((name) => name.endsWith('.deb'));
    return file === undefined ? undefined : join(this.#folder, file);
  }

  #entriesOf(deb: string, binary: string): readonly ChangelogEntry[] | undefined {
    const tree = join(this.#folder, 'tree');
    rmSync(tree, { recursive: true, force: true });
    execFileSync('dpkg-deb', ['--extract', deb, tree]);
    // Packages of Debian's own have no changelog of anybody else.
    const files = ['changelog.Debian.gz', 'changelog.gz'].map((name) =>
      join(tree, 'usr', 'share', 'doc', binary, name),
    );
    for (const file of files.filter((path) => existsSync(path))) {
      const entries = parseChangelog(gunzipSync(readFileSync(file)).toString('utf8'));
      if (entries.length > 0) return entries;
    }
    return undefined;
  }
}

function prepareApt(folder: string, release: string): Apt {
  for (const part of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, part), { recursive: true });
  const key = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
  const lists = [`debian ${release}`, `debian-security ${release}-security`];
  const sources = lists.map((list) => `deb ${key} http://deb.debian.org/${list} main\n`);
  writeFileSync(join(folder, 'sources.list'), sources.join(''));
  writeFileSync(join(folder, 'status'), '');
  const settings = [
    `Dir::State "${folder}/state"; Dir::State::status "${folder}/status"; Dir::Cache "${folder}/cache";`,
    `Dir::Etc::sourcelist "${folder}/sources.list"; Dir::Etc::sourceparts "/dev/null"; Acquire::Languages "none";`,
    'APT::Architecture "amd64"; APT::Architectures {"amd64";}; APT::Sandbox::User "root";',
  ];
  writeFileSync(join(folder, 'apt.conf'), settings.join('\n'));
  const env = { ...process.env, APT_CONFIG: join(folder, 'apt.conf') };
  const apt: Apt = (...args) => void execFileSync('apt-get', args, { cwd: folder, env, stdio: 'pipe' });
  apt('update', '-qq');
  return apt;
}
