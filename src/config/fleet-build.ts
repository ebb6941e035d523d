import { dirname, resolve } from 'node:path';
import { isBranchName } from '../domain/fleet/branch-name.ts';
import type { Fleet, FleetListing, FleetRepository, FleetSource } from '../domain/fleet/fleet.ts';
import { parseRepositoryUrl } from '../domain/fleet/repository-url.ts';
import type { FleetFile } from './fleet-schema.ts';
import { buildNotices } from './notice-build.ts';
import type { FileProblem, ReadFile } from './read-yaml.ts';

type Entry = NonNullable<FleetFile['repositories']>[number];

/** What a schema cannot say: one source each, addresses that are safe, none twice. @param file its `name` is its absolute path. */
export function buildFleet(file: ReadFile<FleetFile>): {
  readonly fleet: Fleet;
  readonly problems: readonly FileProblem[];
} {
  const problems: FileProblem[] = [];
  const problem = (path: readonly PropertyKey[], message: string) =>
    problems.push({ file: file.name, line: file.lineOf(path), message });
  const listings = listingsOf(file.content);
  for (const { forge, host } of listings)
    if (parseRepositoryUrl(`https://${host}/a`).kind === 'refused')
      problem([forge, 'host'], `${forge}.host names no host that git and Basekeeper would read alike`);
  const entries = file.content.repositories ?? [];
  if (entries.length === 0 && listings.length === 0)
    problem([], 'repositories is missing: list them, or name github: or gitlab:');
  const repositories: FleetRepository[] = [];
  const lines = new Map<string, number>();
  for (const [index, entry] of entries.entries()) {
    const at = ['repositories', index] as const;
    const reading = readSource(entry, dirname(file.name));
    if (reading.kind === 'refused') {
      problem(
        reading.key === undefined ? at : [...at, reading.key],
        `${[...at, ...(reading.key === undefined ? [] : [reading.key])].join('.')} ${reading.reason}`,
      );
      continue;
    }
    const earlier = lines.get(reading.identity);
    if (earlier === undefined) lines.set(reading.identity, file.lineOf(at));
    else problem(at, `${at.join('.')} is the same repository as in line ${earlier}`);
    repositories.push(place(entry, reading.source, dirname(file.name)));
  }
  const privateHosts = new Set(file.content.privateHosts ?? []);
  const notify = buildNotices(file, privateHosts);
  problems.push(...notify.problems);
  const told = notify.settings === undefined ? {} : { notify: notify.settings };
  return { fleet: { repositories, listings, privateHosts, ...told }, problems };
}

function listingsOf({ github, gitlab }: FleetFile): readonly FleetListing[] {
  return [
    ...(github === undefined ? [] : [listingOf('github', github.org, github)]),
    ...(gitlab === undefined ? [] : [listingOf('gitlab', gitlab.group, gitlab)]),
  ];
}

type Listing = Omit<NonNullable<FleetFile['gitlab']>, 'group'>;

function listingOf(forge: FleetListing['forge'], owner: string, written: Listing): FleetListing {
  const { host = `${forge}.com`, include, exclude = [], archived = false, forks = false } = written;
  return { forge, host, owner, ...(include === undefined ? {} : { include }), exclude, archived, forks };
}

type SourceReading =
  | { readonly kind: 'source'; readonly source: FleetSource; readonly identity: string }
  | { readonly kind: 'refused'; readonly key?: keyof Entry; readonly reason: string };

function readSource(entry: Entry, folder: string): SourceReading {
  const { url, path, branch } = entry;
  if (url !== undefined && path !== undefined)
    return { kind: 'refused', key: 'path', reason: 'stands beside a url: keep one' };
  if (path !== undefined) {
    if (branch !== undefined)
      return { kind: 'refused', key: 'branch', reason: 'goes with a url: a folder is read as it lies' };
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path))
      return { kind: 'refused', key: 'path', reason: 'is an address: write it as url' };
    const absolute = resolve(folder, path);
    return { kind: 'source', source: { kind: 'path', path: absolute }, identity: `path ${absolute}` };
  }
  if (url === undefined) return { kind: 'refused', reason: 'has neither url nor path' };
  const reading = parseRepositoryUrl(url);
  if (reading.kind === 'refused') return { kind: 'refused', key: 'url', reason: reading.reason };
  if (branch === undefined) return { kind: 'source', source: reading, identity: `url ${reading.url.identity}` };
  if (!isBranchName(branch)) return { kind: 'refused', key: 'branch', reason: 'is no name of a branch' };
  return {
    kind: 'source',
    source: { ...reading, branch },
    identity: `url ${reading.url.identity} ${branch}`,
  };
}

function place(entry: Entry, source: FleetSource, folder: string): FleetRepository {
  const { url, path, branch, owner, team, policy } = entry;
  const address = url ?? path ?? '';
  return {
    name: branch === undefined ? address : `${address}#${branch}`,
    source,
    ...(owner === undefined ? {} : { owner }),
    ...(team === undefined ? {} : { team }),
    ...(policy === undefined ? {} : { policy: resolve(folder, policy) }),
  };
}
