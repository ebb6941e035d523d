import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { realTrivy } from '../../scripts/scans/real-trivy.ts';
import type { Advice } from '../../src/flows/advise/advice.ts';
import type { ComparisonResult } from '../../src/flows/compare.ts';
import { basekeeper } from '../e2e/command.ts';
import { writeLayout } from '../fakes/os-image/os-image.ts';
import { firstDatabase, type ScannedImageName, scannedImages } from '../fakes/os-image/scanned-images.ts';
import { placeDatabase } from '../fakes/trivy-db/place-database.ts';
import { type DockerRegistry, startDockerRegistry } from './docker-registry.ts';
import { runTool } from './run-tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'real-advise-'));
let registry: DockerRegistry | undefined;

const host = () => registry?.host ?? '';

before(async () => {
  placeDatabase(join(folder, 'trivy'), firstDatabase);
  registry = await startDockerRegistry('open');
  for (const [name, image] of [
    ['base:12.9', 'old'],
    ['base:12.12', 'new'],
    ['app:1', 'app-on-old'],
  ] as const)
    await push(name, image);
  writeFileSync(
    join(folder, 'policy.yaml'),
    [
      'version: 1',
      `registries: { "${host()}": { private: true, insecure: true } }`,
      `categories: { permitted: { why: ours, images: ["${host()}/**"] } }`,
      '',
    ].join('\n'),
  );
});

after(async () => {
  await registry?.close();
  rmSync(folder, { recursive: true });
});

async function push(name: string, image: ScannedImageName): Promise<void> {
  const layout = join(folder, image);
  const { layers, user } = scannedImages[image];
  writeLayout(layout, layers, user);
  const options = ['--insecure-policy', 'copy', '--quiet', '--preserve-digests', '--dest-tls-verify=false'];
  await runTool('skopeo', [...options, `oci:${layout}`, `docker://${host()}/${name}`]);
}

async function run<Result>(...args: readonly string[]): Promise<Result> {
  const { code, stdout, stderr } = await basekeeper(
    [...args, '--policy', join(folder, 'policy.yaml'), '--now', '2026-11-25T12:00:00Z', '--json'],
    {
      cwd: folder,
      env: {
        ...{ BASEKEEPER_STATE: join(folder, 'state'), BASEKEEPER_CACHE: join(folder, 'cache') },
        ...{ BASEKEEPER_TRIVY: realTrivy, TRIVY_CACHE_DIR: join(folder, 'trivy'), TRIVY_SKIP_DB_UPDATE: 'true' },
      },
    },
  );
  assert.equal(code, 0, stderr + stdout);
  return JSON.parse(stdout) as Result;
}

test('two images of a registry are compared by what Trivy finds in them', async () => {
  const result = await run<ComparisonResult>('compare', `${host()}/base:12.9`, `${host()}/base:12.12`);
  const { fixed, remaining, added } = result.findings;
  assert.deepEqual(
    [fixed, remaining.patchable, remaining.unfixed, added].map((list) => list.map(({ id }) => id)),
    [['CVE-2026-0001', 'CVE-2026-0003'], ['CVE-2026-0004'], ['CVE-2026-0002'], ['CVE-2026-0005']],
  );
  assert.deepEqual(result.notes, []);
});

test("the layers that Trivy tells are the base's", async () => {
  const base = `${host()}/base:12.9`;
  const { after: app } = await run<ComparisonResult>('compare', base, `${host()}/app:1`, '--base', base);
  assert.deepEqual(app.origins, { base, known: 'given', evidence: 'layers', inBase: 4, inApp: 0, mitigated: [] });
});

test('the base that clears what Trivy finds is advised', async () => {
  const advice = await run<Advice>('advise', `${host()}/base:12.9`, '--severity', 'critical');
  assert.equal(advice.recommendation.kind === 'move' && advice.recommendation.reference, `${host()}/base:12.12`);
  assert.deepEqual(
    advice.ranked.map(({ jump, patchable, remaining }) => [jump, patchable, remaining]),
    [
      ['minor', 0, 3],
      ['none', 1, 4],
    ],
  );
  assert.deepEqual(advice.ranked[0]?.breaks, ['runs as 65532 in place of root']);
});
