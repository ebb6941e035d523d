import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from '../contracts/connect-registry.ts';
import { debianLayer, writeLayout } from '../fakes/os-image/os-image.ts';
import { startDockerRegistry } from './docker-registry.ts';
import { runTool } from './run-tool.ts';

test('what is downloaded from docker-registry is an OCI layout to skopeo, byte for byte', async (context) => {
  const parent = await mkdtemp(join(tmpdir(), 'basekeeper-download-'));
  context.after(() => rm(parent, { recursive: true }));
  const real = await startDockerRegistry('open');
  context.after(() => real.close());
  const registry = connect({ host: real.host });
  context.after(() => registry.close());

  const source = join(parent, 'source');
  writeLayout(source, [debianLayer('12.13', [{ name: 'libssl3', version: '3.0.19-1~deb12u2' }]), { 'app/main': '1' }]);
  for (const format of ['oci', 'v2s2'] as const) {
    const name = `docker://${real.host}/team/base:${format}`;
    const copy = ['--insecure-policy', 'copy', '--quiet', '--dest-tls-verify=false', '--format', format];
    await runTool('skopeo', [...copy, `oci:${source}`, name]);
    const raw = await runTool('skopeo', ['inspect', '--raw', '--tls-verify=false', name]);
    const address = { registry: real.host, repository: 'team/base' };
    const { digest } = await registry.resolve(address, format);
    const folder = join(parent, format);
    await registry.downloadImage(address, digest, folder, { maxBytes: 1_000_000 });
    assert.equal(await runTool('skopeo', ['inspect', '--raw', `oci:${folder}`]), raw);
    const seen = JSON.parse(await runTool('skopeo', ['inspect', `oci:${folder}`]));
    assert.equal(seen.Digest, digest);
    assert.equal(seen.Layers.length, 2);
    // A copy reads every blob.
    await runTool('skopeo', ['--insecure-policy', 'copy', '--quiet', `oci:${folder}`, `dir:${folder}-again`]);
  }
});
