import { segmentsReached } from '../discovery/segments-reached.ts';

/** Where GitHub and GitLab look, in their order: the first one counts. */
export const codeOwnersPaths = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'] as const;

/** As GitHub allows. */
export const maxCodeOwnersBytes = 3 * 1024 * 1024;

/** More lines than these are not read; a line longer than this is none. */
const [maxLines, maxLineLength] = [50_000, 4_000];

/** Who answers for which paths. The rules of each section apply by themselves; a file of GitHub is one section. */
export type CodeOwners = readonly (readonly OwnerRule[])[];

/** No owners: nobody answers for what it matches. */
type OwnerRule = { readonly pattern: readonly string[]; readonly owners: readonly string[] };

/**
 * Reads a CODEOWNERS file. A line that cannot be read is left out, as the forges do.
 *
 * @param forge whose it is: GitHub knows neither sections nor exclusions, and leaves such lines out. Absent: not known.
 * @see https://docs.github.com/articles/about-code-owners, https://docs.gitlab.com/user/project/codeowners/reference/
 */
export function parseCodeOwners(text: string, forge?: 'github' | 'gitlab' | 'git'): CodeOwners {
  const sections = new Map<string, OwnerRule[]>();
  let [rules, defaults]: [OwnerRule[], readonly string[]] = [[], []];
  sections.set('', rules);
  for (const line of text.split(/\r?\n/, maxLines)) {
    if (line.length > maxLineLength) continue;
    if (forge === 'github' && /^\s*(?:!|\^?\[)/.test(line)) continue;
    const head = sectionHead(line.trim());
    if (head !== undefined) {
      // A section that is written twice is one, whatever the case.
      const key = head.name.toLowerCase();
      rules = sections.get(key) ?? [];
      sections.set(key, rules);
      defaults = head.owners;
      continue;
    }
    const [written, ...owners] = wordsOf(line);
    if (written === undefined) continue;
    const isExcluded = written.startsWith('!');
    const pattern = patternOf(isExcluded ? written.slice(1) : written);
    if (pattern === undefined) continue;
    rules.push({ pattern, owners: isExcluded ? [] : owners.length > 0 ? owners : defaults });
  }
  return [...sections.values()];
}

/** Who answers for a path, relative to the root: of each section the last rule that matches. */
export function ownersOf(codeOwners: CodeOwners, path: string): readonly string[] {
  const parts = path.split('/');
  const owners = codeOwners.flatMap((rules) => rules.findLast(({ pattern }) => matches(pattern, parts))?.owners ?? []);
  return [...new Set(owners)];
}

/** `[Name]`, `^[Name]` for an optional one, `[Name][2]` for how many have to approve; then owners of what names none. */
function sectionHead(line: string): { readonly name: string; readonly owners: readonly string[] } | undefined {
  const found = /^\^?\[([^\]]+)\](?:\[\d+\])?(?:\s|$)/.exec(line);
  if (found === null) return undefined;
  return { name: (found[1] ?? '').trim(), owners: wordsOf(line.slice(found[0].length)) };
}

/** Cut at spaces that no backslash escapes, up to a comment. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '\\' && at + 1 < line.length) word += line.charAt(++at);
    else if (character === '#' && word === '') break;
    else if (!/\s/.test(character)) word += character;
    else if (word !== '') {
      words.push(word);
      word = '';
    }
  }
  return word === '' ? words : [...words, word];
}

/** The parts of a path that it matches: `**` for any number of them. A name without a slash is matched at every depth. */
function patternOf(written: string): readonly string[] | undefined {
  const parts = written.split('/').filter((part) => part !== '');
  if (parts.length === 0) return written === '/' ? ['**'] : undefined;
  const isAnywhere = !written.replace(/\/$/, '').includes('/');
  const isFolder = written.endsWith('/');
  return [...(isAnywhere ? ['**'] : []), ...parts, ...(isFolder ? ['**'] : [])];
}

/** A pattern that names a folder means what is below it, but for one that ends in `*`, which stays in its folder. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  const reached = segmentsReached(pattern, path);
  if (reached.has(path.length)) return true;
  const isOfOneFolder = pattern.at(-1) === '*' && pattern[0] !== '**';
  return !isOfOneFolder && [...reached].some((at) => at > 0 && at < path.length);
}
