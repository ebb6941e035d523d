import type { Refused } from '../../ports/workspace.ts';
import { decodeName } from './decode-name.ts';
import type { Git } from './git.ts';

/** Names found, not yet looked at: links, submodules and deleted files are among them. */
export type Found = { readonly paths: readonly string[]; readonly refused: readonly Refused[] };

/**
 * What git tracks or would track.
 *
 * @returns `undefined` where git is absent, refuses the repository, or finds none.
 */
export async function listGit(git: Git): Promise<Found | undefined> {
  const output = await git.run(['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  if (output.code !== 0) return undefined;
  const paths = new Set<string>();
  const refused: Refused[] = unopened(output.stderr);
  for (const name of splitNames(output.stdout)) {
    const path = decodeName(name);
    if (path.kind === 'refused') refused.push(path.refused);
    else paths.add(path.text);
  }
  return { paths: [...paths], refused };
}

function* splitNames(bytes: Buffer): Iterable<Buffer> {
  let start = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
    if (end > start) yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** Git goes on when it cannot open a folder, and says `warning: could not open directory 'x/': Permission denied`. */
function unopened(stderr: string): Refused[] {
  const prefix = "warning: could not open directory '";
  return stderr.split('\n').flatMap((line) => {
    const end = line.lastIndexOf("': ");
    if (!line.startsWith(prefix) || end < prefix.length) return [];
    const path = line.slice(prefix.length, end).replace(/\/$/, '');
    const reason = `cannot read the folder: ${line.slice(end + 3).toLowerCase()}`;
    return [{ path, reason, severity: 'error' as const }];
  });
}
