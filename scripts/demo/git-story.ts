import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commitTo, makeRepository } from '../../test/fakes/bare-repository.ts';
import { type GitServer, git, startGitServer } from '../../test/fakes/git-server.ts';

/** Projects of `examples/` as repositories on the real git behind HTTPS, served on the loopback for as long as the demo runs. */
export class DemoRepositories {
  readonly #server: GitServer;
  readonly #names: readonly string[];

  private constructor(server: GitServer, names: readonly string[]) {
    this.#server = server;
    this.#names = names;
  }

  static async start(examples: string, names: readonly string[]): Promise<DemoRepositories> {
    const server = await startGitServer({ isSecure: true });
    for (const name of names) {
      const bare = makeRepository(server.root, `acme/${name}`);
      const folder = join(examples, name);
      const files = readdirSync(folder).filter((file) => statSync(join(folder, file)).isFile());
      commitTo(bare, 'main', Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')])));
    }
    return new DemoRepositories(server, names);
  }

  /** A fleet file that names them. */
  get fleet(): string {
    const lines = this.#names.map((name) => `  - { url: "${this.addressOf(name)}", team: ${name.split('-')[0]} }`);
    return `version: 1\nprivateHosts: [127.0.0.1]\nrepositories:\n${lines.join('\n')}\n`;
  }

  addressOf(name: string): string {
    return `${this.#server.origin}/acme/${name}.git`;
  }

  /** What the first proposal of a repository is called by; empty where there is none. */
  proposalIn(name: string): string {
    const bare = makeRepository(this.#server.root, `acme/${name}`);
    const [key = ''] = git(bare, 'for-each-ref', '--format=%(refname:lstrip=3)', 'refs/basekeeper/pulls').split('\n');
    return key;
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
