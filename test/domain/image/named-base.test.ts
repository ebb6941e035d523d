import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedBase } from '../../../src/domain/image/named-base.ts';
import { formatReference } from '../../../src/domain/image/reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const labels = (name: string, pin?: string) =>
  new Map([
    ['org.opencontainers.image.base.name', name],
    ...(pin === undefined ? [] : ([['org.opencontainers.image.base.digest', pin]] as const)),
  ]);

for (const [what, said, named] of [
  ['an annotation', { base: { name: 'debian:12' } }, 'annotation docker.io/library/debian:12'],
  [
    'a digest beside the name',
    { base: { name: 'debian:12', digest } },
    `annotation docker.io/library/debian:12@${digest}`,
  ],
  [
    'a digest in the name',
    { base: { name: `debian@${digest}`, digest } },
    `annotation docker.io/library/debian@${digest}`,
  ],
  ['a label', { labels: labels('ghcr.io/acme/base:1', digest) }, `label ghcr.io/acme/base:1@${digest}`],
  [
    'an annotation before a label',
    { base: { name: 'debian:12' }, labels: labels('alpine') },
    'annotation docker.io/library/debian:12',
  ],
  ['no name', { labels: new Map() }, undefined],
  ['a name that is none', { base: { name: 'https://example.com/a b' } }, undefined],
  ['a digest that is none', { base: { name: 'debian:12', digest: 'latest' } }, undefined],
] as const)
  test(`${what} names ${named ?? 'no base'}`, () => {
    const base = namedBase(said);
    assert.equal(base === undefined ? undefined : `${base.known} ${formatReference(base.reference)}`, named);
  });
