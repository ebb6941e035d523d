import { openScanArchive } from '../../../src/adapters/scan-archive/open-scan-archive.ts';
import { temporaryFolders } from '../../../src/adapters/storage/temporary-folders.ts';
import type { Ledger } from '../../../src/adapters/store/open-store.ts';
import { buildDefaultPolicy } from '../../../src/config/build-policy.ts';
import type { Catalog } from '../../../src/domain/catalog/catalog.ts';
import { applyEdits } from '../../../src/domain/dockerfile/edit.ts';
import type { Digest } from '../../../src/domain/image/manifest.ts';
import { groupUses } from '../../../src/domain/monitor/watched-image.ts';
import { allRules } from '../../../src/domain/policy/rules/all-rules.ts';
import { defaultScanSettings } from '../../../src/domain/policy/scan-settings.ts';
import { formatInstant } from '../../../src/domain/source/instant.ts';
import { joinFiles } from '../../../src/domain/update/join-files.ts';
import { collectUses } from '../../../src/flows/monitor/collect-uses.ts';
import { monitorCycle } from '../../../src/flows/monitor/monitor-cycle.ts';
import { Scans } from '../../../src/flows/scan/scan-images.ts';
import { scanUses } from '../../../src/flows/scan/scan-uses.ts';
import { trackCycle } from '../../../src/flows/track/track-cycle.ts';
import type { ReadTree } from '../../../src/flows/track/track-request.ts';
import { planTree } from '../../../src/flows/update/plan-tree.ts';
import type { Registry } from '../../../src/ports/registry.ts';
import { catalogOn } from '../history/catalog-on.ts';
import type { History } from '../history/history.ts';
import { HistoryRegistry } from '../history/history-registry.ts';
import type { FixList } from './fix-list.ts';
import { FixScanner } from './fix-scanner.ts';
import { ImageContents, missingFixes } from './image-contents.ts';
import { type Pace, PatchedRepository } from './patched-repository.ts';
import { type PublishedFix, publishedFixes } from './published-fixes.ts';

export type PatchingRequest = {
  readonly history: History;
  readonly list: FixList;
  readonly catalog: Catalog;
  readonly ledger: Ledger;
  /** Where scans are kept. */
  readonly folder: string;
  /** Of the list. */
  readonly images: readonly string[];
  readonly paces: readonly Pace[];
  readonly from: number;
  readonly until: number;
  readonly stepMs: number;
  readonly securityDelayMs: number;
  readonly onCycle?: (cycle: PatchingCycle) => void | Promise<void>;
};

export type PatchingCycle = { readonly at: number; readonly repositories: readonly PatchedRepository[] };

export type PatchingReplay = Pick<PatchingRequest, 'from' | 'until' | 'stepMs'> & {
  readonly repositories: readonly PatchedRepository[];
  readonly fixes: readonly PublishedFix[];
  readonly contents: ImageContents;
  /** When it was looked at. */
  readonly cycles: readonly number[];
};

/**
 * A year of patching: monitor, scans, deadlines and what is proposed are the program's own, the clock is moved along. Repositories pin
 * a digest; their teams merge what is proposed and release it at their pace.
 */
export async function replayPatching(request: PatchingRequest): Promise<PatchingReplay> {
  const { history, list, catalog, ledger, from, until, stepMs, onCycle } = request;
  const contents = new ImageContents(history, list, from);
  contents.moveTo(from);
  const fixes = publishedFixes(list, request.securityDelayMs);
  const repositories = foundRepositories(request, contents);
  const registry = scannable(new HistoryRegistry(contents.world));
  let now = from;
  const imageOfChild = new Map<string, { readonly image: string; readonly index: Digest }>();
  const note = () => {
    for (const [image, pushes] of contents.pushes)
      for (const { digest } of pushes) imageOfChild.set(contents.childOf(digest), { image, index: digest });
  };
  const scanner = new FixScanner(
    (child) => {
      const known = imageOfChild.get(child);
      const sources = list.images[known?.image ?? ''];
      if (known === undefined || sources === undefined) throw new Error(`${child} was never pushed`);
      return missingFixes(sources, contents.contentOf(known.index), fixes, now);
    },
    () => now,
  );
  const ports = { scanner, archive: openScanArchive(request.folder), folders: temporaryFolders(request.folder) };
  const cycles: number[] = [];
  for (; now <= until; now += stepMs) {
    contents.moveTo(now);
    note();
    for (const repository of repositories) repository.workUntil(now);
    await lookOnce({ ledger, registry, ports, repositories, catalog: catalogOn(catalog, contents.world), now });
    cycles.push(now);
    await onCycle?.({ at: now, repositories });
  }
  return { repositories, fixes, contents, cycles, from, until, stepMs };
}

/** Each image with each pace. */
function foundRepositories({ images, paces, from }: PatchingRequest, { world }: ImageContents) {
  return images.flatMap((image) =>
    paces.map((pace) => {
      const [name = '', tag = ''] = image.split(':');
      const digest = world.digestOf(name, tag);
      if (digest === undefined) throw new Error(`there was no ${image} then`);
      const address = `https://git.example.com/${name}/${tag}-${pace.name.replaceAll(/\W+/g, '-')}`;
      return new PatchedRepository(address, image, pace, digest, from);
    }),
  );
}

type Look = Pick<PatchingRequest, 'ledger' | 'catalog'> & {
  readonly registry: Registry;
  readonly ports: ConstructorParameters<typeof Scans>[0];
  readonly repositories: readonly PatchedRepository[];
  readonly now: number;
};

/** What `monitor --scan` does over a fleet, and `update` after it. */
async function lookOnce({ ledger, registry, ports, repositories, catalog, now }: Look): Promise<void> {
  const read = await Promise.all(repositories.map((one) => readTree(one, catalog, now)));
  const uses = read.flatMap((tree) => tree.uses);
  const { images } = await monitorCycle(
    { registry, store: ledger.store },
    {
      ...{ watch: groupUses(uses, 'linux/amd64'), catalog, scope: 'patching', cadence: 'daily', isDueOnly: false },
      ...{ urgent: new Set<string>(), maxReads: 10_000, clock: () => now },
    },
  );
  const seen = images.flatMap(({ reference, status, digest }) =>
    status === 'verified' && digest !== null ? [[reference, digest] as const] : [],
  );
  const newer = images.flatMap(({ reference, recommended }) =>
    recommended === null ? [] : [[reference, recommended] as const],
  );
  const scans = new Scans(ports);
  const terms = defaultScanSettings;
  const scanning = { uses, platform: undefined, digests: new Map(seen), now, terms };
  const { facts } = await scanUses(scans, registry, scanning);
  await trackCycle(
    {
      ...{ episodes: ledger.episodes, scans, registry, store: ledger.store },
      proposals: async () => ({ kind: 'none', reason: 'no forge is replayed' }),
    },
    {
      ...{ trees: read, catalog, platform: undefined, facts, newerTags: new Map(newer), terms, now },
      exploited: { kind: 'none' },
    },
  );
  for (const repository of repositories) {
    const workspace = repository.branch;
    const request = { ...survey, catalog, now: formatInstant(now) };
    const steps = { lanes: ['digest'], pin: false, take: 'in-line' } as const;
    const { plans } = await planTree({ workspace, registry }, { ...request, steps });
    const [change] = joinFiles(plans);
    repository.propose(now, change === undefined ? undefined : applyEdits(change.before, change.edits));
  }
}

async function readTree(repository: PatchedRepository, catalog: Catalog, now: number): Promise<ReadTree> {
  const { name, branch, releases } = repository;
  const collecting = { ...survey, catalog, today: formatInstant(now).slice(0, 10), tree: name };
  const { uses, problems } = await collectUses(branch, collecting);
  return {
    ...{ repository: name, revision: branch.revision, policy: survey.policy, survey, releases, uses },
    ...{ isWhole: problems.length === 0, suppressions: { statements: [], findings: [] } },
  };
}

/** The default policy: what nobody rated counts as HIGH. */
const survey: ReadTree['survey'] = {
  policy: buildDefaultPolicy(allRules),
  settings: { buildArgs: {}, buildArgsOf: () => ({}) },
  policyPath: (path) => path,
  isSingleFile: false,
};

/** The scanner knows contents by their digests: nothing has to be downloaded. */
function scannable(registry: HistoryRegistry): Registry {
  registry.downloadImage = async (_, __) => ({ folder: '', sizeBytes: 0 });
  return registry;
}
