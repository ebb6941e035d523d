import { type FakeRegistry, startFakeRegistry } from '../../test/fakes/registry/fake-registry.ts';

const builtOn = { one: '2026-11-03T04:00:00Z', two: '2026-11-24T04:00:00Z', three: '2026-11-25T04:00:00Z' };

/** One day of an image: what its tag holds, and on what it stands. */
type Image = {
  readonly repository: string;
  readonly tag: string;
  readonly version?: string;
  readonly base?: string;
  /** Another word is another build. */
  readonly build: keyof typeof builtOn;
  readonly sizeBytes: number;
};

/** The registries that the examples name, served on the loopback for as long as the demo runs. */
export class DemoRegistries {
  readonly #hub: FakeRegistry;
  readonly #google: FakeRegistry;
  readonly #microsoft: FakeRegistry;

  private constructor(hub: FakeRegistry, google: FakeRegistry, microsoft: FakeRegistry) {
    this.#hub = hub;
    this.#google = google;
    this.#microsoft = microsoft;
  }

  static async start(): Promise<DemoRegistries> {
    const servers = await Promise.all([startFakeRegistry(), startFakeRegistry(), startFakeRegistry()]);
    return new DemoRegistries(...(servers as [FakeRegistry, FakeRegistry, FakeRegistry]));
  }

  /** `registries:` of a policy file that leads to them. */
  get policy(): string {
    const servers = { 'docker.io': this.#hub, 'gcr.io': this.#google, 'mcr.microsoft.com': this.#microsoft };
    const lines = Object.entries(servers).map(
      ([host, { origin }]) =>
        `  ${host}: { endpoint: "${origin}", private: true, insecure: true, requestsPerSecond: 100 }`,
    );
    return `version: 1\nupdate: { lanes: [patch, minor], pin: true }\nregistries:\n${lines.join('\n')}\n`;
  }

  /** What the registries hold when they are asked for the first time. */
  firstDay(): void {
    const alpine = this.#push({
      repository: 'library/alpine',
      tag: '3.24',
      version: '3.24.1',
      build: 'one',
      sizeBytes: 3_800_000,
    });
    const trixie = this.#push({
      repository: 'library/debian',
      tag: '13-slim',
      version: 'trixie-20261103',
      build: 'one',
      sizeBytes: 29_800_000,
    });
    this.#push({
      repository: 'library/node',
      tag: '26-alpine',
      version: '26.3.0',
      base: `docker.io/library/alpine:3.24@${alpine}`,
      build: 'one',
      sizeBytes: 58_000_000,
    });
    this.#push({
      repository: 'library/nginx',
      tag: 'latest',
      version: '1.31.0',
      base: `docker.io/library/debian:trixie-slim@${trixie}`,
      build: 'one',
      sizeBytes: 72_000_000,
    });
    this.#push({
      repository: 'library/golang',
      tag: '1.27-alpine',
      version: '1.27.3',
      base: `docker.io/library/alpine:3.24@${alpine}`,
      build: 'one',
      sizeBytes: 71_000_000,
    });
    this.#push({
      repository: 'library/python',
      tag: '3.11',
      version: '3.11.15',
      base: `docker.io/library/debian:bookworm-slim@${trixie}`,
      build: 'one',
      sizeBytes: 365_000_000,
    });
    this.#push({ repository: 'library/openjdk', tag: '17-jdk-slim', build: 'one', sizeBytes: 210_000_000 });
    this.#push({
      repository: 'library/node',
      tag: '20-alpine',
      version: '20.20.2',
      base: `docker.io/library/alpine:3.23@${alpine}`,
      build: 'one',
      sizeBytes: 54_000_000,
    });
    this.#push({
      repository: 'library/debian',
      tag: 'bookworm-20261005-slim',
      build: 'one',
      sizeBytes: 28_200_000,
    });
    this.#push({ repository: 'docker/dockerfile', tag: '1', build: 'one', sizeBytes: 12_000_000 });
    for (const tag of ['22-alpine', '24-alpine'])
      this.#push({ repository: 'library/node', tag, build: 'one', sizeBytes: 55_000_000 });
    for (const tag of ['3.12', '3.13', '3.14', '3.15-rc'])
      this.#push({ repository: 'library/python', tag, build: 'one', sizeBytes: 400_000_000 });
    this.#pushTo(this.#google, {
      repository: 'distroless/static-debian13',
      tag: 'nonroot',
      build: 'one',
      sizeBytes: 800_000,
    });
    this.#pushTo(this.#google, {
      repository: 'distroless/nodejs20-debian12',
      tag: 'latest',
      build: 'one',
      sizeBytes: 49_000_000,
    });
    this.#pushTo(this.#microsoft, { repository: 'dotnet/sdk', tag: '10.0', build: 'one', sizeBytes: 320_000_000 });
    this.#pushTo(this.#microsoft, {
      repository: 'dotnet/aspnet',
      tag: '10.0-noble-chiseled',
      build: 'one',
      sizeBytes: 49_000_000,
    });
  }

  /** A base is rebuilt and node follows, nginx moves to another Debian, Go has a new line, and a registry is overloaded. */
  nextDay(): void {
    const alpine = this.#push({
      repository: 'library/alpine',
      tag: '3.24',
      version: '3.24.2',
      build: 'two',
      sizeBytes: 3_800_000,
    });
    this.#push({
      repository: 'library/node',
      tag: '26-alpine',
      version: '26.3.0',
      base: `docker.io/library/alpine:3.24@${alpine}`,
      build: 'two',
      sizeBytes: 58_100_000,
    });
    const forky = this.#push({ repository: 'library/debian', tag: 'forky-slim', build: 'one', sizeBytes: 30_000_000 });
    this.#push({
      repository: 'library/nginx',
      tag: 'latest',
      version: '1.31.0',
      base: `docker.io/library/debian:forky-slim@${forky}`,
      build: 'two',
      sizeBytes: 74_000_000,
    });
    this.#push({
      repository: 'library/golang',
      tag: '1.28-alpine',
      version: '1.28.0',
      base: `docker.io/library/alpine:3.24@${alpine}`,
      build: 'two',
      sizeBytes: 72_000_000,
    });
    this.#microsoft.fail({ fault: { kind: 'throttle', dialect: 'retry-after-seconds', waitMs: 3_600_000 } });
  }

  /** The new line of Go has its first patch, under the same tag. */
  thirdDay(): void {
    this.#push({
      repository: 'library/golang',
      tag: '1.28-alpine',
      version: '1.28.1',
      base: 'docker.io/library/alpine:3.24',
      build: 'three',
      sizeBytes: 72_100_000,
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#hub.close(), this.#google.close(), this.#microsoft.close()]);
  }

  #push(image: Image): string {
    return this.#pushTo(this.#hub, image);
  }

  #pushTo({ content }: FakeRegistry, { repository, tag, version, base, build, sizeBytes }: Image): string {
    const [name, digest] = base?.split('@') ?? [];
    const annotations = {
      ...(version === undefined ? {} : { 'org.opencontainers.image.version': version }),
      ...(name === undefined ? {} : { 'org.opencontainers.image.base.name': name }),
      ...(digest === undefined ? {} : { 'org.opencontainers.image.base.digest': digest }),
    };
    const platforms = ['linux/amd64', 'linux/arm64/v8'].map((platform) => ({
      platform,
      annotations,
      layers: [sizeBytes],
      config: { created: builtOn[build] },
    }));
    return content.push({ repository, tag, platforms, build, attestations: build }).digest;
  }
}
