import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainMove } from '../../../src/domain/monitor/explain-move.ts';
import type { PlatformContent, TagContent } from '../../../src/domain/monitor/tag-content.ts';

type Part = Omit<PlatformContent, 'labels'> & { readonly os?: string };

/** The system stands in a label here, for the test to find it. */
function content(...parts: readonly Part[]): TagContent {
  const platforms = parts.map(({ os, ...part }) =>
    os === undefined ? part : { ...part, labels: new Map([['os', os]]) },
  );
  return { digest: 'index', platforms };
}

const amd = (digest: string, more: Partial<Part> = {}): Part => ({ platform: 'linux/amd64', digest, ...more });
const arm = (digest: string): Part => ({ platform: 'linux/arm64', digest });
const on = (digest: string) => ({ base: { name: 'docker.io/library/debian:bookworm-slim', digest } });

const rows: readonly [fact: string, before: TagContent, after: TagContent, cause: unknown, used?: readonly string[]][] =
  [
    ['only the attestation changed', content(amd('a')), content(amd('a')), 'unchanged'],
    ['a platform nobody uses changed', content(amd('a'), arm('b')), content(amd('a'), arm('c')), 'unchanged'],
    ['a platform nobody uses is gone', content(amd('a'), arm('b')), content(amd('a')), 'unchanged'],
    [
      'a platform in use is gone',
      content(amd('a'), arm('b')),
      content(amd('a')),
      { kind: 'platform-gone', platform: 'linux/arm64' },
      ['linux/amd64', 'linux/arm64'],
    ],
    ['nothing but digests is known', content(amd('a')), content(amd('b')), { kind: 'rebuilt' }],
    [
      'its base was rebuilt',
      content(amd('a', on('1'))),
      content(amd('b', on('2'))),
      { kind: 'base-moved', base: 'docker.io/library/debian:bookworm-slim', from: '1', to: '2' },
    ],
    ['its base stayed', content(amd('a', on('1'))), content(amd('b', on('1'))), { kind: 'rebuilt' }],
    [
      'a newer version took its place, and its base moved too',
      content(amd('a', { version: '22.1.0', ...on('1') })),
      content(amd('b', { version: '22.2.0', ...on('2') })),
      { kind: 'new-version', from: '22.1.0', to: '22.2.0' },
    ],
    [
      'the system underneath changed, which outweighs the version',
      content(amd('a', { version: '1', os: 'Debian 12' })),
      content(amd('b', { version: '2', os: 'Debian 13' })),
      { kind: 'os-changed', from: 'Debian 12', to: 'Debian 13' },
    ],
    ['the system before is not known', content(amd('a')), content(amd('b', { os: 'Debian 13' })), { kind: 'rebuilt' }],
    [
      'no platform in use is there: those that both have count',
      content(arm('a')),
      content(arm('b')),
      { kind: 'rebuilt' },
    ],
    ['no platform in use is there, and the others stayed', content(arm('a')), content(arm('a')), 'unchanged'],
    ['no platform is known at all', content(), content(), { kind: 'rebuilt' }],
  ];

for (const [fact, before, after, cause, used = ['linux/amd64']] of rows)
  test(`a tag moved: ${fact}`, () =>
    assert.deepEqual(
      explainMove(before, after, used, ({ labels }) => labels?.get('os')),
      cause,
    ));
