import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MonitorResult } from '../../src/flows/monitor/monitor-result.ts';
import { basekeeper, makeTree } from '../e2e/command.ts';
import { buildImageList } from './build-image-list.ts';
import { startDockerRegistry, user } from './docker-registry.ts';

for (const access of ['open', 'basic', 'token'] as const)
  test(`monitor sees images of buildah move in a docker-registry with access ${access}`, async () => {
    const real = await startDockerRegistry(access);
    const tokenHost = real.tokenHost === undefined ? '' : `  "${real.tokenHost}": { private: true, insecure: true }\n`;
    const auth = Buffer.from(`${user.username}:${user.secret}`).toString('base64');
    const { path, remove } = await makeTree({
      'tree/Dockerfile': `FROM ${real.host}/team/base:1.0\n`,
      'policy.yaml': `version: 1\nregistries:\n  "${real.host}": { private: true, insecure: true }\n${tokenHost}`,
      'docker/config.json': JSON.stringify({ auths: { [real.host]: { auth } } }),
    });
    const monitor = async (now: string): Promise<MonitorResult> => {
      const { code, stdout, stderr } = await basekeeper(
        ['monitor', 'tree', '--policy', 'policy.yaml', '--json', '--now', now],
        {
          cwd: path,
          env: {
            BASEKEEPER_STATE: `${path}/state`,
            BASEKEEPER_CACHE: `${path}/cache`,
            BASEKEEPER_CATALOG: 'shipped',
            DOCKER_CONFIG: `${path}/docker`,
          },
        },
      );
      assert.equal(code, 0, stdout + stderr);
      return JSON.parse(stdout) as MonitorResult;
    };
    try {
      await buildImageList(real.host, 'team/base:1.0', 'first');
      const first = await monitor('2026-11-20T08:00:00Z');
      assert.deepEqual(first.verified, { count: 1, of: 1 });
      assert.deepEqual(first.events, []);
      await buildImageList(real.host, 'team/base:1.0', 'second');
      await buildImageList(real.host, 'team/base:1.1', 'other');
      const second = await monitor('2026-11-21T08:00:00Z');
      assert.deepEqual(second.events.map(({ kind, cause, newTag }) => cause?.kind ?? `${kind} ${newTag}`).sort(), [
        'rebuilt',
        'version-released 1.1',
      ]);
      assert.equal(second.images[0]?.recommended, '1.1');
      assert.ok((second.images[0]?.platforms.find(({ isUsed }) => isUsed)?.sizeBytes ?? 0) > 0);
    } finally {
      await real.close();
      await remove();
    }
  });
