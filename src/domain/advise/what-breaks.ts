import type { ImageTraits } from './image-traits.ts';

/**
 * What a move to another base may break, one clause each, worst first. Only differences that both scans tell; what one of them does not tell is
 * named as such.
 */
export function whatBreaks(from: ImageTraits, to: ImageTraits): readonly string[] {
  return [
    ...libcClause(from.libc, to.libc),
    ...(from.hasShell === true && to.hasShell === false ? ['no shell: RUN lines and shell scripts do not work'] : []),
    ...packageManagerClause(from.packageManager, to.packageManager),
    ...systemClause(from.system, to.system),
    ...userClause(from.user, to.user),
    ...(isTold(from) && isTold(to)
      ? []
      : ['its scan or the present one lists no packages: what else differs is not known']),
  ];
}

function isTold({ libc }: ImageTraits): boolean {
  return libc !== undefined;
}

function libcClause(from: ImageTraits['libc'], to: ImageTraits['libc']): readonly string[] {
  if (from === undefined || to === undefined || from === to || from === 'none') return [];
  if (to === 'none') return ['no C library: only statically linked programs run'];
  return [`${to} in place of ${from}: programs and native modules built for ${from} do not run`];
}

function packageManagerClause(from: string | undefined, to: string | undefined): readonly string[] {
  if (from === undefined || to === undefined || from === to || from === 'none') return [];
  if (to === 'none') return [`no package manager: lines that call ${from} do not work`];
  return [`${to} in place of ${from}: lines that install packages are to be written anew`];
}

function systemClause(from: ImageTraits['system'], to: ImageTraits['system']): readonly string[] {
  if (from === undefined || to === undefined) return [];
  const [old, now] = [releaseText(from), releaseText(to)];
  return old === now ? [] : [`${now} in place of ${old}`];
}

function userClause(from: string | undefined, to: string | undefined): readonly string[] {
  if (from === undefined || to === undefined || from === to) return [];
  return [`runs as ${to === '' ? 'root' : to} in place of ${from === '' ? 'root' : from}`];
}

/** Point releases are one release: `debian 12.9` and `debian 12.11`. */
function releaseText({ family, release }: NonNullable<ImageTraits['system']>): string {
  const parts = twoNumbers.has(family) ? 2 : 1;
  return `${family} ${release.split('.').slice(0, parts).join('.')}`.trim();
}

/** Systems whose releases are named by two numbers. */
const twoNumbers: ReadonlySet<string> = new Set([
  'alpine',
  'ubuntu',
  'opensuse.leap',
  'photon',
  'azurelinux',
  'mariner',
]);
