import { hash } from 'node:crypto';
import type { Digest, ImageConfig, ImageIndex, ImageManifest } from '../../../src/domain/image/manifest.ts';
import { formatPlatform, type Platform, parsePlatform } from '../../../src/domain/image/platform.ts';
import { parseTag, versionOf } from '../../../src/domain/image/tag.ts';
import type { HistoryEntry } from './history.ts';

/** What a tag stood for: an index over platforms. */
export type ImageBuild = { readonly digest: Digest; readonly children: readonly ChildBuild[] };

export type ChildBuild = {
  readonly digest: Digest;
  readonly platform: Platform;
  readonly osVersion?: string;
  /** With the Windows build behind it, as the monitor names it. */
  readonly platformText: string;
  readonly version: string;
  readonly base?: { readonly name: string; readonly digest: Digest };
};

export type BuildFacts = {
  readonly repository: string;
  readonly entry: HistoryEntry;
  readonly version: string;
  /** What the parent stands for; `undefined` when it is not part of the history. */
  readonly findParent: (reference: string) => ImageBuild | undefined;
};

/** An image per architecture. Its digest follows from its source and from the parent's image for the same platform. */
export function buildEntry({ repository, entry, version, findParent }: BuildFacts): readonly ChildBuild[] {
  const reference = parentOf(entry);
  const parent = reference === undefined ? undefined : findParent(reference);
  return entry.arch.map((arch): ChildBuild => {
    const platform = platformOf(arch);
    const osVersion = arch.startsWith('windows') ? windowsBuild(entry.dir) : undefined;
    const platformText =
      osVersion === undefined ? formatPlatform(platform) : `${formatPlatform(platform)} ${osVersion}`;
    const source = entry.perArch?.[arch] ?? entry;
    const baseDigest =
      parent?.children.find((child) => child.platformText === platformText)?.digest ??
      (reference === undefined ? undefined : sha256(`${reference} ${arch}`));
    const made = [repository, source.commit, source.dir ?? entry.dir, entry.file, arch, baseDigest];
    return {
      digest: sha256(made.join(' ')),
      platform,
      ...(osVersion === undefined ? {} : { osVersion }),
      platformText,
      version,
      ...(reference === undefined || baseDigest === undefined ? {} : { base: { name: reference, digest: baseDigest } }),
    };
  });
}

export function joinChildren(children: readonly ChildBuild[]): ImageBuild {
  return { digest: sha256(children.map(({ digest }) => digest).join(' ')), children };
}

/** The image that an entry is built on; `undefined` for nothing, or when it is not known. */
export function parentOf({ from }: HistoryEntry): string | undefined {
  const [reference] = from ?? [];
  if (reference === undefined || reference === 'scratch') return undefined;
  return reference.includes(':') ? reference : `${reference}:latest`;
}

/** The tag that says most: `22.11.0-bookworm-slim`. */
export function versionOfTags(tags: readonly string[]): string {
  const numbers = (tag: string) => versionOf(parseTag(tag))?.numbers.length ?? 0;
  const best = tags.toSorted((a, b) => numbers(b) - numbers(a) || b.length - a.length || (a < b ? -1 : 1));
  return best[0] ?? '';
}

export function indexOf({ digest, children }: ImageBuild): ImageIndex {
  return {
    kind: 'index',
    digest,
    children: children.map((child) => ({
      digest: child.digest,
      platform: child.platform,
      ...(child.osVersion === undefined ? {} : { osVersion: child.osVersion }),
      annotations: annotationsOf(child),
    })),
    annotations: new Map(),
  };
}

export function manifestOf(child: ChildBuild): ImageManifest {
  const { digest } = child;
  return { kind: 'image', digest, configDigest: configDigest(child), sizeBytes: 1, layers: [], annotations: new Map() };
}

export function configDigest({ digest }: ChildBuild): Digest {
  return sha256(`config ${digest}`);
}

export function configOf(child: ChildBuild): ImageConfig {
  return { platform: child.platform, user: '', labels: new Map(), diffIds: [] };
}

function annotationsOf({ version, base }: ChildBuild): ReadonlyMap<string, string> {
  const all: [string, string][] = [['org.opencontainers.image.version', version]];
  if (base !== undefined)
    all.push(['org.opencontainers.image.base.name', base.name], ['org.opencontainers.image.base.digest', base.digest]);
  return new Map(all);
}

const platforms = new Map<string, Platform>();

/** `arm32v7` → `linux/arm/v7`. */
function platformOf(arch: string): Platform {
  const known = platforms.get(arch);
  if (known !== undefined) return known;
  const [system, machine] = arch.startsWith('windows-') ? ['windows', arch.slice('windows-'.length)] : ['linux', arch];
  const arm = /^arm(32|64)(v\d)$/.exec(machine);
  const named = arm === null ? machine : `${arm[1] === '64' ? 'arm64' : 'arm'}/${arm[2]}`;
  const platform = parsePlatform(`${system}/${named}`);
  if (platform === undefined) throw new Error(`${arch} is no architecture`);
  platforms.set(arch, platform);
  return platform;
}

const windowsBuilds: Readonly<Record<string, string>> = {
  ltsc2025: '10.0.26100',
  ltsc2022: '10.0.20348',
  '1809': '10.0.17763',
};

function windowsBuild(dir: string): string {
  return Object.entries(windowsBuilds).find(([release]) => dir.includes(release))?.[1] ?? '10.0.14393';
}

function sha256(text: string): Digest {
  return `sha256:${hash('sha256', text)}`;
}
