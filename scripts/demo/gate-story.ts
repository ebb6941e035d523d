import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, cpSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { debianLayer, type Layer, writeLayout } from '../../test/fakes/os-image/os-image.ts';
import { dockerHubAt } from '../../test/fakes/registry/docker-hub-at.ts';
import { type FakeRegistry, startFakeRegistry } from '../../test/fakes/registry/fake-registry.ts';
import { readLayout } from '../../test/fakes/registry/read-layout.ts';
import { placeDatabase } from '../../test/fakes/trivy-db/place-database.ts';
import type { Advisory } from '../../test/fakes/trivy-db/trivy-db.ts';

const packages = (openssl: string) => [
  { name: 'libssl3', version: openssl, source: 'openssl' },
  { name: 'zlib1g', version: '1:1.2.13.dfsg-1', source: 'zlib' },
  { name: 'sed', version: '4.9-1' },
];

/** What two days of one base hold. No program is in them: nothing but what a scanner and a scale look at. */
const bases: Readonly<Record<string, Layer>> = {
  'bookworm-20261005-slim': {
    ...debianLayer('12.12', packages('3.0.17-1~deb12u2')),
    'usr/lib/content': incompressible(9_000_000),
    'usr/share/doc/content': incompressible(4_000_000),
  },
  'bookworm-20261116-slim': {
    ...debianLayer('12.13', packages('3.0.17-1~deb12u3')),
    'usr/lib/content': incompressible(9_000_000),
  },
};

const author = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.com'];

/** Nobody has found these: whatever the demo shows as fixed is fixed in its own bases alone. */
const system = 'debian 12';
const advisories: readonly Advisory[] = [
  { system, id: 'DEMO-2026-0001', sourcePackage: 'openssl', fixedVersion: '3.0.17-1~deb12u3', severity: 'CRITICAL' },
  { system, id: 'DEMO-2026-0002', sourcePackage: 'openssl', fixedVersion: '3.0.17-1~deb12u3', severity: 'HIGH' },
  { system, id: 'DEMO-2026-0003', sourcePackage: 'zlib', severity: 'HIGH' },
];

/** What the database of the day after knows besides: there is a fix, and no base that has it. */
const nextAdvisory: Advisory = {
  ...{ system, id: 'DEMO-2026-0004', sourcePackage: 'sed' },
  ...{ fixedVersion: '4.9-2', severity: 'CRITICAL' },
};

/** The day of the demo's verifying; the database is some hours older. */
export const gateDay = '2026-11-25T09:30:00Z';

/** `examples/status-page` as a git repository, the bases that it may stand on, and what a real builder and scanner need to reach them. */
export class DemoGate {
  readonly #registry: FakeRegistry;
  readonly #folder: string;
  readonly repository: string;

  private constructor(registry: FakeRegistry, folder: string) {
    this.#registry = registry;
    this.#folder = folder;
    this.repository = join(folder, 'status-page');
  }

  static async start(example: string, folder: string): Promise<DemoGate> {
    const registry = await startFakeRegistry();
    for (const [tag, files] of Object.entries(bases)) {
      const layout = join(folder, 'layouts', tag);
      writeLayout(layout, [files]);
      registry.content.pushBuilt({ repository: 'library/debian', tag }, readLayout(layout));
    }
    placeDatabase(join(folder, 'trivy'), { advisories, updatedAt: '2026-11-25T04:00:00Z' });
    const gate = new DemoGate(registry, folder);
    writeFileSync(gate.#registriesFile, dockerHubAt(registry.host));
    cpSync(example, gate.repository, { recursive: true });
    writeFileSync(join(gate.repository, 'basekeeper.yaml'), policyOf(registry.origin));
    gate.#git('init', '-q', '-b', 'main');
    gate.#git('add', '-A');
    gate.#commit('Write a status page');
    gate.#git('checkout', '-q', '-b', 'update-debian');
    return gate;
  }

  /** What the programs of a step find the demo's registry and database by. */
  get environment(): Readonly<Record<string, string | undefined>> {
    return {
      // Another registry than that of the steps before: nothing of theirs is told here.
      BASEKEEPER_STATE: join(this.#folder, 'gate-state'),
      CONTAINERS_REGISTRIES_CONF: this.#registriesFile,
      TRIVY_CACHE_DIR: join(this.#folder, 'trivy'),
      TRIVY_SKIP_DB_UPDATE: 'true',
      // A server would answer from its own database.
      BASEKEEPER_TRIVY_SERVER: undefined,
    };
  }

  /** Commits what a step wrote. */
  commitUpdate(): void {
    this.#commit('Update debian');
  }

  /** The day after, with a newer database. */
  mergeUpdate(): void {
    this.#git('checkout', '-q', 'main');
    this.#git('merge', '-q', '--ff-only', 'update-debian');
    placeDatabase(join(this.#folder, 'trivy'), {
      advisories: [...advisories, nextAdvisory],
      updatedAt: '2026-11-26T04:00:00Z',
    });
  }

  release(name: string, at: string): void {
    // A tag is as old as it says.
    const env = { ...process.env, GIT_COMMITTER_DATE: at };
    const tag = ['-c', 'tag.gpgsign=false', 'tag', '-a', '-m', name, name];
    execFileSync('git', ['-C', this.repository, ...author, ...tag], { stdio: ['ignore', 'ignore', 'inherit'], env });
  }

  close(): Promise<void> {
    return this.#registry.close();
  }

  get #registriesFile(): string {
    return join(this.#folder, 'registries.conf');
  }

  #commit(subject: string): void {
    this.#git(...author, '-c', 'commit.gpgsign=false', 'commit', '-q', '-a', '-m', subject);
  }

  #git(...args: readonly string[]): void {
    execFileSync('git', ['-C', this.repository, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

/** One line for each real program that the gate needs and this machine lacks: how to get it. */
export function missingTools(environment: NodeJS.ProcessEnv): readonly string[] {
  const onPath = (name: string) =>
    (environment.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)));
  const { BASEKEEPER_TRIVY: named } = environment;
  const isTrivyThere = named === undefined ? onPath('trivy') : isExecutable(named);
  return [
    ...(onPath('buildah')
      ? []
      : [
          'Left out, because there is no buildah: the builds and their sizes. apt-get install buildah, or dnf install buildah.',
        ]),
    ...(isTrivyThere
      ? []
      : [
          'Left out, because there is no Trivy: the scans, what is fixed, and its deadlines. Install it from https://trivy.dev, or name it: BASEKEEPER_TRIVY=/path/to/trivy.',
        ]),
  ];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function policyOf(origin: string): string {
  return `version: 1
registries:
  docker.io: { endpoint: "${origin}", private: true, insecure: true, requestsPerSecond: 100 }
update: { lanes: [patch, minor] }
verify:
  maxGrowth: 10%
  tests:
    - SERVICES="shop=up" sh write-page.sh | grep -q "shop is up"
`;
}

/** The same for everybody; text, since layers of the demo are. */
function incompressible(length: number): string {
  const parts: string[] = [];
  for (let at = 0; parts.length * 86 < length; at++)
    parts.push(createHash('sha512').update(`${length} ${at}`).digest('base64url'));
  return parts.join('').slice(0, length);
}
