import type { History, HistoryEntry, HistoryEvent } from './history.ts';

const both = ['amd64', 'arm64v8'];
const dayMs = 86_400_000;

/**
 * Two years of four repositories, made up so that each trap is in it once: prereleases, an operating system that changes
 * underneath, bases that ripple, a tag that goes back for one week and for two, one that is dropped, a line that ends, a platform
 * that vanishes, one that moves without anybody using it, two versions that are rebuilt on different days.
 */
export function smallHistory(): History {
  const repositories = {
    alpine: new Writer(),
    debian: new Writer(),
    node: new Writer(),
    vessel: new Writer(),
  };
  writeAlpine(repositories.alpine);
  writeDebian(repositories.debian);
  writeNode(repositories.node);
  writeVessel(repositories.vessel);
  return { repos: repositories };
}

class Writer {
  readonly entries: Record<string, HistoryEntry> = {};
  readonly #events: HistoryEvent[] = [];

  get events(): readonly HistoryEvent[] {
    return this.#events.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }

  /** The same source is the same entry, whenever it is set. */
  set(day: string, source: string, tags: string, build: Partial<HistoryEntry> = {}): void {
    this.entries[source] ??= { commit: source, dir: source, arch: both, ...build };
    this.#events.push({ at: `${day}T12:00:00Z`, set: { [source]: tags.split(' ') } });
  }

  drop(day: string, tags: string): void {
    this.#events.push({ at: `${day}T13:00:00Z`, del: tags.split(' ') });
  }
}

function writeAlpine(alpine: Writer): void {
  for (const [day, version] of [
    ['2024-05-01', '3.20.0'],
    ['2024-07-10', '3.20.2'],
    ['2024-12-05', '3.21.0'],
    ['2025-02-13', '3.21.3'],
    ['2025-05-30', '3.22.0'],
    ['2025-12-03', '3.23.0'],
  ] as const)
    alpine.set(day, version, `${version} ${version.slice(0, 4)} 3 latest`);
  alpine.set('2024-05-02', '20240502', '20240502 edge');
  alpine.set('2024-08-01', '20240801', '20240801 edge');
}

function writeDebian(debian: Writer): void {
  for (const [at, day] of days('2024-05-13', '2026-05-25', 35).entries()) {
    const stable = day < '2025-08-12' ? 'bookworm' : 'trixie';
    for (const name of stable === 'trixie' ? ['bookworm', 'trixie'] : ['bookworm']) {
      const dated = `${name}-${day.replaceAll('-', '')}`;
      const rolling = name === stable ? ' stable-slim' : '';
      debian.set(day, dated, `${dated}-slim ${name}-slim ${name === 'trixie' ? '13' : '12'}-slim${rolling}`, {
        // Every third time one platform is built anew, and the other stays as it was.
        ...(at % 3 === 2 ? { perArch: { amd64: { commit: `${name} ${at - 1}`, dir: name } } } : {}),
        ...(at % 3 === 1 ? { perArch: { amd64: { commit: `${name} ${at}`, dir: name } } } : {}),
      });
    }
  }
}

function writeNode(node: Writer): void {
  for (const [at, day] of days('2024-05-20', '2026-05-18', 28).entries()) {
    const debian = day < '2025-10-01' ? 'bookworm' : 'trixie';
    const alpine = day < '2025-03-01' ? '3.20' : '3.22';
    for (const line of day < '2025-05-06' ? [20, 22] : [20, 22, 24]) {
      const version = `${line}.${at + 1}.0`;
      node.set(
        day,
        `${version} slim`,
        `${version}-slim ${line}-slim ${version}-${debian}-slim ${line}-${debian}-slim`,
        {
          from: [`debian:${debian}-slim`],
        },
      );
      node.set(day, `${version} alpine`, `${version}-alpine${alpine} ${line}-alpine${alpine} ${line}-alpine`, {
        from: [`alpine:${alpine}`],
      });
      if (at > 0) node.drop(day, `${line}.${at}.0-slim`);
    }
  }
  node.set('2025-04-10', '24 rc1', '24.0.0-rc.1-slim', { from: ['debian:bookworm-slim'] });
  node.set('2025-04-20', '24 rc2', '24.0.0-rc.2-slim', { from: ['debian:bookworm-slim'] });
  node.set('2025-04-21', '22 nightly', '22.99.0-rc.1-slim', { from: ['debian:bookworm-slim'] });
}

/** Built on node, which is built on debian. */
function writeVessel(vessel: Writer): void {
  const onNode = { from: ['node:22-slim', 'golang:1.22'] };
  vessel.set('2024-05-21', 'one', '1.0 1.0.0', onNode);
  vessel.set('2024-05-21', 'two', '1 1.1 1.1.0 latest', onNode);
  vessel.drop('2025-01-15', '1.0 1.0.0');
  vessel.set('2025-01-20', 'debug', '1.1.1-debug');
  vessel.set('2025-02-03', 'three', '1 1.1 1.1.1 latest', onNode);
  vessel.set('2025-03-03', 'amd64 only', '1 1.2 1.2.0', { ...onNode, arch: ['amd64'] });
  // Rebuilt on different days: by their dates each is once the newer one.
  vessel.set('2024-05-21', 'old', '0.9.0');
  vessel.set('2024-06-20', 'new', '0.10.0');
  vessel.set('2024-07-20', 'old rebuilt', '0.9.0');
  vessel.set('2024-08-20', 'new rebuilt', '0.10.0');
  // A mirror that lags: one weekly look sees the old digest, later two in a row do.
  vessel.set('2024-06-05', 'edge one', 'edge');
  vessel.set('2024-07-01', 'edge two', 'edge');
  vessel.set('2024-08-06', 'edge one', 'edge');
  vessel.set('2024-08-11', 'edge two', 'edge');
  vessel.set('2024-10-01', 'edge one', 'edge');
  vessel.set('2024-10-16', 'edge two', 'edge');
}

function days(from: string, until: string, step: number): readonly string[] {
  const all: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(until); at += step * dayMs)
    all.push(new Date(at).toISOString().slice(0, 10));
  return all;
}
