import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { realTrivy } from '../../scripts/scans/real-trivy.ts';
import type { CheckResult } from '../../src/flows/check-result.ts';
import { basekeeper, makeTree } from '../e2e/command.ts';
import { scanNow } from '../e2e/scanned.ts';
import { writeLayout } from '../fakes/os-image/os-image.ts';
import { firstDatabase, laterDatabase, scannedImages } from '../fakes/os-image/scanned-images.ts';
import { placeDatabase } from '../fakes/trivy-db/place-database.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { pushDatabase } from './push-database.ts';
import { runTool } from './run-tool.ts';

test('check --scan with the real Trivy on a base in docker-registry, then with the next database', async (context) => {
  const real = await startDockerRegistry('open');
  context.after(() => real.close());
  const base = `${real.host}/team/base`;
  const { path, remove } = await makeTree({
    'tree/Dockerfile': `FROM ${base}:old AS build\nFROM ${base}:new\nUSER 65532\nCOPY --from=build /a /a\n`,
    'policy.yaml': `version: 1\nregistries: { "${real.host}": { private: true, insecure: true } }\n`,
  });
  context.after(remove);
  for (const image of ['old', 'new'] as const) {
    writeLayout(join(path, image), scannedImages[image].layers, scannedImages[image].user);
    const copy = ['--insecure-policy', 'copy', '--quiet', '--dest-tls-verify=false'];
    await runTool('skopeo', [...copy, `oci:${join(path, image)}`, `docker://${base}:${image}`]);
  }
  const database = join(path, 'trivy');
  const check = async (variables: Readonly<Record<string, string>>) => {
    const env = { BASEKEEPER_CACHE: join(path, 'cache'), BASEKEEPER_TRIVY: realTrivy, TRIVY_CACHE_DIR: database };
    const args = ['check', 'tree', '--policy', 'policy.yaml', '--now', scanNow, '--scan', '--json'];
    const { stdout, stderr } = await basekeeper(args, { cwd: path, env: { ...env, ...variables } });
    assert.match(stdout, /^\{/, stderr);
    const { files, scans } = JSON.parse(stdout) as CheckResult;
    const rules = files.flatMap(({ uses }) =>
      uses.map((use) => use.rules.filter(({ rule }) => rule === 'unpatched-critical').map(({ reason }) => reason)),
    );
    const found = scans?.images.map(({ image, scan }) => {
      const ids = scan.kind === 'scanned' ? scan.findings.map(({ id }) => id.replace('CVE-2026-000', '')) : [];
      return [
        image.slice(image.lastIndexOf(':') + 1),
        scan.kind === 'scanned' ? scan.how : scan.message,
        ids.join(' '),
      ];
    });
    return { rules, found };
  };

  const first = await check({ TRIVY_DB_REPOSITORY: await pushDatabase(real.host, firstDatabase) });
  assert.deepEqual(first.found, [
    ['new', 'scanned', '4 5 2'],
    ['old', 'scanned', '1 3 4 2'],
  ]);
  assert.match(
    first.rules[0]?.[0] ?? '',
    /^1 CRITICAL finding with a fix: CVE-2026-0001 in openssl 3\.0\.17-1~deb12u2/,
  );
  assert.deepEqual(first.rules[1], []);

  const kept = await check({ TRIVY_SKIP_DB_UPDATE: 'true' });
  assert.deepEqual(
    kept.found?.map(([, how]) => how),
    ['kept', 'kept'],
  );

  placeDatabase(database, laterDatabase);
  const later = await check({ TRIVY_SKIP_DB_UPDATE: 'true' });
  assert.deepEqual(later.found, [
    ['new', 'rematched', '6 4 5 2'],
    ['old', 'rematched', '1 6 3 4 2'],
  ]);
  assert.match(later.rules[1]?.[0] ?? '', /^1 CRITICAL finding with a fix: CVE-2026-0006 in tar/);
});
