import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGitForge } from '../../../../src/adapters/forge/git/create-git-forge.ts';
import { connect } from '../../../../src/adapters/git/connect.ts';
import type { Forge } from '../../../../src/ports/forge.ts';
import { commitTo, headOf, makeRepository } from '../../../fakes/bare-repository.ts';
import { bareEnvironment, type GitServer, git, gitWith, startGitServer } from '../../../fakes/git-server.ts';

export type GitStage = {
  readonly forge: Forge;
  readonly server: GitServer;
  /** The bare repository `acme/shop`: `main` with a Dockerfile. */
  readonly folder: string;
  /** Of the forge and of merges. */
  readonly clock: { now: number };
  /** A commit upon a branch; a new branch begins at `main`. */
  commit(branch: string, files: Readonly<Record<string, string | undefined>>): string;
  /** A merge commit on `main`, as people make it. */
  merge(branch: string): void;
  /** One commit on `main` with the files of the branch. */
  squash(branch: string): void;
  /** The JSON file that a reference leads to. */
  stored(ref: string): unknown;
  /** What somebody else pushes there. */
  store(ref: string, file: string, text: string): void;
};

/** A git server and a forge of its repositories, gone when `use` ends. */
export async function withGitForge(use: (stage: GitStage) => Promise<void>): Promise<void> {
  const server = await startGitServer();
  const cacheFolder = mkdtempSync(join(tmpdir(), 'git-forge-'));
  const clock = { now: Date.UTC(2026, 10, 25) };
  const folder = makeRepository(server.root, 'acme/shop');
  commitTo(folder, 'main', { Dockerfile: 'FROM node:22\n' });
  const request = { cacheFolder, environment: bareEnvironment(), isPrivateAllowed: () => true };
  const forge = createGitForge(
    {
      connect: (repository) => connect({ ...request, url: `${server.origin}/${repository}.git`, protocols: ['http'] }),
    },
    () => clock.now,
  );
  const onMain = (tree: string, parents: readonly string[]) => {
    const identity = `t <t@example.com> ${clock.now / 1000} +0000`;
    const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`)];
    const text = [...lines, `author ${identity}`, `committer ${identity}`, '', 'merge', ''].join('\n');
    const made = gitWith(folder, text, 'hash-object', '-t', 'commit', '-w', '--stdin');
    git(folder, 'update-ref', 'refs/heads/main', made);
  };
  const idOf = (name: string) => git(folder, 'rev-parse', name);
  try {
    await use({
      forge,
      server,
      folder,
      clock,
      commit: (branch, files) => commitTo(folder, branch, files, headOf(folder, branch) ?? headOf(folder, 'main')),
      merge: (branch) => onMain(idOf(`${branch}^{tree}`), [idOf('main'), idOf(branch)]),
      squash: (branch) => onMain(idOf(`${branch}^{tree}`), [idOf('main')]),
      stored: (ref) => JSON.parse(git(folder, 'show', `${ref}:${git(folder, 'ls-tree', '--name-only', ref)}`)),
      store(ref, file, text) {
        const blob = gitWith(folder, text, 'hash-object', '-w', '--stdin');
        const tree = gitWith(folder, `100644 blob ${blob}\t${file}\n`, 'mktree');
        git(folder, 'update-ref', ref, git(folder, 'commit-tree', tree, '-m', 'x'));
      },
    });
  } finally {
    await server.close();
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}
