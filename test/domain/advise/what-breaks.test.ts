import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traitsOf } from '../../../src/domain/advise/image-traits.ts';
import { whatBreaks } from '../../../src/domain/advise/what-breaks.ts';

/** `debian 12.9: libc6 dash apt`: an image by its system and what is installed; `npm:x` is a package of a language. */
function image(text: string, user = '') {
  const [head = '', names = ''] = text.split(':  ');
  const [family = '', release = ''] = head.split(' ');
  const packages = names.split(' ').flatMap((word) => {
    const [type, name = ''] = word.startsWith('npm:') ? ['node-pkg', word.slice(4)] : [family, word];
    return name === '' ? [] : [{ name, version: '1', sourcePackage: name, type }];
  });
  return traitsOf({ user, packages, system: { family, release, isEndOfLife: false } });
}

const debian = image('debian 12.9:  apt bash dash dpkg libc6');

for (const [what, to, breaks] of [
  ['a point release', image('debian 12.11:  apt bash dash libc6'), []],
  ['the next release', image('debian 13.1:  apt dash libc6'), ['debian 13 in place of debian 12']],
  [
    'alpine',
    image('alpine 3.22.1:  apk-tools busybox musl'),
    [
      'musl in place of glibc: programs and native modules built for glibc do not run',
      'apk in place of apt: lines that install packages are to be written anew',
      'alpine 3.22 in place of debian 12',
    ],
  ],
  [
    'distroless',
    image('debian 12.9:  base-files libc6 libssl3', '65532'),
    [
      'no shell: RUN lines and shell scripts do not work',
      'no package manager: lines that call apt do not work',
      'runs as 65532 in place of root',
    ],
  ],
  [
    'static',
    image('debian 12.9:  base-files tzdata npm:bash'),
    [
      'no C library: only statically linked programs run',
      'no shell: RUN lines and shell scripts do not work',
      'no package manager: lines that call apt do not work',
    ],
  ],
  [
    'what lists no packages',
    image('ubuntu 24.04'),
    [
      'ubuntu 24.04 in place of debian 12',
      'its scan or the present one lists no packages: what else differs is not known',
    ],
  ],
] as const)
  test(`${what} breaks ${breaks.length === 0 ? 'nothing' : breaks.length}`, () =>
    assert.deepEqual(whatBreaks(debian, to), breaks));

test('what the present base has not is not missed', () => {
  const distroless = image('debian 12.9:  libc6', '65532');
  assert.deepEqual(whatBreaks(distroless, image('debian 12.9:  libc6 dash apt', '65532')), []);
});

test('another user is told by name, root too', () => {
  assert.deepEqual(whatBreaks(image('debian 12.9:  libc6', 'node'), image('debian 12.9:  libc6')), [
    'runs as root in place of node',
  ]);
});
