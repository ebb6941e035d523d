import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { History } from '../../test/fakes/history/history.ts';
import type { FixList, ImageSources, ReleaseUploads, SourceUpload } from '../../test/fakes/patching/fix-list.ts';
import { uploadsTo } from './changelog.ts';
import { DebianPackages } from './debian-packages.ts';
import { formatFixList } from './format-fix-list.ts';
import { pointReleasesOf } from './point-releases.ts';

/**
 * Makes `debian-fixes.json` anew, out of the changelogs that Debian's binary packages carry. Facts alone are kept, no words of a
 * changelog. Ten minutes, on a Debian with `apt-get` and `dpkg-deb`; nothing of the machine's own lists is changed.
 */
const data = process.env['BASEKEEPER_DATA'];
if (data === undefined) {
  process.stderr.write('set BASEKEEPER_DATA to the folder that holds packages.json and tag-history.json.gz\n');
  process.exit(2);
}
/** Older ones say nothing of the year that is replayed, nor of the images that the list is held against. */
const since = '2023-06-01';
const series = { bullseye: '11', bookworm: '12', trixie: '13' } as const;
type Release = keyof typeof series;

/** What is replayed, and whose list of packages says what is in it. */
const composed: readonly (readonly [image: string, release: Release, list: string])[] = [
  ['debian:bullseye-slim', 'bullseye', 'debian:bullseye-slim'],
  ['debian:bookworm-slim', 'bookworm', 'debian:bookworm-slim'],
  ['debian:trixie-slim', 'trixie', 'debian:trixie-slim'],
  ['node:22-bookworm-slim', 'bookworm', 'node:24-slim (bookworm)'],
  ['python:3.12-slim-bookworm', 'bookworm', 'python:3.12-slim (bookworm)'],
  ['buildpack-deps:bookworm-curl', 'bookworm', 'buildpack-deps:bookworm-curl'],
];

type Packages = {
  readonly images: Readonly<
    Record<string, { readonly packages: readonly { readonly name: string; readonly source?: string }[] }>
  >;
};
const { images } = JSON.parse(readFileSync(join(data, 'packages.json'), 'utf8')) as Packages;
const history = JSON.parse(gunzipSync(readFileSync(join(data, 'tag-history.json.gz'))).toString()) as History;

const made: FixList = {
  source: 'changelogs in the binary packages of deb.debian.org (main and security), by apt-get download',
  made: new Date().toISOString().slice(0, 10),
  images: Object.fromEntries(composed.map(([image, release, list]) => [image, sourcesOf(release, list)])),
  releases: Object.fromEntries((Object.keys(series) as Release[]).map((release) => [release, readRelease(release)])),
};
writeFileSync(join(import.meta.dirname, 'debian-fixes.json'), formatFixList(made));

function sourcesOf(release: Release, list: string): ImageSources {
  return { release, base: [...binariesOf(`debian:${release}-slim`).keys()], sources: [...binariesOf(list).keys()] };
}

/** Binary packages by the source package that they are built from. */
function binariesOf(...lists: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const all = lists.flatMap((list) => images[list]?.packages ?? []);
  const groups = Map.groupBy(all, ({ name, source }) => source ?? name);
  const names = [...groups].map(([source, same]) => [source, [...new Set(same.map(({ name }) => name))]] as const);
  return new Map(names.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readRelease(release: Release): ReleaseUploads {
  const lists = composed.flatMap(([, of, list]) => (of === release ? [list] : []));
  const folder = mkdtempSync(join(tmpdir(), `fixes-${release}-`));
  try {
    const packages = new DebianPackages(folder, release);
    const uploads: SourceUpload[] = [];
    const missing: string[] = [];
    for (const [source, binaries] of binariesOf(...lists)) {
      process.stderr.write(`${release} ${source}\n`);
      const entries = packages.readChangelog(binaries);
      if (entries === undefined) missing.push(source);
      else uploads.push(...uploadsTo(release, entries).map((one) => ({ source, ...one })));
    }
    const debian = history.repos['debian'];
    return {
      pointReleases: debian === undefined ? [] : pointReleasesOf(series[release], debian),
      uploads: uploads.filter(({ at }) => at >= since),
      missing,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
