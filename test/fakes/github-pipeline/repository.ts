import { createHash } from 'node:crypto';

export type Commit = {
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
};

export type Run = {
  readonly id: number;
  readonly workflow: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
  status: string;
  conclusion: string | null;
};

/** What one repository on GitHub holds. */
export class FakeRepository {
  readonly variables = new Map<string, string>();
  /** Heads of branches. */
  readonly branches = new Map<string, string>();
  readonly commits = new Map<string, Commit>();
  /** Files of a tree by path. */
  readonly trees = new Map<string, ReadonlyMap<string, string>>();
  /** Files below .github/workflows that can be dispatched. */
  readonly workflows = new Set(['release.yml']);
  readonly runs: Run[] = [];
  #lastRun = 100;

  constructor() {
    this.branches.set('main', this.commit('start', this.tree(new Map([['Dockerfile', 'FROM node:24-alpine\n']])), []));
  }

  tree(files: ReadonlyMap<string, string>): string {
    const sha = hash(JSON.stringify([...files]));
    this.trees.set(sha, files);
    return sha;
  }

  commit(message: string, tree: string, parents: readonly string[]): string {
    const sha = hash(JSON.stringify([message, tree, parents, this.commits.size]));
    this.commits.set(sha, { message, tree, parents });
    return sha;
  }

  /** As somebody pushes. */
  push(branch: string, message: string, files?: ReadonlyMap<string, string>): string {
    const parent = this.branches.get(branch);
    const tree = files === undefined ? (this.commits.get(parent ?? '')?.tree ?? '') : this.tree(files);
    const sha = this.commit(message, tree, parent === undefined ? [] : [parent]);
    this.branches.set(branch, sha);
    return sha;
  }

  run(workflow: string, ref: string, inputs: Readonly<Record<string, string>>): Run {
    this.#lastRun += 1;
    const run: Run = { id: this.#lastRun, workflow, ref, inputs, status: 'queued', conclusion: null };
    this.runs.push(run);
    return run;
  }

  /** Newest first, with the files they hold. */
  log(branch: string): readonly (Commit & { readonly files: ReadonlyMap<string, string> })[] {
    const commits: (Commit & { readonly files: ReadonlyMap<string, string> })[] = [];
    for (let sha = this.branches.get(branch); sha !== undefined; sha = commits.at(-1)?.parents[0]) {
      const commit = this.commits.get(sha);
      if (commit === undefined) throw new Error(`no commit ${sha}`);
      commits.push({ ...commit, files: this.trees.get(commit.tree) ?? new Map() });
    }
    return commits;
  }
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
