import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../../src/catalog/load.ts';
import { buildDefaultPolicy } from '../../../src/config/build-policy.ts';
import { allRules } from '../../../src/domain/policy/rules/all-rules.ts';
import { defaultScanSettings } from '../../../src/domain/policy/scan-settings.ts';
import type { UpdateLane, UpdatePlan } from '../../../src/domain/update/update-plan.ts';
import type { Statement } from '../../../src/domain/vulnerability/suppress/statement.ts';
import { Scans } from '../../../src/flows/scan/scan-images.ts';
import { lookUp } from '../../../src/flows/subject-of.ts';
import { proveCriticalFixes } from '../../../src/flows/update/prove-critical-fixes.ts';
import { ScannerError } from '../../../src/ports/scanner.ts';
import { debian, now, reference, type ScanWorld, withWorld } from '../scan/scan-world.ts';

const critical = { id: 'CVE-2026-1', severity: 'critical', package: 'openssl', fixedVersion: '2' } as const;
const newCritical = { id: 'CVE-2026-2', severity: 'critical', package: 'zlib', fixedVersion: '2' } as const;
const old = { packages: { openssl: '1' }, system: debian };
const mended = { packages: { openssl: '2' }, system: debian };

type Step = {
  readonly from: string;
  readonly to: string;
  readonly lane?: UpdateLane;
  readonly platforms?: readonly string[];
};

function plan({ from, to, lane = 'digest', platforms = [] }: Step): UpdatePlan {
  const use = { path: 'Dockerfile', line: 1, role: 'final', before: from, after: to } as const;
  const uses = platforms.length === 0 ? [use] : platforms.map((platform) => ({ ...use, platform }));
  const step = { lane, from: reference(from), to: reference(to), reasons: [], uses };
  return { lane, image: 'docker.io/library/debian', steps: [step], files: [] };
}

/** What is proven of one step, by a run of its own. */
async function prove(world: ScanWorld, step: Step, statements: readonly Statement[] = []) {
  const policy = buildDefaultPolicy(allRules);
  const look = lookUp({ policy, catalog: loadCatalog() }, '2026-11-25');
  const request = { look, now, terms: defaultScanSettings, statements };
  return proveCriticalFixes(new Scans(world.ports), world.registry, [plan(step)], request);
}

const fact = (said: string, run: (world: ScanWorld, step: Step) => Promise<void>) =>
  test(said, () =>
    withWorld(async (world) => {
      world.scanner.advisories = [critical, newCritical];
      world.push('debian:12-slim', { 'linux/amd64': old, 'linux/arm64': old });
      const before = world.registry.digest('debian:12-slim');
      world.push('debian:12-slim', { 'linux/amd64': mended, 'linux/arm64': old });
      const after = world.registry.digest('debian:12-slim');
      await run(world, { from: `debian:12-slim@${before}`, to: `debian:12-slim@${after}` });
    }),
  );

fact('a new content without a CRITICAL finding of the old one is proven by both scans', async (world, step) => {
  assert.deepEqual(await prove(world, step), {
    fixes: [
      {
        to: `docker.io/library/${step.to}`,
        scanner: 'trivy 0.68.2, database of 2026-11-25T11:00:00Z',
        ...{ severity: 'CRITICAL', isSameLine: true, isOfficialSource: true },
        scans: [
          {
            platform: 'linux/amd64',
            ...(await contents(world, step)),
            mended: [{ id: 'CVE-2026-1', sourcePackage: 'openssl', installedVersion: '1', fixedVersion: '2' }],
          },
        ],
      },
    ],
    notes: [],
  });
});

const nothing = { fixes: [], notes: [] };

/** What the step's digests hold for linux/amd64. */
async function contents({ registry }: ScanWorld, { from, to }: Step) {
  const [fromDigest, toDigest] = await Promise.all(
    [from, to].map(async (text) => {
      const { digest = '' } = reference(text);
      const manifest = await registry.readManifest(reference(text), digest);
      return manifest.kind === 'index' ? manifest.children[0]?.digest : undefined;
    }),
  );
  return { fromDigest, toDigest };
}

const says = (over: Partial<Statement>): Statement => ({
  ...{ ids: ['CVE-2026-1'], status: 'ignored', path: '.trivyignore', line: 1 },
  ...over,
});

fact('what the base branch takes out of the old content is nothing to mend', async (world, step) => {
  assert.deepEqual(await prove(world, step, [says({})]), nothing);
  assert.equal((await prove(world, step, [says({ ids: ['CVE-2026-2'] })])).fixes.length, 1);
});

fact('every platform in use has to be mended', async (world, step) => {
  assert.equal((await prove(world, { ...step, platforms: ['linux/amd64'] })).fixes.length, 1);
  assert.deepEqual(await prove(world, { ...step, platforms: ['linux/amd64', 'linux/arm64'] }), nothing);
});

fact('a content that brings a CRITICAL finding of its own is no fix', async (world, step) => {
  world.push('debian:12-slim', { 'linux/amd64': { packages: { openssl: '2', zlib: '1' }, system: debian } });
  assert.deepEqual(
    await prove(world, { ...step, to: `debian:12-slim@${world.registry.digest('debian:12-slim')}` }),
    nothing,
  );
});

fact('what mends nothing is no fix', async (world, step) => {
  assert.deepEqual(await prove(world, { ...step, from: step.to }), nothing);
  world.scanner.advisories = [{ ...critical, severity: 'high' }];
  assert.deepEqual(await prove(world, step), nothing);
});

fact('neither a step to another line nor an unofficial source is scanned', async (world, step) => {
  assert.deepEqual(await prove(world, { ...step, lane: 'major' }), nothing);
  const elsewhere = (text: string) => text.replace('debian:', 'ghcr.io/someone/debian:');
  assert.deepEqual(await prove(world, { ...step, from: elsewhere(step.from), to: elsewhere(step.to) }), nothing);
  assert.deepEqual(world.scanner.calls, []);
});

fact('of a tag without a digest what it stands for now is proven', async (world, step) => {
  const unpinned = { ...step, to: 'debian:12-slim', lane: 'patch' } as const;
  const { fixes } = await prove(world, unpinned);
  const { toDigest } = await contents(world, step);
  assert.deepEqual(
    fixes.map(({ to, scans }) => [to, scans.map((scan) => scan.toDigest)]),
    [['docker.io/library/debian:12-slim', [toDigest]]],
  );
  world.push('debian:12-slim', { 'linux/amd64': old });
  assert.deepEqual(await prove(world, unpinned), nothing);
});

fact('what could not be scanned proves nothing', async (world, step) => {
  world.scanner.refusals.set('scan', new ScannerError('late', 'trivy was ended after 600 s'));
  assert.deepEqual(await prove(world, step), nothing);
  world.scanner.refusals.set('describe', new ScannerError('missing', 'no trivy on PATH'));
  assert.deepEqual(await prove(world, step), { fixes: [], notes: ['no trivy on PATH'] });
});
