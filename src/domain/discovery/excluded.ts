import picomatch from 'picomatch';

/**
 * Folders that hold other people's work or a tool's, whatever lies in them: version control, installed dependencies, caches.
 * Build outputs (`dist`, `build`, `target`) are not among them: projects keep Dockerfiles there.
 */
export const excludedFolders: ReadonlySet<string> = new Set([
  ...['.git', '.hg', '.svn'],
  ...['node_modules', 'bower_components', 'jspm_packages', 'vendor', 'site-packages', '.venv', '.yarn', '.pnpm-store'],
  ...['__pycache__', '.tox', '.nox', '.terraform', '.gradle', '.bundle', '.cache'],
]);

/**
 * Whether the policy or good custom leaves a path out.
 *
 * @param path relative to the root, `/` separated; a folder's ends in `/`.
 * @param patterns the policy's `ignore:` globs, matched against the whole path; `*` stays in a segment, `**` crosses. A
 *   pattern that names a folder (`legacy`, `legacy/`) leaves out all that is in it.
 */
export function isExcluded(path: string, patterns: readonly string[]): boolean {
  const segments = path.split('/');
  segments.pop();
  return segments.some((segment) => excludedFolders.has(segment)) || isIgnored(path, patterns);
}

/** Whether one of the policy's `ignore:` globs leaves a path out; the path is relative to the policy file. */
export function isIgnored(path: string, patterns: readonly string[]): boolean {
  if (patterns.length === 0) return false;
  const matchers = compiled.get(patterns) ?? compile(patterns);
  return matchers.some((matches) => matches(path));
}

/** Compiled once per list: a tree asks for tens of thousands of paths. */
const compiled = new WeakMap<readonly string[], readonly ((path: string) => boolean)[]>();

function compile(patterns: readonly string[]): readonly ((path: string) => boolean)[] {
  const matchers = patterns.map((pattern) => {
    const start = pattern.startsWith('./') ? 2 : pattern.startsWith('/') ? 1 : 0;
    const bare = pattern.slice(start, pattern.endsWith('/') ? -1 : undefined);
    // A blank pattern leaves out nothing; the library refuses it.
    if (bare === '') return () => false;
    return picomatch([bare, `${bare}/**`], { dot: true, nonegate: true, noextglob: true });
  });
  compiled.set(patterns, matchers);
  return matchers;
}
