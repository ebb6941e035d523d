import assert from 'node:assert/strict';
import { test } from 'node:test';
import { osReleaseOf } from '../../../src/domain/monitor/os-release.ts';
import type { PlatformContent } from '../../../src/domain/monitor/tag-content.ts';
import { catalog } from '../catalog/described.ts';

const ubuntu = (version: string) =>
  new Map([
    ['org.opencontainers.image.ref.name', 'ubuntu'],
    ['org.opencontainers.image.version', version],
  ]);

const rows: readonly [image: string, tag: string, content: Partial<PlatformContent>, release: string | undefined][] = [
  [
    'docker.io/library/node',
    '22-slim',
    { base: { name: 'docker.io/library/debian:bookworm-slim' } },
    'Debian 12 (bookworm)',
  ],
  ['docker.io/library/node', '22-slim', { base: { name: 'debian:trixie-slim' } }, 'Debian 13 (trixie)'],
  ['docker.io/library/node', '22', { base: { name: 'buildpack-deps:bookworm' } }, 'Debian 12 (bookworm)'],
  ['docker.io/library/node', '22-alpine', { base: { name: 'alpine:3.22' } }, 'Alpine Linux 3.22'],
  ['docker.io/library/node', '22-alpine', {}, undefined],
  ['docker.io/library/node', '22-alpine3.21', {}, 'Alpine Linux 3.21'],
  ['docker.io/library/node', '22-bookworm', { base: { name: 'debian:trixie' } }, 'Debian 13 (trixie)'],
  ['docker.io/library/eclipse-temurin', '21', { labels: ubuntu('24.04') }, 'Ubuntu 24.04 (noble)'],
  ['docker.io/acme/app', '1', { labels: ubuntu('1.2') }, undefined],
  ['docker.io/acme/app', '1', { labels: new Map([['org.opencontainers.image.version', '24.04']]) }, undefined],
  ['docker.io/library/alpine', 'latest', { version: '3.22.1' }, 'Alpine Linux 3.22'],
  ['docker.io/library/alpine', '3.21', {}, 'Alpine Linux 3.21'],
  ['docker.io/library/debian', 'stable-slim', { version: 'trixie-20250811' }, 'Debian 13 (trixie)'],
  ['docker.io/library/debian', '12', {}, 'Debian 12 (bookworm)'],
  ['docker.io/library/ubuntu', 'noble', {}, 'Ubuntu 24.04 (noble)'],
  ['docker.io/acme/app', '1', { base: { name: 'alpine:99.7.3' } }, 'alpine 99.7'],
  ['docker.io/acme/app', '1', { base: { name: 'not a reference' } }, undefined],
];

for (const [image, tag, content, release] of rows)
  test(`${image}:${tag} with ${JSON.stringify({ ...content, labels: [...(content.labels ?? [])] })} stands on ${release}`, () => {
    const whole = { platform: 'linux/amd64', digest: 'd', ...content };
    assert.equal(osReleaseOf(image, tag, whole, catalog, '2026-08-22'), release);
  });
