import { type Reference, repositoryName } from '../image/reference.ts';

export type PackageManager = 'apt' | 'apk' | 'dnf' | 'microdnf';

/** `reason`: why no line can upgrade a package there; one clause. */
export type PackageManagerOf =
  | { readonly kind: 'known'; readonly manager: PackageManager }
  | { readonly kind: 'none'; readonly reason: string };

/** What has a package database and nothing that could install, by name: no scan of it tells what is missing. */
const withoutManager: readonly { readonly name: RegExp; readonly tag?: RegExp }[] = [
  { name: /^gcr\.io\/distroless\// },
  { name: /^(cgr\.dev\/chainguard(-private)?|dhi\.io)\/(?!wolfi-base$)/, tag: /^(?!.*-dev\b)/ },
  { name: /\/ubi\d*-micro$/ },
  { name: /./, tag: /chiseled|distroless/ },
];

/** Of what packages as RPM the name tells; the first that fits. Others may have yum, tdnf or zypper. */
const rpmManagers: readonly { readonly name: RegExp; readonly tag?: RegExp; readonly manager: 'dnf' | 'microdnf' }[] = [
  { name: /\/ubi\d*-minimal$/, manager: 'microdnf' },
  { name: /\/(oraclelinux|rockylinux|almalinux)$/, tag: /slim|minimal/, manager: 'microdnf' },
  { name: /\/almalinux\/\d+-minimal$/, manager: 'microdnf' },
  { name: /\/(ubi\d*|fedora|rockylinux|almalinux|oraclelinux)$/, manager: 'dnf' },
  { name: /\/(ubi\d+\/ubi|rockylinux\/rockylinux|almalinux\/\d+-base|centos\/centos)$/, manager: 'dnf' },
  { name: /\/amazonlinux$/, tag: /^(latest$|2023)/, manager: 'dnf' },
];

/**
 * What upgrades a package in an image, by how its packages are packaged and by its name.
 *
 * @param purl package URL of one of its packages: `pkg:deb/debian/libssl3@3.0.17-1`. Absent: the scan does not tell.
 * @param reference after aliases
 */
export function packageManagerOf(purl: string | undefined, reference: Reference): PackageManagerOf {
  const { tag = 'latest' } = reference;
  const name = repositoryName(reference);
  const fits = (one: { readonly name: RegExp; readonly tag?: RegExp }) =>
    one.name.test(name) && one.tag?.test(tag) !== false;
  const type = /^pkg:([a-z]+)\//.exec(purl ?? '')?.[1];
  if (type === undefined) return none('its scan does not tell what kind of package it is');
  if (type !== 'deb' && type !== 'apk' && type !== 'rpm')
    return none('it is no package of the system: it is upgraded where it is installed');
  if (withoutManager.some(fits)) return none('the image has no package manager');
  if (type === 'deb') return { kind: 'known', manager: 'apt' };
  if (type === 'apk') return { kind: 'known', manager: 'apk' };
  const manager = rpmManagers.find(fits)?.manager;
  return manager === undefined
    ? none('it is not known which package manager the image has')
    : { kind: 'known', manager };
}

function none(reason: string): PackageManagerOf {
  return { kind: 'none', reason };
}
