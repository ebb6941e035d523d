import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readImageList } from '../../src/config/image-list.ts';

const node = { name: 'node', image: 'node', tag: '24-alpine', variable: 'NODE_DIGEST' };

function problems(value: unknown): readonly string[] {
  const read = readImageList(typeof value === 'string' ? value : JSON.stringify(value, undefined, 1), 'images.json');
  return read.kind === 'list' ? [] : read.problems.map(({ line, message }) => `${line}: ${message}`);
}

test('a list is read whole, and as the list alone', () => {
  const tool = {
    name: 'tool',
    image: 'ghcr.io/acme/tool',
    tag: 'stable',
    variable: 'TOOL',
    description: 'ours',
    platforms: ['aarch64'],
  };
  const read = readImageList(
    JSON.stringify({ $schema: './images.schema.json', images: [node, tool], settings: { 'commit-prefix': 'fix' } }),
    '',
  );
  assert.deepEqual(read, {
    kind: 'list',
    list: {
      images: [
        {
          name: 'node',
          reference: { registry: 'docker.io', repository: 'library/node', tag: '24-alpine' },
          variable: 'NODE_DIGEST',
          platforms: [],
        },
        {
          name: 'tool',
          reference: { registry: 'ghcr.io', repository: 'acme/tool', tag: 'stable' },
          variable: 'TOOL',
          description: 'ours',
          platforms: ['linux/arm64'],
        },
      ],
      commitPrefix: 'fix',
    },
  });
  const alone = readImageList(`\n[\n\t${JSON.stringify(node)}\n]`, '');
  assert.equal(alone.kind === 'list' && alone.list.images[0]?.name, 'node');
});

for (const [what, value, expected] of [
  ['no list at all', '"nonsense"', /^1: the list of images must be a mapping$/],
  ['no images', {}, /^1: images must be a list of images, each with name, image, tag and variable$/],
  ['an empty list', { images: [] }, /^2: images is empty: write at least one image/],
  [
    'a missing tag',
    { images: [{ ...node, tag: undefined }] },
    /^\d: images\.0\.tag must be the tag to watch, as text: 24-alpine$/,
  ],
  [
    'a missing variable',
    { images: [{ ...node, variable: undefined }] },
    /variable must be the name under which the digest is kept/,
  ],
  [
    'a variable in lower case',
    { images: [{ ...node, variable: 'node-digest' }] },
    /^7: images\.0\.variable must be upper-case letters/,
  ],
  ["a variable of GitHub's", { images: [{ ...node, variable: 'GITHUB_X' }] }, /begins with GITHUB_/],
  [
    'an unknown key',
    { images: [{ ...node, varible: 'X' }] },
    /images\.0\.varible is not known; did you mean variable\?$/,
  ],
  [
    'an unknown setting',
    { images: [node], settings: { commitprefix: 'fix' } },
    /settings\.commitprefix is not known; did you mean commit-prefix\?$/,
  ],
  ['a prefix of two lines', { images: [node], settings: { 'commit-prefix': 'fix\nx' } }, /must be a commit type/],
  [
    'an image with its tag',
    { images: [{ ...node, image: 'node:24' }] },
    /^3: images\.0: image "node:24" has a tag or a digest/,
  ],
  ['an image that is none', { images: [{ ...node, image: 'Node' }] }, /a repository name is lower case: write node/],
  ['a tag that is none', { images: [{ ...node, tag: 'a b' }] }, /tag "a b" is none/],
  ['a digest in the tag', { images: [{ ...node, tag: `a@sha256:${'a'.repeat(64)}` }] }, /write the tag alone/],
  ['a platform that is none', { images: [{ ...node, platforms: ['a b'] }] }, /write linux\/amd64/],
  ['a name twice', { images: [node, { ...node, variable: 'B' }] }, /^9: images\.1: name node is taken/],
  ['a variable twice', { images: [node, { ...node, name: 'b' }] }, /variable NODE_DIGEST is taken/],
  [
    "a variable that is another's record",
    { images: [node, { ...node, name: 'b', variable: 'NODE_DIGEST_PENDING' }] },
    /is taken/,
  ],
] as const)
  test(`${what} is refused with what to write`, () => {
    const found = problems(value);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', expected);
  });
