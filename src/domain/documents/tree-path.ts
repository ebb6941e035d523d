/** The folder of a path; `''` for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/**
 * `relative` seen from `folder`, normalised.
 *
 * @param folder relative to the root; `''` is the root.
 * @returns `undefined` for absolute paths, and for those that leave the tree.
 */
export function joinTreePath(folder: string, relative: string): string | undefined {
  if (/^(?:[/\\~]|[A-Za-z]:[/\\])/.test(relative)) return undefined;
  const segments: string[] = [];
  for (const segment of `${folder}/${relative}`.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** A build context that is fetched: a git or archive URL in any of BuildKit's spellings. */
export function isRemoteContext(context: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:\/\//.test(context) ||
    context.startsWith('git@') ||
    context.startsWith('github.com/') ||
    context === '-'
  );
}
