import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCompose } from '../../../src/domain/documents/compose.ts';
import { documentTable } from './document-table.ts';

const { names, builds, complains } = documentTable(readCompose, 'deploy/compose.yaml');
const service = (rest: string) => `services:\n  web:\n    ${rest}\n`;
const nginx = 'docker.io/library/nginx:1';

names('a service runs its image', service('image: «nginx:1»'), nginx);
names('a double-quoted image', service('image: "«nginx:1»"'), nginx);
names('a single-quoted image', service("image: '«nginx:1»' # why"), nginx);
names('an escape leaves the whole word pointed to', service('image: "«\\x6eginx:1»"'), nginx);
names(
  'a folded image',
  service('image: >-\n      nginx:1').replace('>-\n      nginx:1', '«>-\n      nginx:1\n»').replace('»\n', '»'),
  nginx,
);
names(
  'flow style and JSON',
  '{"services": {"a": {"image": "«nginx:1»"}, b: {image: «redis»}}}',
  nginx,
  'docker.io/library/redis:latest',
);
names('Windows line ends', 'services:\r\n  a:\r\n    image: «nginx:1»\r\n', nginx);
names('a byte-order mark', '\uFEFFservices:\n  a:\n    image: «nginx:1»\n', nginx);
names('a number is a name', service('image: «1.10»'), 'docker.io/library/1.10:latest');
names('a tagged value', service('image: !override «nginx:1»'), nginx);
names('a reset image is none', service('image: !reset null'));
names('no image, and none in extensions', 'x-a: {image: a}\nimage: b\nservices:\n  a: {}\n  b:\n  c: text\n');
names(
  'an anchored service is one use, however often it is merged',
  'x-a: &a\n  image: «nginx:1»\nservices:\n  a: *a\n  b: {<<: *a}\n  c:\n    <<: [*a]\n',
  nginx,
);
names(
  'an own image wins over a merged one',
  'x-a: &a {image: old}\nservices:\n  a:\n    <<: *a\n    image: «nginx:1»\n',
  nginx,
);
names('an anchored image', 'x-i: &i «nginx:1»\nservices:\n  a: {image: *i}\n', nginx);
names(
  'an inherited image is where it is written',
  'services:\n  a: {image: «nginx:1»}\n  b: {extends: a}\n  c: {extends: {service: b}}\n',
  nginx,
);
names('services that extend each other', 'services:\n  a: {extends: b}\n  b: {extends: a, image: «nginx:1»}\n', nginx);
names('an image volume', service('volumes: [{type: image, source: «nginx:1»}, {type: bind, source: b}, "c:d"]'), nginx);
names('an invalid image', service('image: «Nginx:1»'), '!Nginx:1');
names(
  'a hostile name',
  'services:\n  __proto__: {image: «nginx:1»}\n  constructor: {image: «redis:1»}\n',
  nginx,
  'docker.io/library/redis:1',
);
names(
  'several documents',
  'services: {a: {image: «nginx:1»}}\n---\nservices: {a: {image: «redis:1»}}\n',
  nginx,
  'docker.io/library/redis:1',
);

for (const [written, expected] of [
  ['nginx:${V:-1}', nginx],
  ['nginx:${V-1}', nginx],
  ['${R:-docker.io}/${N:-library/nginx}:1', nginx],
  ['nginx:${A:-${B:-1}}', nginx],
  ['nginx:1${S:+-x}', nginx],
  ['${R:+r/}nginx:1', nginx],
  ['nginx:${V:-${W}}', '?W'],
  ['nginx:$V', '?V'],
  ['nginx:${V}', '?V'],
  ['nginx:${V?set it}', '?V'],
  ['nginx:${V:?set {it}}', '?V'],
  ['$R/nginx:${V}$R', '?R,V'],
  ['nginx:$$V', '!nginx:$V'],
  ['nginx:${', '!nginx:${'],
  ['nginx:${}', '!nginx:${}'],
  ['nginx:$', '!nginx:$'],
] as const) {
  names(`${written} is ${expected}`, service(`image: '«${written}»'`), expected);
}

test('a default is a piece of its own', () => {
  const text = service('image: nginx:${V:-1.27}-slim');
  const [use] = readCompose(text, 'c.yml').value.uses;
  assert.deepEqual(
    use?.pieces.map((piece) => piece.text),
    ['nginx:', '1.27', '-slim'],
  );
  assert.equal(use?.written, 'nginx:${V:-1.27}-slim');
  assert.equal(use?.role, 'deployed');
});

test('the platform is kept', () => {
  const [use] = readCompose(
    service('{image: a, platform: linux/arm64}').replace('{', '').replace('}', '').replace(', ', '\n    '),
    '',
  ).value.uses;
  assert.equal(use?.platform, 'linux/arm64');
});

builds('a context', service('build: ./app'), {
  dockerfile: 'deploy/app/Dockerfile',
  context: 'deploy/app',
  args: {},
  contexts: {},
  produces: [],
  line: 3,
});
builds('a context above the document', service('build: ..'), { dockerfile: 'Dockerfile', context: '' });
builds(
  'the context of a Dockerfile in the document',
  service('build: {context: app, dockerfile_inline: FROM alpine}'),
  {
    context: 'deploy/app',
  },
);
builds('a build beside an image produces it', service('build: .\n    image: acme/web:${T:-1}'), {
  produces: ['acme/web:1'],
});
builds(
  'everything that a build says',
  service(
    'build:\n      context: ../api\n      dockerfile: docker/Dockerfile.prod\n      target: run\n      platforms: [linux/amd64]\n      tags: [a/b, "$X"]\n      args: {V: 1, E: , F: "${F:-2}", G: $G}',
  ),
  {
    dockerfile: 'api/docker/Dockerfile.prod',
    target: 'run',
    platforms: ['linux/amd64'],
    produces: ['a/b'],
    args: { V: '1', F: '2' },
    line: 2,
  },
);
builds('arguments in a list', service('build: {args: [V=1, W, "X=a=b", "Y=${Y}"]}'), {
  dockerfile: 'deploy/Dockerfile',
  args: { V: '1', X: 'a=b' },
});
builds(
  'further contexts',
  service('build:\n      additional_contexts: {base: service:a, img: docker-image://alpine:3, src: ../x}'),
  {
    contexts: { base: 'target:a', img: 'docker-image://alpine:3', src: '../x' },
  },
);
builds('further contexts in a list', service('build:\n      additional_contexts: [base=docker-image://alpine:3]'), {
  contexts: { base: 'docker-image://alpine:3' },
});
builds('a hostile argument', service('build: {args: {__proto__: x}}'), { args: JSON.parse('{"__proto__": "x"}') });
builds(
  'an extended build joins arguments',
  'services:\n  a: {build: {context: a, args: {V: 1, W: 1}}}\n  b: {extends: a, build: {args: {W: 2}}}\n',
  {},
  { dockerfile: 'deploy/a/Dockerfile', args: { V: '1', W: '2' } },
);
builds('a build that only merging completes', 'x-b: &b {context: a}\nservices:\n  a: {build: {<<: *b, target: t}}\n', {
  dockerfile: 'deploy/a/Dockerfile',
  target: 't',
});
builds('no build from a list', service('build: [a]'));
builds('no build of what is fetched', service('build: https://github.com/a/b.git#main'));
builds('no build outside the tree', service('build: ../..'));
builds('no build at an absolute place', service('build: /src'));
builds('no build where a variable says', service('build: ${DIR}'));
names(
  'an image as a context',
  service('build:\n      additional_contexts: {a: docker-image://«alpine:3»}'),
  'docker.io/library/alpine:3',
);
names(
  'an image as a context in a list',
  service('build:\n      additional_contexts: [a=docker-image://«alpine:3»]'),
  'docker.io/library/alpine:3',
);

test('an inline Dockerfile knows where its characters stand', () => {
  const text = service('build:\n      dockerfile_inline: |\n        FROM alpine:${V:-3}\n\n        RUN echo $$HOME\n');
  const [build] = readCompose(text, '').value.builds;
  assert.equal(build?.inline?.text, 'FROM alpine:3\n\nRUN echo $HOME\n');
  assert.equal(build.inline.line, 5);
  for (const { text: piece, span } of build.inline.pieces)
    if (span !== undefined) assert.equal(text.slice(span.start, span.end), piece);
  assert.ok(build.inline.pieces.some((piece) => piece.text === '3' && piece.span !== undefined));
});

complains('nothing wrong', service('image: nginx:1'));
complains('an empty file', '');
complains('broken YAML', 'services:\n  a: [\n', 'error invalid-yaml 3');
complains('a tab', 'services:\n\ta: 1\n', 'error invalid-yaml 2');
complains(
  'one broken document of two',
  'a: [}\n---\nservices: {a: {image: A}}\n',
  'error invalid-yaml 1',
  'error invalid-reference 3',
);
complains('a repeated key', 'services:\n  a: {image: a}\n  a: {image: b}\n', 'warning duplicate-key 3');
complains('an invalid image', service('image: Nginx'), 'error invalid-reference 3');
complains('a fetched context', service('build: git@github.com:a/b.git'), 'info remote-context 3');
complains('a context outside', service('build: ../../x'), 'warning outside-tree 3');
complains('a context that a variable names', service('build: {context: $D}'), 'info unresolved-build 2');
complains('aliases that multiply', bomb(), 'error too-many-aliases 6');
complains('deep nesting', `a: ${'['.repeat(500)}${']'.repeat(500)}`, 'error document-too-deep 1');
complains('a huge document', `# ${'x'.repeat(3_000_000)}`, 'error document-too-large 0');

for (const [fact, text] of [
  ['very deep flow', '['.repeat(100_000)],
  ['very deep dashes', '- '.repeat(100_000)],
  ['an alias to itself', 'services: &a\n  a: *a\n  <<: *a\n'],
  ['an unknown alias', 'services: *a\n'],
  ['a scalar', 'text'],
  ['lists everywhere', 'services: [a, {image: b}]\n'],
  ['complex keys', '? [a]\n: b\n? {c: d}\n: e\n'],
  ['nested defaults', service(`image: '${'${a:-'.repeat(50_000)}'`)],
  ['control characters', 'services:\n  a: {image: "\\u001b[31m"}\n'],
] as const) {
  test(`${fact} does no harm`, () => {
    const started = performance.now();
    readCompose(text, 'compose.yml');
    assert.ok(performance.now() - started < 10_000);
  });
}

function bomb(): string {
  const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
  for (let index = 1; index < 9; index++)
    lines.push(
      `a${index}: &a${index} [${Array(10)
        .fill(`*a${index - 1}`)
        .join(',')}]`,
    );
  return `${lines.join('\n')}\n`;
}
