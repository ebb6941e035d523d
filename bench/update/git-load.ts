import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git, gitWith } from '../../test/fakes/git-server.ts';

const settings = `[core]
	repositoryformatversion = 0
	bare = true
[http]
	receivepack = true
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
`;

/**
 * As many bare repositories as there are sets of files, `service-0.git` and on, each with one commit. Their objects lie in one
 * folder: making a thousand takes three processes.
 */
export function writeRepositories(root: string, repositories: readonly Readonly<Record<string, string>>[]): void {
  const store = join(root, 'store.git');
  git(root, 'init', '-q', '--bare', store);
  gitWith(store, repositories.map(commitOf).join(''), 'fast-import', '--quiet');
  for (const line of git(store, 'for-each-ref', '--format=%(objectname) %(refname:lstrip=2)').split('\n')) {
    const [id = '', name = ''] = line.split(' ');
    const folder = join(root, `${name}.git`);
    for (const inner of ['objects/info', 'refs/heads']) mkdirSync(join(folder, inner), { recursive: true });
    writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(join(folder, 'config'), settings);
    writeFileSync(join(folder, 'objects', 'info', 'alternates'), `${join(store, 'objects')}\n`);
    writeFileSync(join(folder, 'refs', 'heads', 'main'), `${id}\n`);
  }
}

function commitOf(files: Readonly<Record<string, string>>, number: number): string {
  const changes = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${dataOf(text)}`);
  return `commit refs/heads/service-${number}\ncommitter t <t@example.com> 1767225600 +0000\n${dataOf('first')}${changes.join('')}\n`;
}

function dataOf(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
