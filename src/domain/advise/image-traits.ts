import type { Scan } from '../vulnerability/scan.ts';

/**
 * What programs and build lines rely on in an image. Absent: the scan does not tell. `none`: it lists what is installed, and nothing of
 * the kind is among it.
 */
export type ImageTraits = {
  readonly libc?: 'glibc' | 'musl' | 'none';
  readonly hasShell?: boolean;
  readonly packageManager?: string;
  readonly system?: { readonly family: string; readonly release: string };
  /** Empty for root. */
  readonly user?: string;
};

/** Grype's words for what a distribution packages; Trivy says the name of the distribution. */
const packagedTypes: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm']);

const libcs: ReadonlyMap<string, 'glibc' | 'musl'> = new Map([
  ['musl', 'musl'],
  ['libc6', 'glibc'],
  ['glibc', 'glibc'],
]);
const shells: ReadonlySet<string> = new Set(['bash', 'dash', 'busybox', 'zsh', 'mksh']);
const packageManagers: ReadonlyMap<string, string> = new Map([
  ['apt', 'apt'],
  ['apk-tools', 'apk'],
  ['dnf', 'dnf'],
  ['dnf5', 'dnf'],
  ['microdnf', 'microdnf'],
  ['tdnf', 'tdnf'],
  ['yum', 'yum'],
  ['zypper', 'zypper'],
]);

/** Reads them from the packages of the system: a package of a language may have any name. */
export function traitsOf({ system, user, packages }: Pick<Scan, 'system' | 'user' | 'packages'>): ImageTraits {
  const names = packages.flatMap(({ name, type }) =>
    packagedTypes.has(type) || type === system?.family ? [name] : [],
  );
  return {
    // An image without a single package of its system is one that the scanner could not look into.
    ...(names.length === 0 ? {} : installedIn(names)),
    ...(system === undefined ? {} : { system: { family: system.family, release: system.release } }),
    ...(user === undefined ? {} : { user }),
  };
}

function installedIn(names: readonly string[]): Required<Pick<ImageTraits, 'libc' | 'hasShell' | 'packageManager'>> {
  return {
    libc: firstIn(libcs, names) ?? 'none',
    hasShell: names.some((name) => shells.has(name)),
    packageManager: firstIn(packageManagers, names) ?? 'none',
  };
}

function firstIn<Value>(known: ReadonlyMap<string, Value>, names: readonly string[]): Value | undefined {
  const found = names.find((name) => known.has(name));
  return found === undefined ? undefined : known.get(found);
}
