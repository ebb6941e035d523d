import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { openScanArchive } from '../../../src/adapters/scan-archive/open-scan-archive.ts';
import { temporaryFolders } from '../../../src/adapters/storage/temporary-folders.ts';
import type { Manifest } from '../../../src/domain/image/manifest.ts';
import { parsePlatform } from '../../../src/domain/image/platform.ts';
import { parseReference, type Reference } from '../../../src/domain/image/reference.ts';
import { defaultScanSettings } from '../../../src/domain/policy/scan-settings.ts';
import type { CheckResult } from '../../../src/flows/check-result.ts';
import type { ScanPorts } from '../../../src/flows/scan/scan-digest.ts';
import { type ScanAnswers, type ScanRegistry, type ScanRequest, Scans } from '../../../src/flows/scan/scan-images.ts';
import { type DownloadedImage, RegistryError } from '../../../src/ports/registry.ts';
import { withFolder } from '../../adapters/store/with-folder.ts';
import { digestOf } from '../../contracts/scan-archive.contract.ts';
import { MemoryScanner, type ScannableImage } from '../../fakes/memory/memory-scanner.ts';
import { judge, type Settings } from '../judged.ts';

export const hour = 3_600_000;
export const now = Date.UTC(2026, 10, 25, 12);

export const debian = { family: 'debian', release: '12.13', isEndOfLife: false };

export function reference(text: string): Reference {
  const parsed = parseReference(text);
  assert.equal(parsed.kind, 'ok', text);
  return parsed.reference;
}

/** A registry, a scanner, an archive and a disk, of which a test says what is there. */
export class ScanWorld {
  readonly scanner = new MemoryScanner(now - hour);
  readonly registry = new MemoryRegistry();
  readonly ports: ScanPorts;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(`${folder}/tmp`);
    this.ports = {
      scanner: this.scanner,
      archive: openScanArchive(`${folder}/scans`),
      folders: temporaryFolders(`${folder}/tmp`),
    };
  }

  /** Pushes an image of each platform under a tag. @returns their digests. */
  push(name: string, images: Readonly<Record<string, ScannableImage>>): readonly string[] {
    const digests = this.registry.push(name, Object.keys(images));
    Object.values(images).forEach((image, at) => {
      this.scanner.images.set(digests[at] ?? '', image);
    });
    return digests;
  }

  /** Judges a tree by what is found, in a run of its own. */
  judge(files: Readonly<Record<string, string>>, settings: Settings = {}): Promise<CheckResult> {
    const scanning = { scans: new Scans(this.ports), registry: this.registry };
    return judge(files, { now: new Date(now).toISOString(), scanning, ...settings });
  }

  /** A run of its own over these references; `debian:12 linux/arm64` names a platform. */
  async run(names: readonly string[], request: Partial<ScanRequest> = {}): Promise<ScanAnswers> {
    const wanted = names.map((name) => {
      const [text = '', platform] = name.split(' ');
      return { reference: reference(text), ...(platform === undefined ? {} : { platform }) };
    });
    const answers = await new Scans(this.ports).of(this.registry, {
      ...{ wanted, now, terms: defaultScanSettings, reports: [] },
      ...request,
    });
    assert.deepEqual(readdirSync(`${this.#folder}/tmp`), [], 'no image is left on the disk');
    return answers;
  }
}

export function withWorld(use: (world: ScanWorld) => Promise<void>): Promise<void> {
  return withFolder((folder) => use(new ScanWorld(folder)));
}

/** As much of a registry as scans ask. */
class MemoryRegistry implements ScanRegistry {
  readonly #tags = new Map<string, string>();
  readonly #manifests = new Map<string, Manifest>();
  readonly #platforms = new Map<string, string>();
  readonly refused = new Set<string>();
  readonly asked: string[] = [];
  #last = 0;

  push(name: string, platforms: readonly string[]): readonly string[] {
    const children = platforms.map((platform) => ({ platform, digest: this.#image(platform) }));
    const index = this.#next();
    this.#manifests.set(index, {
      ...{ kind: 'index', digest: index, annotations: new Map() },
      children: children.map(({ platform, digest }) => {
        const parsed = parsePlatform(platform);
        return { digest, annotations: new Map(), ...(parsed === undefined ? {} : { platform: parsed }) };
      }),
    });
    this.#tags.set(this.#key(reference(name)), index);
    return children.map(({ digest }) => digest);
  }

  /** Another tag for what one stands for. */
  tag(name: string, of: string): void {
    this.#tags.set(this.#key(reference(name)), this.digest(of));
  }

  digest(name: string): string {
    return this.#tags.get(this.#key(reference(name))) ?? '';
  }

  async resolve(address: Reference, tag: string) {
    this.#ask(address.repository, `resolve ${tag}`);
    const digest = this.#tags.get(this.#key({ ...address, tag }));
    if (digest === undefined)
      throw new RegistryError('not-found', address.registry, `${address.registry} has no ${address.repository}:${tag}`);
    return { digest, mediaType: '' };
  }

  async readManifest({ registry, repository }: Reference, digest: string): Promise<Manifest> {
    const manifest = this.#manifests.get(digest);
    if (manifest === undefined) throw new RegistryError('not-found', registry, `${repository} has no ${digest}`);
    return manifest;
  }

  async readConfig(_: Reference, digest: string) {
    const platform = parsePlatform(this.#platforms.get(digest) ?? '');
    assert.ok(platform);
    return { platform, user: '', labels: new Map(), diffIds: [] };
  }

  async downloadImage({ repository }: Reference, digest: string, folder: string): Promise<DownloadedImage> {
    this.#ask(repository, `download ${digest.slice(-4)}`);
    mkdirSync(folder);
    return { folder, sizeBytes: 1 };
  }

  #ask(repository: string, what: string): void {
    this.asked.push(what);
    if (this.refused.has(repository)) throw new RegistryError('unavailable', 'docker.io', `${repository} is down`);
  }

  #image(platform: string): string {
    const digest = this.#next();
    this.#platforms.set(digest, platform);
    const rest = { configDigest: digest, sizeBytes: 1, layers: [], annotations: new Map() };
    this.#manifests.set(digest, { kind: 'image', digest, ...rest });
    return digest;
  }

  #next(): string {
    this.#last += 1;
    return digestOf(this.#last);
  }

  #key({ registry, repository, tag = 'latest' }: Reference): string {
    return `${registry}/${repository}:${tag}`;
  }
}
