import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatPlatform } from '../../src/domain/image/platform.ts';
import { connect } from '../contracts/connect-registry.ts';
import { buildImageList } from './build-image-list.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { runTool } from './run-tool.ts';

type RawManifest = {
  readonly config: { readonly size: number };
  readonly layers: readonly { readonly size: number; readonly digest: string }[];
};

test("buildah's images are read as skopeo reads them, and moved when built anew", async () => {
  const real = await startDockerRegistry('open');
  const registry = connect({ host: real.host });
  const address = { registry: real.host, repository: 'team/base' };
  const folder = mkdtempSync(join(tmpdir(), 'basekeeper-inspect-'));
  const inspect = (reference: string): Promise<string> =>
    runTool('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${real.host}/team/base${reference}`]);
  try {
    await buildImageList(real.host, 'team/base:1.0', 'first');
    const { digest } = await registry.resolve(address, '1.0');
    const file = join(folder, 'index.json');
    writeFileSync(file, await inspect(':1.0'));
    assert.equal(digest, await runTool('skopeo', ['manifest-digest', file]));

    const index = await registry.readManifest(address, digest);
    assert.ok(index.kind === 'index');
    assert.deepEqual(
      index.children.map(({ platform }) => (platform === undefined ? '' : formatPlatform(platform))).sort(),
      ['linux/amd64', 'linux/arm64'],
    );
    for (const child of index.children) {
      const image = await registry.readManifest(address, child.digest);
      assert.ok(image.kind === 'image');
      // What skopeo prints is what the registry holds.
      const raw = JSON.parse(await inspect(`@${child.digest}`)) as RawManifest;
      assert.deepEqual(
        image.layers.map((layer) => layer.digest),
        raw.layers.map((layer) => layer.digest),
      );
      assert.equal(
        image.sizeBytes,
        raw.layers.reduce((sum, { size }) => sum + size, raw.config.size),
      );
      const config = await registry.readConfig(address, image.configDigest);
      assert.deepEqual(config.platform, child.platform);
      assert.equal(config.user, '1000:1000');
      assert.equal(config.labels.get('org.opencontainers.image.version'), '1.0.3');
      assert.equal(config.diffIds.length, image.layers.length);
    }

    await buildImageList(real.host, 'team/base:1.0', 'second');
    assert.notEqual((await registry.resolve(address, '1.0')).digest, digest);
    assert.deepEqual(await registry.readManifest(address, digest), index);
    await buildImageList(real.host, 'team/base:1.1', 'second');
    assert.deepEqual((await registry.listTags(address)).tags.map(({ tag }) => tag).sort(), ['1.0', '1.1']);
  } finally {
    await registry.close();
    await real.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
