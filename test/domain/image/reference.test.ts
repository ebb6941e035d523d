import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  canonicalReference,
  familiarReference,
  formatReference,
  parseReference,
  type Reference,
  repositoryName,
} from '../../../src/domain/image/reference.ts';

const hex = '0123456789abcdef'.repeat(4);
const digest = `sha256:${hex}`;
const long = (length: number) => 'a'.repeat(length);

const valid: readonly (readonly [written: string, canonical: string, familiar: string])[] = [
  ['alpine', 'docker.io/library/alpine:latest', 'alpine'],
  ['alpine:3.19', 'docker.io/library/alpine:3.19', 'alpine:3.19'],
  ['library/alpine:3', 'docker.io/library/alpine:3', 'alpine:3'],
  ['docker.io/alpine', 'docker.io/library/alpine:latest', 'alpine'],
  ['index.docker.io/alpine', 'docker.io/library/alpine:latest', 'alpine'],
  ['index.docker.io/a/b', 'docker.io/a/b:latest', 'a/b'],
  ['bitnami/redis', 'docker.io/bitnami/redis:latest', 'bitnami/redis'],
  ['docker.io/library/a/b', 'docker.io/library/a/b:latest', 'library/a/b'],
  ['localhost', 'docker.io/library/localhost:latest', 'localhost'],
  ['localhost/a', 'localhost/a:latest', 'localhost/a'],
  ['localhost:5000/a/b:1', 'localhost:5000/a/b:1', 'localhost:5000/a/b:1'],
  ['test.com:5000', 'docker.io/library/test.com:5000', 'test.com:5000'],
  ['test:5000/repo', 'test:5000/repo:latest', 'test:5000/repo'],
  ['Host/a', 'Host/a:latest', 'Host/a'],
  ['[::1]/a', '[::1]/a:latest', '[::1]/a'],
  ['[2001:db8::1]:5000/a/b:1', '[2001:db8::1]:5000/a/b:1', '[2001:db8::1]:5000/a/b:1'],
  ['gcr.io/distroless/static', 'gcr.io/distroless/static:latest', 'gcr.io/distroless/static'],
  ['gcr.io/static', 'gcr.io/static:latest', 'gcr.io/static'],
  [`a@${digest}`, `docker.io/library/a@${digest}`, `a@${digest}`],
  [`a:1@${digest}`, `docker.io/library/a:1@${digest}`, `a:1@${digest}`],
  [`h.x:80/a/b:1@${digest}`, `h.x:80/a/b:1@${digest}`, `h.x:80/a/b:1@${digest}`],
  ['x/a.b_c__d-e---f', 'docker.io/x/a.b_c__d-e---f:latest', 'x/a.b_c__d-e---f'],
  [`a@constructor:${hex}`, `docker.io/library/a@constructor:${hex}`, `a@constructor:${hex}`],
  ['0', 'docker.io/library/0:latest', '0'],
  [`${hex}:1`, `docker.io/library/${hex}:1`, `${hex}:1`],
  [`x/${hex}`, `docker.io/x/${hex}:latest`, `x/${hex}`],
  ['a:_-.Z', 'docker.io/library/a:_-.Z', 'a:_-.Z'],
  [`a:${long(128)}`, `docker.io/library/a:${long(128)}`, `a:${long(128)}`],
  [`x/${long(253)}`, `docker.io/x/${long(253)}:latest`, `x/${long(253)}`],
  [long(247), `docker.io/library/${long(247)}:latest`, long(247)],
  [`a@md5x:${hex.slice(0, 32)}`, `docker.io/library/a@md5x:${hex.slice(0, 32)}`, `a@md5x:${hex.slice(0, 32)}`],
  [`a@sha512:${hex}${hex}`, `docker.io/library/a@sha512:${hex}${hex}`, `a@sha512:${hex}${hex}`],
  ['xn--n3h.com/a', 'xn--n3h.com/a:latest', 'xn--n3h.com/a'],
];
for (const [written, canonical, familiar] of valid) {
  test(`${written.slice(0, 80)} is ${canonical.slice(0, 80)}`, () => {
    const parsed = parseReference(written);
    assert.equal(parsed.kind, 'ok');
    if (parsed.kind !== 'ok') return;
    assert.equal(canonicalReference(parsed.reference), canonical);
    assert.equal(familiarReference(parsed.reference), familiar);
    assert.deepEqual(parseReference(formatReference(parsed.reference)), parsed);
    assert.ok(canonical.startsWith(repositoryName(parsed.reference)));
  });
}

const refused = [
  '',
  ' ',
  ':',
  '@',
  ':1',
  `@${digest}`,
  'a:',
  'a@',
  'a:1@',
  'Alpine',
  'A:1',
  'a/B',
  'docker.io/Alpine',
  'library/Alpine',
  'a b',
  'a\n',
  '-a',
  'a-',
  '_a',
  'a.',
  '.a',
  'a..b',
  'a___b',
  'a._b',
  'a//b',
  '/a',
  'a/',
  'a/-b',
  'https://a',
  'https://h.x/a',
  'a:-x',
  'a:.x',
  'a:1:2',
  'a:ü',
  'é',
  hex,
  `a@sha256:${hex.slice(1)}`,
  `a@sha256:${hex}0`,
  `a@sha256:${hex.toUpperCase()}`,
  `a@${hex}`,
  'a@sha256:xyz',
  `a@${digest}:1`,
  `a@${digest}@${digest}`,
  `a:${long(129)}`,
  long(248),
  `x/${long(254)}`,
  `h.x/${long(256)}`,
  '[::1',
  '[::1]a/b',
  '[fe80::1%25eth0]:5000/a',
  '[fe80::1%eth0]/a',
  '-h.x/a',
  'h-.x/a',
  'h.x:/a',
  'h.x:80a/a',
  'h..x/a',
  '$V',
  'a:$V',
  '<image>',
  '{{ a }}',
  'docker.io/',
  'localhost/',
  'h.x/',
  `a@1sha:${hex}`,
  `a@sha256:${hex.slice(0, 31)}`,
]; // prettier-ignore
for (const text of refused) {
  test(`${JSON.stringify(text.slice(0, 80))} is no reference`, () => {
    const parsed = parseReference(text);
    assert.equal(parsed.kind, 'invalid');
    assert.ok(parsed.kind === 'invalid' && parsed.reason !== '');
  });
}

test('upper case is answered with the lower-case name', () => {
  const parsed = parseReference('docker.io/MyApp:1');
  assert.match(parsed.kind === 'invalid' ? parsed.reason : '', /myapp/);
});

const part = fc.stringMatching(/^[a-z0-9]{1,8}((\.|_|__|-{1,3})[a-z0-9]{1,5}){0,2}$/);
const references: fc.Arbitrary<Reference> = fc
  .record({
    registry: fc.constantFrom('docker.io', 'localhost', 'h.x:80', 'Host', '[::1]:5000'),
    parts: fc.array(part, { minLength: 2, maxLength: 4 }),
    tag: fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/), { nil: undefined }),
    hasDigest: fc.boolean(),
  })
  .map(({ registry, parts, tag, hasDigest }) => ({
    registry,
    repository: parts.join('/'),
    ...(tag !== undefined && { tag }),
    ...(hasDigest && { digest }),
  }))
  .filter(({ repository }) => !/^(localhost\/|[^/]*\.)/.test(repository));

test('every way of writing a reference parses back to it', () => {
  fc.assert(
    fc.property(references, (reference) => {
      for (const write of [formatReference, familiarReference])
        assert.deepEqual(parseReference(write(reference)), { kind: 'ok', reference });
    }),
  );
});
test('any text is answered, and quickly', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) =>
      assert.ok(['ok', 'invalid'].includes(parseReference(text).kind)),
    ),
  );
  for (const text of [
    `${'a-'.repeat(1_000_000)}!`,
    `${'a.'.repeat(500)}!`,
    `${'-'.repeat(800)}`,
    `a@${'a+'.repeat(400)}`,
    `${'a'.repeat(900)}/!`,
  ]) {
    assert.equal(parseReference(text).kind, 'invalid');
  }
});

test('a name in upper case is proposed in lower case only where that is a name', () => {
  const reasonOf = (text: string) => {
    const parsed = parseReference(text);
    return parsed.kind === 'invalid' ? parsed.reason : '';
  };
  assert.equal(reasonOf('Alpine:3'), 'a repository name is lower case: write alpine');
  assert.equal(reasonOf('A=1.'), '"a=1." is no part of a repository name');
});
