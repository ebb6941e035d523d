import type { Upload } from '../../test/fakes/patching/fix-list.ts';

/** One entry of a Debian changelog: facts alone, no words. */
export type ChangelogEntry = {
  readonly version: string;
  /** `bookworm-security`, `bookworm`, `unstable` … as it was addressed. */
  readonly distribution: string;
  /** When it was signed off, in milliseconds: before it was built, accepted and published. */
  readonly at: number;
  /** Each once, sorted. */
  readonly cves: readonly string[];
};

const heading = /^[a-z0-9][a-z0-9+.-]* \((?<version>[^()\s]+)\) (?<distributions>[^;]+);/;
const signature = /^ -- .*<[^>]*> {2}(?<date>.+)$/;
const vulnerability = /\bCVE-\d{4}-\d{4,7}\b/g;

/** Newest first, as the file has them. What is no entry is passed over. @see deb-changelog(5) */
export function parseChangelog(text: string): readonly ChangelogEntry[] {
  const entries: ChangelogEntry[] = [];
  let open: { readonly version: string; readonly distribution: string; readonly cves: Set<string> } | undefined;
  for (const line of text.split('\n')) {
    const begun = heading.exec(line)?.groups;
    if (begun !== undefined) {
      const { version = '', distributions = '' } = begun;
      open = { version, distribution: distributions.trim().split(/\s+/)[0] ?? '', cves: new Set() };
      continue;
    }
    const at = Date.parse(signature.exec(line)?.groups?.['date'] ?? '');
    if (open !== undefined && !Number.isNaN(at)) {
      entries.push({ ...open, at, cves: [...open.cves].sort() });
      open = undefined;
      continue;
    }
    for (const [id] of line.matchAll(vulnerability)) open?.cves.add(id);
  }
  return entries;
}

/**
 * What was uploaded to one release, newest first. An entry that was addressed elsewhere, as in a version taken over from unstable,
 * came to the release with the upload above it. What the release began with is no upload.
 */
export function uploadsTo(release: string, entries: readonly ChangelogEntry[]): readonly Upload[] {
  const uploads: Upload[] = [];
  let between: string[] = [];
  for (const { version, distribution, at, cves } of entries) {
    const suite = suiteOf(distribution, release);
    if (suite === undefined) {
      between.push(...cves);
      continue;
    }
    const above = uploads.pop();
    if (above !== undefined) uploads.push({ ...above, cves: [...new Set([...above.cves, ...between])].sort() });
    between = [];
    uploads.push({ version, at: new Date(at).toISOString().replace('.000Z', 'Z'), suite, cves });
  }
  return uploads;
}

function suiteOf(distribution: string, release: string): Upload['suite'] | undefined {
  if (distribution === `${release}-security`) return 'security';
  return distribution === release || distribution === `${release}-proposed-updates` ? 'point' : undefined;
}
