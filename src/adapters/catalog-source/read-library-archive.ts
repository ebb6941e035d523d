import { gunzipSync } from 'node:zlib';
import { CatalogUpstreamError, type OfficialListing } from '../../ports/catalog-upstream.ts';
import { readTar } from './read-tar.ts';

/** The whole repository was 9 MB in 2026, unpacked. */
const maxUnpackedBytes = 128 * 1024 * 1024;
/** The largest file of `library/` was 200 kB in 2026. */
const maxFileBytes = 2 * 1024 * 1024;
const maxFiles = 2000;

/**
 * Reads the archive that GitHub makes of docker-library/official-images: the commit stands in its global header, its day in the
 * times of the files, the texts are those of the folder `library` below the one root.
 *
 * @throws CatalogUpstreamError
 */
export function readLibraryArchive(packed: Uint8Array): OfficialListing {
  const files = new Map<string, string>();
  let commit: string | undefined;
  let committedAtSeconds = 0;
  for (const { path, kind, body, modifiedAtSeconds } of readTar(unpacked(packed))) {
    if (kind === 'global-header') commit ??= commitIn(body);
    const [root, folder, name, ...more] = path.split('/');
    // The exact place alone: `x/../library/node` and `/library/node` are other files.
    if (kind !== 'file' || root === '' || folder !== 'library' || name === undefined || more.length > 0) continue;
    if (body.length > maxFileBytes) throw malformed(`library/${shown(name)} is too large`);
    if (files.has(name)) throw malformed(`the archive holds library/${shown(name)} twice`);
    if (files.size === maxFiles) throw malformed(`the archive holds more than ${maxFiles} images`);
    files.set(name, new TextDecoder().decode(body));
    committedAtSeconds = Math.max(committedAtSeconds, modifiedAtSeconds);
  }
  if (commit === undefined) throw malformed('the archive does not say which commit it is of');
  if (files.size === 0) throw malformed('the archive has no folder library');
  return { commit, committedOn: new Date(committedAtSeconds * 1000).toISOString().slice(0, 10), files };
}

function unpacked(packed: Uint8Array): Uint8Array {
  try {
    return gunzipSync(packed, { maxOutputLength: maxUnpackedBytes });
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    throw new CatalogUpstreamError(
      isTooLarge ? 'too-large' : 'malformed',
      isTooLarge ? 'the archive is too large when unpacked' : 'the archive is damaged or cut short',
      { cause: error },
    );
  }
}

/** `git archive` writes the commit as a pax comment. */
function commitIn(header: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(header.subarray(0, 1024));
  return /(?:^|\n)\d{1,3} comment=([0-9a-f]{40,64})\n/.exec(text)?.[1];
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

function malformed(message: string): CatalogUpstreamError {
  return new CatalogUpstreamError('malformed', message);
}
