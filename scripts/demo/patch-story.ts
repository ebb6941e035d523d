import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeLayout } from '../../test/fakes/os-image/os-image.ts';
import { dockerHubAt } from '../../test/fakes/registry/docker-hub-at.ts';
import { type FakeRegistry, startFakeRegistry } from '../../test/fakes/registry/fake-registry.ts';
import { readLayout } from '../../test/fakes/registry/read-layout.ts';
import { placeDatabase } from '../../test/fakes/trivy-db/place-database.ts';
import { bases, databases } from './patch-images.ts';

/** Beside the status page of `examples/`: whose they are, and on what they stand. */
const others = {
  'invoice-printer': { owner: 'ben', team: 'payments', base: 'python:3.14.1-slim-bookworm' },
  'web-shop': { owner: 'cleo', team: 'shop', base: 'node:24.11.0-alpine3.22' },
  'label-service': { owner: 'dan', team: 'warehouse', base: 'ruby:3.4.7-slim-bookworm' },
  'entry-gate': { owner: 'eve', team: 'platform', base: 'nginx:1.28.0' },
} as const;

type Service = 'status-page' | keyof typeof others;

const author = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.com'];

/** Five services as git repositories, the bases that they may stand on, and what a real builder and scanner need to reach them. */
export class DemoFleet {
  readonly #registry: FakeRegistry;
  readonly #folder: string;

  private constructor(registry: FakeRegistry, folder: string) {
    this.#registry = registry;
    this.#folder = folder;
  }

  /** @param example the folder of the status page */
  static async start(example: string, folder: string): Promise<DemoFleet> {
    const registry = await startFakeRegistry();
    for (const [repository, tags] of Object.entries(bases))
      for (const [tag, files] of Object.entries(tags)) {
        const layout = join(folder, 'layouts', repository, tag);
        writeLayout(layout, [files]);
        registry.content.pushBuilt({ repository, tag }, readLayout(layout));
      }
    const fleet = new DemoFleet(registry, folder);
    placeDatabase(fleet.#trivyFolder, databases.first);
    writeFileSync(fleet.#registriesFile, dockerHubAt(registry.host));
    writeFileSync(join(folder, 'policy.yaml'), policyOf(registry.origin));
    writeFileSync(join(folder, 'services.yaml'), fleetFile());
    cpSync(example, join(folder, 'status-page'), { recursive: true });
    fleet.#begin('status-page');
    for (const [name, { base }] of Object.entries(others)) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'Dockerfile'), `FROM ${base}\nUSER 65534:65534\n`);
      fleet.#begin(name as Service);
    }
    return fleet;
  }

  /** What the programs of a step find the demo's registry and database by. */
  get environment(): Readonly<Record<string, string | undefined>> {
    return {
      // Another registry than that of the steps before: nothing of theirs is told here.
      BASEKEEPER_STATE: join(this.#folder, 'patch-state'),
      CONTAINERS_REGISTRIES_CONF: this.#registriesFile,
      TRIVY_CACHE_DIR: this.#trivyFolder,
      TRIVY_SKIP_DB_UPDATE: 'true',
      // A server would answer from its own database.
      BASEKEEPER_TRIVY_SERVER: undefined,
    };
  }

  /** What a step wrote to the status page, on a branch of its own. */
  commitUpdate(): void {
    this.#git('status-page', 'checkout', '-q', '-b', 'update-debian');
    this.#commit('status-page', 'Update debian');
  }

  mergeUpdate(): void {
    this.#git('status-page', 'checkout', '-q', 'main');
    this.#git('status-page', 'merge', '-q', '--ff-only', 'update-debian');
  }

  renewDatabase(): void {
    placeDatabase(this.#trivyFolder, databases.second);
  }

  release(service: Service, name: string, at: string): void {
    // A tag is as old as it says.
    const env = { ...process.env, GIT_COMMITTER_DATE: at };
    const tag = ['-c', 'tag.gpgsign=false', 'tag', '-a', '-m', name, name];
    execFileSync('git', ['-C', join(this.#folder, service), ...author, ...tag], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }

  close(): Promise<void> {
    return this.#registry.close();
  }

  get #registriesFile(): string {
    return join(this.#folder, 'registries.conf');
  }

  get #trivyFolder(): string {
    return join(this.#folder, 'trivy');
  }

  #begin(service: Service): void {
    this.#git(service, 'init', '-q', '-b', 'main');
    this.#git(service, 'add', '-A');
    this.#commit(service, `Write ${service}`);
  }

  #commit(service: Service, subject: string): void {
    this.#git(service, ...author, '-c', 'commit.gpgsign=false', 'commit', '-q', '-a', '-m', subject);
  }

  #git(service: Service, ...args: readonly string[]): void {
    execFileSync('git', ['-C', join(this.#folder, service), ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

function fleetFile(): string {
  const lines = Object.entries({ 'status-page': { owner: 'ada', team: 'web' }, ...others }).map(
    ([path, { owner, team }]) => `  - { path: ${path}, owner: ${owner}, team: ${team} }\n`,
  );
  return `version: 1\nrepositories:\n${lines.join('')}`;
}

function policyOf(origin: string): string {
  return `version: 1
registries:
  docker.io: { endpoint: "${origin}", private: true, insecure: true, requestsPerSecond: 100 }
update: { lanes: [patch, minor], pin: true }
verify:
  maxGrowth: 10%
  tests:
    - SERVICES="shop=up" sh write-page.sh | grep -q "shop is up"
waivers:
  - id: W-12
    image: "docker.io/library/ruby:*"
    vulnerability: DEMO-2026-0006
    reason: the service reads no YAML; it is replaced in December
    owner: dan
    approvedBy: security
    expires: 2026-12-15
`;
}
