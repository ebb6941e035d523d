import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCandidates } from '../../../src/domain/candidates/find-candidates.ts';
import { findReleases } from '../../../src/domain/monitor/find-releases.ts';
import { catalog } from '../catalog/described.ts';

/** What is told of `image:tag` when the tags of one day became those of another; a plus marks the new ones. */
function released(image: string, tag: string, tags: string, from: string, to: string): readonly string[] {
  const [registry = '', ...path] = image.split('/');
  const reference = { registry, repository: path.join('/'), tag };
  const listed = tags.split(' ').map((text) => ({ tag: text.replace('+', ''), isNew: text.startsWith('+') }));
  const before = { tags: listed.filter(({ isNew }) => !isNew), day: from };
  const now = findCandidates({ reference, tags: listed, catalog, today: to });
  return findReleases(reference, before, now, catalog).map(({ lane, tag: newTag }) => `${lane} ${newTag}`);
}

const node = 'docker.io/library/node';

for (const [fact, image, tag, tags, from, to, told] of [
  ['a patch', node, '22.11.0', '22.11.0 +22.11.1', '2026-08-01', '2026-08-02', 'patch 22.11.1'],
  ['nothing new', node, '22.11.0', '22.11.0 22.11.1', '2026-08-01', '2026-08-02', ''],
  [
    'what was there is not told beside what came',
    node,
    '22.11.0',
    '22.11.0 22.12.0 +22.13.0',
    '2026-08-01',
    '2026-08-02',
    'minor 22.13.0',
  ],
  [
    'a new tag that is no candidate',
    node,
    '22.11.0',
    '22.11.0 +22.11.1-alpine +23.0.0',
    '2026-08-01',
    '2026-08-02',
    '',
  ],
  [
    'a prerelease is none',
    'docker.io/library/golang',
    '1.26.6-alpine',
    '1.26.6-alpine +1.27rc2-alpine',
    '2026-08-01',
    '2026-08-02',
    '',
  ],
  [
    'a line that becomes an LTS is told on that day',
    node,
    '24-alpine',
    '24-alpine 26-alpine',
    '2026-10-27',
    '2026-10-28',
    'major 26-alpine',
  ],
] as const)
  test(`released: ${fact}`, () => assert.equal(released(image, tag, tags, from, to).join(', '), told));

test('at the first listing nothing is new', () => {
  const reference = { registry: 'docker.io', repository: 'library/node', tag: '22.11.0' };
  const now = findCandidates({ reference, tags: [{ tag: '22.11.1' }], catalog, today: '2026-08-01' });
  assert.equal(now.candidates.length, 1);
  assert.deepEqual(findReleases(reference, undefined, now, catalog), []);
});

test('what takes the place of a tag that turned out not to fit is no news', () => {
  const reference = { registry: 'docker.io', repository: 'library/node', tag: '22.11.0' };
  const tags = [
    { tag: '22.11.0' },
    { tag: '22.12.0' },
    { tag: '22.13.0', digest: `sha256:${'1'.repeat(64)}`, platforms: ['linux/amd64'] },
  ];
  const platforms = ['linux/arm64'];
  const now = findCandidates({ reference, tags, catalog, today: '2026-08-02', platforms });
  assert.deepEqual(
    now.candidates.map(({ tag }) => tag),
    ['22.12.0'],
  );
  assert.deepEqual(findReleases(reference, { tags, day: '2026-08-01', platforms }, now, catalog), []);
});
