import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { runTool } from './run-tool.ts';

/** Two trees of one Debian, as it was released and with its security updates, and what the second one mends. */
export type DebianBases = {
  readonly released: string;
  readonly updated: string;
  /** `12.15`. */
  readonly release: string;
  readonly fixes: readonly DebianFix[];
  /** How the two came to differ: by Debian's updates, or by a package that was rebuilt lower because there were none. */
  readonly difference: 'security updates' | 'a package rebuilt lower';
};

export type DebianFix = {
  readonly sourcePackage: string;
  readonly fixedVersion: string;
  /** Named in the entries of the changelog that are new; invented where `difference` is no update. */
  readonly ids: readonly string[];
};

const mirror = 'http://deb.debian.org/debian';
const security = 'http://deb.debian.org/debian-security';
const minutes = 60_000;
const slimmed = ['doc', 'info', 'locale', 'man'].map((name) => `usr/share/${name}`);

/** Makes both with debootstrap: some minutes. */
export async function makeDebianBases(folder: string): Promise<DebianBases> {
  const [released, updated] = [join(folder, 'released'), join(folder, 'updated')];
  await runTool('debootstrap', ['--variant=minbase', 'bookworm', released, mirror], 10 * minutes);
  await runTool('cp', ['-a', released, updated]);
  writeFileSync(join(updated, 'etc/resolv.conf'), readFileSync('/etc/resolv.conf'));
  writeFileSync(
    join(updated, 'etc/apt/sources.list'),
    `deb ${mirror} bookworm main\ndeb ${security} bookworm-security main\n`,
  );
  const upgrade = 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get upgrade -y -qq';
  await runTool('chroot', [updated, 'sh', '-c', upgrade], 5 * minutes);
  let fixes = fixesBetween(await installed(released), await installed(updated), updated);
  const difference = fixes.length > 0 ? 'security updates' : 'a package rebuilt lower';
  if (fixes.length === 0) fixes = [await rebuildLower(released)];
  for (const tree of [released, updated]) {
    // As the slim images have it; and a build copies no devices.
    await runTool('sh', ['-c', 'rm -rf "$1"/dev/*', 'sh', tree]);
    for (const left of [...slimmed, 'var/cache/apt', 'var/lib/apt/lists'])
      rmSync(join(tree, left), { recursive: true, force: true });
    await runTool('mkdir', ['-p', join(tree, 'var/cache/apt/archives/partial'), join(tree, 'var/lib/apt/lists')]);
  }
  const release = readFileSync(join(released, 'etc/debian_version'), 'utf8').trim();
  return { released, updated, release, fixes, difference };
}

/** `sourceVersion`: what advisories speak of; a package that was only compiled again has another. */
type Installed = {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly sourceVersion: string;
};

async function installed(tree: string): Promise<readonly Installed[]> {
  const format = '${Package}\\t${Version}\\t${source:Package}\\t${source:Version}\\n';
  const text = await runTool('chroot', [tree, 'dpkg-query', '-W', '-f', format]);
  return text.split('\n').map((line) => {
    const [name = '', version = '', source = '', sourceVersion = ''] = line.split('\t');
    return { name, version, source, sourceVersion };
  });
}

/** What the changelogs of changed packages name since the version that was released. */
function fixesBetween(before: readonly Installed[], after: readonly Installed[], tree: string): readonly DebianFix[] {
  const fixes = after.flatMap(({ name, version, source, sourceVersion }): readonly DebianFix[] => {
    const old = before.find((one) => one.name === name)?.version;
    if (old === undefined || old === version) return [];
    const ids = idsSince(changelogOf(tree, name), old);
    return ids.length === 0 ? [] : [{ sourcePackage: source, fixedVersion: sourceVersion, ids }];
  });
  return [...new Map(fixes.map((fix) => [fix.sourcePackage, fix])).values()];
}

function changelogOf(tree: string, name: string): string {
  try {
    return gunzipSync(readFileSync(join(tree, 'usr/share/doc', name, 'changelog.Debian.gz'))).toString('utf8');
  } catch {
    return '';
  }
}

function idsSince(changelog: string, old: string): readonly string[] {
  const end = changelog.indexOf(`(${old})`);
  const news = end === -1 ? '' : changelog.slice(0, end);
  return [...new Set(news.match(/CVE-\d{4}-\d{4,7}/g) ?? [])].sort();
}

/** Gives one package of a tree a lower version, as an update that came since would have found it. */
async function rebuildLower(tree: string): Promise<DebianFix> {
  const steps = [
    'cd /tmp && dpkg-deb -R /var/cache/apt/archives/tar_*.deb tar',
    'sed -i "s/^Version: .*/&~before/" tar/DEBIAN/control && dpkg-deb -b tar tar.deb',
    'dpkg -i --force-downgrade tar.deb && rm -r tar tar.deb',
  ];
  const before = (await installed(tree)).find(({ name }) => name === 'tar');
  await runTool('chroot', [tree, 'sh', '-c', steps.join(' && ')]);
  return { sourcePackage: 'tar', fixedVersion: before?.version ?? '', ids: ['CVE-2026-0001'] };
}
