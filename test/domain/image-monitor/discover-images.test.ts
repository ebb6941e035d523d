import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '../../../src/domain/image/image-use.ts';
import { parseReference } from '../../../src/domain/image/reference.ts';
import { discoverImages } from '../../../src/domain/image-monitor/discover-images.ts';
import { groupUses } from '../../../src/domain/monitor/watched-image.ts';

type Use = { readonly written: string; readonly role?: Role; readonly platform?: string };

function watchOf(uses: readonly Use[]) {
  const watched = uses.map(({ written, role = 'final', platform }) => {
    const parsed = parseReference(written);
    if (parsed.kind === 'invalid') throw new Error(parsed.reason);
    const { reference } = parsed;
    const digest = reference.digest === undefined ? {} : { digest: reference.digest };
    const use = {
      tree: '.',
      path: 'Dockerfile',
      line: 1,
      role,
      written,
      ...digest,
      ...(platform === undefined ? {} : { platform }),
    };
    return { use, reference };
  });
  return groupUses(watched, 'linux/amd64');
}

function discovered(...uses: readonly Use[]): readonly string[] {
  return discoverImages(watchOf(uses), []).map(({ name, variable, platforms }) =>
    [name, variable, ...platforms].join(' '),
  );
}

const pinned = `node:24@sha256:${'a'.repeat(64)}`;

for (const [what, uses, expected] of [
  ['a tag', [{ written: 'node:24-alpine' }], ['node:24-alpine NODE_24_ALPINE_DIGEST']],
  ['no tag', [{ written: 'alpine' }], ['alpine:latest ALPINE_LATEST_DIGEST']],
  ['another registry', [{ written: 'ghcr.io/acme/base:1' }], ['ghcr.io/acme/base:1 GHCR_IO_ACME_BASE_1_DIGEST']],
  [
    "a name that is GitHub's",
    [{ written: 'github/super-linter:v7' }],
    ['github/super-linter:v7 IMAGE_GITHUB_SUPER_LINTER_V7_DIGEST'],
  ],
  ['a name that begins with a digit', [{ written: '0x0/tool:1' }], ['0x0/tool:1 IMAGE_0X0_TOOL_1_DIGEST']],
  [
    'two names that look the same',
    [{ written: 'a/b:1.0' }, { written: 'a/b:1-0' }],
    ['a/b:1-0 A_B_1_0_DIGEST', 'a/b:1.0 A_B_1_0_DIGEST_2'],
  ],
  ['a pinned one', [{ written: pinned }], []],
  ['one that is pinned in one place alone', [{ written: pinned }, { written: 'node:24' }], ['node:24 NODE_24_DIGEST']],
  [
    'what only runs',
    [
      { written: 'postgres:18', role: 'deployed' },
      { written: 'node:24', role: 'ci' },
    ],
    [],
  ],
  ['what is copied from', [{ written: 'acme/certs:1', role: 'copy' }], ['acme/certs:1 ACME_CERTS_1_DIGEST']],
  [
    'platforms in each place',
    [
      { written: 'node:24', platform: 'linux/arm64' },
      { written: 'node:24', platform: 'linux/amd64' },
    ],
    ['node:24 NODE_24_DIGEST linux/amd64 linux/arm64'],
  ],
  [
    'a platform in one place alone',
    [{ written: 'node:24', platform: 'linux/arm64' }, { written: 'node:24' }],
    ['node:24 NODE_24_DIGEST'],
  ],
] as const)
  test(`${what}: ${expected.join(', ') || 'left out'}`, () => {
    assert.deepEqual(discovered(...uses), expected);
  });

test('what is listed keeps its name and its variable', () => {
  const [listed] = discoverImages(watchOf([{ written: 'node:24' }]), []);
  assert.ok(listed !== undefined);
  const named = { ...listed, name: 'runtime', variable: 'GOLANG_1_DIGEST' };
  const more = discoverImages(watchOf([{ written: 'node:24' }, { written: 'golang:1' }]), [named]);
  assert.deepEqual(
    more.map(({ name, variable }) => [name, variable]),
    [['golang:1', 'GOLANG_1_DIGEST_2']],
  );
});
