/** What the checks read out of a tag: on purpose not our reader of tags, so that its mistakes are not repeated here. */

const debianCodenames = /^(?:stretch|buster|bullseye|bookworm|trixie|forky)$/;
const ubuntuCodenames = /^(?:xenial|bionic|focal|jammy|kinetic|lunar|mantic|noble|oracular|plucky|questing|resolute)$/;

/** Versions and builds behind a word, and releases of an operating system. */
const versions = /^(?:(?:alpine|al|ol|oraclelinux|centos|ubi|debian|ubuntu|b|r)?[\d.]+|[\d.]+_\d+)$/;

const prerelease =
  /(?:^|[\d.-])(?:rc|alpha|beta|ea|preview|pre|dev|nightly|snapshot|milestone)(?:[\d.-]|$)|\d(?:a|b)\d+(?:-|$)|-M\d+(?:-|$)/i;

/** `3.14.0b2`, `11.0.0-M5`, `28-ea-11`. Java's `8u502-b07` is a build. */
export function looksPrerelease(tag: string): boolean {
  return prerelease.test(tag);
}

/**
 * What has to stay the same when only versions change: `22.1.0-alpine3.18` → `#-alpine#`. Windows, runtimes and words are
 * kept as they are written.
 */
export function skeletonOf(tag: string): string {
  return tag
    .split('-')
    .map((token, at) => {
      if (ubuntuCodenames.test(token)) return '<ubuntu>';
      if (debianCodenames.test(token)) return '<debian>';
      return at === 0 || versions.test(token) ? token.replace(/\d+(?:\.\d+)*/g, '#') : token;
    })
    .join('-');
}

/** The leading numbers: `v3.1.2-alpine` → 3, 1, 2. Empty for a tag that begins with a word. */
export function numbersOf(tag: string): readonly number[] {
  const [leading] = /^v?\d+(?:\.\d+)*/.exec(tag) ?? [''];
  return (leading.match(/\d+/g) ?? []).map(Number);
}

/** Negative: `a` is older. A missing number is 0. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
