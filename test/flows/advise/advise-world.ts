import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createHttpClient } from '../../../src/adapters/http/http-client.ts';
import { createRegistry } from '../../../src/adapters/registry/create-registry.ts';
import { openScanArchive } from '../../../src/adapters/scan-archive/open-scan-archive.ts';
import { temporaryFolders } from '../../../src/adapters/storage/temporary-folders.ts';
import { loadCatalog } from '../../../src/catalog/load.ts';
import { loadPolicy } from '../../../src/config/load-policy.ts';
import { allRules } from '../../../src/domain/policy/rules/all-rules.ts';
import type { Advice } from '../../../src/flows/advise/advice.ts';
import { type AdviseRequest, advise } from '../../../src/flows/advise/advise.ts';
import { askedOnce } from '../../../src/flows/online/asked-once.ts';
import { Scans } from '../../../src/flows/scan/scan-images.ts';
import { withFolder } from '../../adapters/store/with-folder.ts';
import { MemoryScanner, type ScannableImage } from '../../fakes/memory/memory-scanner.ts';
import { type FakeRegistry, startFakeRegistry } from '../../fakes/registry/fake-registry.ts';
import { flavours, originsOf } from '../../fakes/registry/flavours.ts';
import { reference } from '../scan/scan-world.ts';

const now = Date.UTC(2026, 10, 23, 12);

/** Docker Hub and the registry of distroless, a scanner, and a disk. */
export class AdviseWorld {
  readonly scanner = new MemoryScanner(now - 3_600_000);
  readonly hub: FakeRegistry;
  readonly #folder: string;

  constructor(folder: string, hub: FakeRegistry) {
    this.#folder = folder;
    this.hub = hub;
    mkdirSync(`${folder}/tmp`);
  }

  /** Pushes an image for linux/amd64 under a tag. @returns the digest of its index. */
  push(name: string, image: ScannableImage, build = ''): string {
    const [repository = '', tag = ''] = name.split(':');
    const { digest, children } = this.hub.content.push({ repository, tag, platforms: ['linux/amd64'], build });
    this.scanner.images.set(children.get('linux/amd64')?.digest ?? '', image);
    return digest;
  }

  async advise(name: string, request: Partial<AdviseRequest> = {}): Promise<Advice> {
    const policy = await loadPolicy(undefined, allRules, '2026-11-23');
    assert.ok(policy.kind !== 'problems');
    const limits = { isPrivate: false, isInsecure: false, maxInFlight: 32, requestsPerSecond: 1000 };
    const registry = createRegistry({
      http: createHttpClient({
        origins: new Map([...originsOf('docker.io', this.hub), ...originsOf('gcr.io', this.hub)]),
      }),
      credentials: { find: async () => undefined },
      settings: new Map(['docker.io', 'hub.docker.com', 'auth.docker.io', 'gcr.io'].map((host) => [host, limits])),
      clock: () => now,
      sleep: async () => undefined,
    });
    const scans = new Scans({
      scanner: this.scanner,
      archive: openScanArchive(`${this.#folder}/scans`),
      folders: temporaryFolders(`${this.#folder}/tmp`),
    });
    try {
      return await advise(askedOnce(registry), scans, reference(name), {
        ...{ policy: policy.policy, catalog: loadCatalog(), now, today: '2026-11-23', platform: 'linux/amd64' },
        ...{ threshold: 'high', maxBases: 8 },
        ...request,
      });
    } finally {
      await registry.close();
    }
  }
}

export function inAdviseWorld(use: (world: AdviseWorld) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const hub = await startFakeRegistry({ switches: flavours['docker.io'].switches });
    try {
      await use(new AdviseWorld(folder, hub));
    } finally {
      await hub.close();
    }
  });
}
