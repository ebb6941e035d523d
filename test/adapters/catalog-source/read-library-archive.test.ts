import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readLibraryArchive } from '../../../src/adapters/catalog-source/read-library-archive.ts';
import { CatalogUpstreamError } from '../../../src/ports/catalog-upstream.ts';
import { libraryArchive, makeTar } from '../../fakes/catalog-source/tar.ts';

test('reads what git itself writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));
  try {
    const at = '2026-11-20T23:30:00-07:00';
    const env = { ...process.env, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at, GIT_CONFIG_GLOBAL: '/dev/null' };
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: folder, env });
    const deep = join(folder, 'test', 'a'.repeat(90), 'b'.repeat(90), 'c'.repeat(90));
    for (const path of [join(folder, 'library'), deep]) mkdirSync(path, { recursive: true });
    writeFileSync(join(folder, 'library', 'alpine'), 'Maintainers: Zoë\n');
    writeFileSync(join(folder, 'library', 'empty'), '');
    writeFileSync(join(folder, 'library', 'node'), `${'# long\n'.repeat(500)}`);
    writeFileSync(join(deep, 'a name longer than ustar holds'), 'x'.repeat(1500));
    git('init', '-q', '.');
    git('add', '.');
    git('commit', '-q', '-m', 'all');
    const commit = git('rev-parse', 'HEAD').toString().trim();
    const listing = readLibraryArchive(git('archive', '--format=tar.gz', '--prefix=official-images-master/', 'HEAD'));
    assert.deepEqual(listing, {
      commit,
      committedOn: '2026-11-21',
      files: new Map([
        ['alpine', 'Maintainers: Zoë\n'],
        ['empty', ''],
        ['node', '# long\n'.repeat(500)],
      ]),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('takes files at their exact place alone', () => {
  const more = [
    { path: 'official-images-master/library/../library/python', text: 'a' },
    { path: 'official-images-master/library/node/extra', text: 'b' },
    { path: '/library/ruby', text: 'c' },
    { path: 'library/go', text: 'd' },
    { path: '../../etc/library/passwd', text: 'e' },
    { path: 'official-images-master/library/link', text: '', type: '2' },
    { path: 'official-images-master/library/folder', text: '', type: '5' },
    { path: 'official-images-master/test/library', text: 'f' },
  ];
  const { files } = readLibraryArchive(libraryArchive({ node: 'Maintainers: A\n' }, { more }));
  assert.deepEqual([...files.keys()], ['node']);
});

const whole = libraryArchive({ node: 'Maintainers: A\n', python: 'Maintainers: B\n'.repeat(200) });
const twice = { path: 'official-images-master/library/node', text: 'Maintainers: Mallory\n' };

for (const [what, archive, reason] of [
  ['cut short while packed', whole.subarray(0, whole.length - 12), /damaged or cut short/],
  ['cut short before it was packed', gzipSync(gunzipSync(whole).subarray(0, 3000)), /cut short/],
  ['cut at the end of an entry', gzipSync(gunzipSync(whole).subarray(0, 512 * 6)), /cut short/],
  ['no archive', Buffer.from('<html>'), /damaged/],
  ['empty', Buffer.alloc(0), /damaged|cut short/],
  ['packed nonsense', gzipSync(Buffer.alloc(2048, 'x')), /header that is none/],
  ['without a commit', gzipSync(makeTar([twice], '2026-11-22')), /which commit/],
  ['without images', libraryArchive({}), /no folder library/],
  ['ambiguous', libraryArchive({ node: 'x' }, { more: [twice] }), /twice/],
  ['with a huge file', libraryArchive({ node: 'x'.repeat(3 * 1024 * 1024) }), /too large/],
  ['a bomb', gzipSync(Buffer.alloc(160 * 1024 * 1024)), /too large when unpacked/],
] as const)
  test(`refuses an archive that is ${what}`, () =>
    assert.throws(
      () => readLibraryArchive(archive),
      (error) => error instanceof CatalogUpstreamError && reason.test(error.message),
    ));

test('an archive with any byte changed is read or refused, and nothing else fails', () => {
  const bytes = gunzipSync(whole);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ change;
      try {
        readLibraryArchive(gzipSync(damaged));
      } catch (error) {
        assert.ok(error instanceof CatalogUpstreamError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});
