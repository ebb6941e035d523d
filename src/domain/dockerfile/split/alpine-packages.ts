/** Debian's name → Alpine's, where they differ and both were compared by hand; `''` where Alpine's image needs nothing. */
const alpineNames: Readonly<Record<string, string>> = {
  'build-essential': 'build-base',
  // Alpine's compilers come without the C library's headers; build-base brings both.
  gcc: 'build-base',
  'g++': 'build-base',
  'libc6-dev': 'musl-dev',
  'pkg-config': 'pkgconf',
  'libssl-dev': 'openssl-dev',
  'libxslt1-dev': 'libxslt-dev',
  'libjpeg-dev': 'jpeg-dev',
  'zlib1g-dev': 'zlib-dev',
  'default-libmysqlclient-dev': 'mariadb-dev',
  'python3-dev': '',
  'python-dev': '',
  'apt-transport-https': '',
  'python3-pip': '',
  'xz-utils': 'xz',
};
const sameNames = new Set([
  'make',
  'cmake',
  'git',
  'curl',
  'wget',
  'ca-certificates',
  'tzdata',
  'unzip',
  'zip',
  'bash',
  'python3',
  'openssl',
  'libpq-dev',
  'libffi-dev',
  'libxml2-dev',
  'autoconf',
  'automake',
  'libtool',
  'tini',
  'dumb-init',
  'jq',
  'gnupg',
  'ffmpeg',
  'imagemagick',
  'graphviz',
]);
/** A `-dev` package → the library that a program built with it needs when it runs; `''` where the base has it. */
const runtimeLibraries: Readonly<Record<string, string>> = {
  'libpq-dev': 'libpq',
  'postgresql-dev': 'libpq',
  'libffi-dev': 'libffi',
  'openssl-dev': '',
  'libxml2-dev': 'libxml2',
  'libxslt-dev': 'libxslt',
  'jpeg-dev': 'libjpeg-turbo',
  'zlib-dev': '',
  'mariadb-dev': 'mariadb-connector-c',
  'musl-dev': '',
  'libc-dev': '',
  'linux-headers': '',
  'python3-dev': '',
};

/** @returns `undefined` for a package that we do not know on Alpine. */
export function toAlpinePackage(debianName: string): string | undefined {
  if (sameNames.has(debianName)) return debianName;
  return Object.hasOwn(alpineNames, debianName) ? alpineNames[debianName] : undefined;
}

/** The libraries behind these `-dev` packages, once each; `unknown` are those whose library we do not know. */
export function findRuntimeLibraries(buildPackages: readonly string[]): {
  readonly known: readonly string[];
  readonly unknown: readonly string[];
} {
  const development = buildPackages.filter((name) => name.endsWith('-dev'));
  const known = development.flatMap((name) =>
    Object.hasOwn(runtimeLibraries, name) ? (runtimeLibraries[name] ?? '') : '',
  );
  return {
    known: [...new Set(known.filter((name) => name !== ''))],
    unknown: development.filter((name) => !Object.hasOwn(runtimeLibraries, name)),
  };
}
