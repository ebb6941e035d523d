import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Buildable, findChangedBuilds } from '../../../src/domain/verify/buildable.ts';

function build(name: string, images: readonly string[], over: Partial<Buildable> = {}): Buildable {
  return {
    name,
    path: 'Dockerfile',
    context: '',
    args: {},
    contexts: {},
    platforms: [],
    images,
    unnamed: [],
    produces: [],
    ...over,
  };
}

function finds(before: readonly Buildable[], after: readonly Buildable[]): readonly string[] {
  const { changed, unproven } = findChangedBuilds(before, after);
  return [...changed.map((pair) => pair.after.name), ...unproven.map(({ name, reason }) => `${name}: ${reason}`)];
}

test('a build that needs another image is changed', () => {
  const same = build('same', ['alpine:3.21']);
  assert.deepEqual(finds([same, build('web', ['node:22'])], [same, build('web', ['node:24'])]), ['web']);
});

test('a build is changed where an image is another that only the builder can name', () => {
  const [was, is] = [build('web', [], { unnamed: ['node:22-$A'] }), build('web', [], { unnamed: ['node:24-$A'] })];
  assert.deepEqual(finds([was], [is]), ['web']);
});

test('a build whose other lines changed is not', () => {
  assert.deepEqual(finds([build('web', ['node:22'])], [build('web', ['node:22'], { args: { A: '1' } })]), []);
});

test('a new build has nothing to be compared with, and one that is gone is no matter', () => {
  assert.deepEqual(finds([build('old', ['node:22'])], [build('new', ['node:24'])]), [
    'new: it is new, so that there is nothing to compare it with',
  ]);
});

test('what is built on a changed image of the tree is changed too, down the chain', () => {
  const inner = { obstacle: 'it is built on acme/base' };
  const tree = (base: string) => [
    build('leaf', ['acme/middle'], inner),
    build('base', [base], { produces: ['acme/base'] }),
    build('middle', ['acme/base'], { ...inner, produces: ['acme/middle'] }),
    build('apart', ['alpine:3.21']),
  ];
  assert.deepEqual(finds(tree('debian:12'), tree('debian:13')), [
    'base',
    'leaf: it is built on acme/base',
    'middle: it is built on acme/base',
  ]);
});

test('a build that could not be made before the change is not proven', () => {
  const before = build('web', ['node:22'], { obstacle: 'what it is built from is fetched' });
  assert.deepEqual(finds([before], [build('web', ['node:24'])]), ['web: what it is built from is fetched']);
});
