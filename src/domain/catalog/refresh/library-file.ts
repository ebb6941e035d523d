import type { Origins } from './official-lists.ts';

export type LibraryFile =
  | { readonly kind: 'read'; readonly origins: Origins }
  | { readonly kind: 'malformed'; readonly reason: string };

type Block = ReadonlyMap<string, string>;

const maxTags = 5000;

/**
 * Reads one file of docker-library/official-images: blocks of `Key: value` separated by blank lines.
 *
 * The first block holds defaults for the others and names no tags. A line that begins with `#` is a comment and separates
 * nothing, one that begins with a blank continues the value before it. Keys may carry an architecture
 * (`arm64v8-Directory`); what linux/amd64 is built from stands for the image. A file without any tag is an image that was
 * given up.
 *
 * @see https://github.com/docker-library/official-images#instruction-format
 */
export function parseLibraryFile(text: string): LibraryFile {
  const blocks = blocksOf(text);
  if (typeof blocks === 'string') return { kind: 'malformed', reason: blocks };
  const [defaults = new Map<string, string>(), ...entries] = blocks;
  if (tagsOf(defaults).length > 0) return { kind: 'malformed', reason: 'its first block names tags' };
  const origins = new Map<string, string>();
  for (const entry of entries) {
    const tags = tagsOf(entry);
    if (tags.length === 0) return { kind: 'malformed', reason: 'one of its blocks names no tags' };
    const origin = originOf(new Map([...defaults, ...entry]));
    if (origin === undefined) return { kind: 'malformed', reason: `${tags[0]} names no commit` };
    for (const tag of tags) {
      if (!tagForm.test(tag)) return { kind: 'malformed', reason: 'one of its tags is none' };
      // A shared tag stands in several entries, the one for Linux first; the later ones are for Windows.
      if (!origins.has(tag)) origins.set(tag, origin);
    }
    if (origins.size > maxTags) return { kind: 'malformed', reason: `it names more than ${maxTags} tags` };
  }
  return { kind: 'read', origins };
}

const tagForm = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const keyForm = /^[A-Za-z0-9-]{1,64}$/;

/** A text says what is wrong. */
function blocksOf(text: string): readonly Block[] | string {
  const blocks: Map<string, string>[] = [];
  let block: Map<string, string> | undefined;
  let key: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    const content = line.trim();
    if (content === '') {
      block = undefined;
      key = undefined;
      continue;
    }
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (block === undefined || key === undefined) return 'a line continues nothing';
      block.set(key, `${block.get(key)} ${content}`);
      continue;
    }
    const colon = line.indexOf(':');
    key = line.slice(0, Math.max(0, colon)).trim();
    if (!keyForm.test(key)) return 'a line has no key';
    if (block === undefined) {
      block = new Map();
      blocks.push(block);
    }
    if (block.has(key)) return `a block says ${key} twice`;
    block.set(key, line.slice(colon + 1).trim());
  }
  return blocks;
}

function tagsOf(block: Block): readonly string[] {
  return ['Tags', 'SharedTags'].flatMap((key) =>
    (block.get(key) ?? '')
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  );
}

/** The commit, directory and file that linux/amd64 is built from; `undefined` without a commit. */
function originOf(entry: Block): string | undefined {
  const architectures = (entry.get('Architectures') ?? 'amd64').split(',').map((name) => name.trim());
  const architecture = architectures.includes('amd64') ? 'amd64' : architectures[0];
  const own = (key: string) => entry.get(`${architecture}-${key}`) ?? entry.get(key);
  const commit = own('GitCommit');
  if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  return `${commit} ${own('Directory') ?? '.'} ${own('File') ?? 'Dockerfile'}`;
}
