import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits, expandedText, planEdit } from '../../../src/domain/dockerfile/edit.ts';
import { readHelmValues } from '../../../src/domain/documents/helm-values.ts';
import { numberToHelm } from '../../../src/domain/documents/number-to-helm.ts';
import { documentTable } from './document-table.ts';

const { names, complains } = documentTable(readHelmValues, 'chart/values.yaml');
const nginx = 'docker.io/library/nginx:1.28';
const digest = `sha256:${'a'.repeat(64)}`;
const unknown = '?.Chart.AppVersion';

names('repository and tag', 'image:\n  repository: nginx\n  tag: "«1.28»"\n', nginx);
names('a tag without quotes is text', 'image: {repository: nginx, tag: «1.20»}', 'docker.io/library/nginx:1.20');
names('a registry', "image:\n  registry: ghcr.io\n  repository: acme/a\n  tag: '«1»'\n", 'ghcr.io/acme/a:1');
names('an empty registry is none', 'image: {registry: "", repository: nginx, tag: «1.28»}', nginx);
names('a whole name', 'image: "«nginx:1.28»"\n', nginx);
names(
  'any depth, lists too',
  'a: {b: [{image: {repository: nginx, tag: «1.28»}}, {c: {image: «nginx:1.28»}}]}',
  nginx,
  nginx,
);
names('an image below an image', 'image: {sidecar: {image: {repository: nginx, tag: «1.28»}}}', nginx);
names('a digest', `image: {repository: nginx, digest: "«${digest}»"}`, `docker.io/library/nginx@${digest}`);
names('tag and digest', `image: {repository: nginx, tag: «1.28», digest: "${digest}"}`, `${nginx}@${digest}`);
names('an empty digest is none', 'image: {repository: nginx, tag: «1.28», digest: ""}', nginx);
names(
  'a digest in the tag counts before the other',
  `image: {repository: nginx, tag: "«1.28@${digest}»", digest: "${digest}"}`,
  `${nginx}@${digest}`,
);
names('a tag in the repository', 'image: {repository: "«nginx:1.28»"}', nginx);
names('an empty tag is the version of the chart', 'image: {repository: «nginx», tag: ""}', unknown);
names('no tag, too', 'image: {repository: «localhost:5000/nginx»}\nb: {image: «nginx»}', unknown, unknown);
names('a placeholder is missing', 'image: {repository: nginx, tag: "«{{ .Values.v }}»"}', '?.Values.v');
names('an alias is one use', 'a: {image: &i {repository: nginx, tag: «1.28»}}\nb: {image: *i}\n', nginx);
names(
  'a tag that two images share',
  'a: {image: {repository: nginx, tag: &t «1.28»}}\nb: {image: {repository: redis, tag: *t}}\n',
  'docker.io/library/redis:1.28',
  nginx,
);
names('an invalid name', 'image: {repository: Nginx, tag: «1»}', '!Nginx:1');
names(
  'no image',
  'image: {}\na: {image: ""}\nb: {image: [x]}\nc: {image: null}\nd: {image: {tag: 1}}\nimages: nginx:1\n',
);
names('other keys', 'image_x: nginx:1\nrepository: nginx\ntag: 1.28\n');

complains('nothing wrong', 'image: {repository: nginx, tag: "1.20"}\n');
complains('a number that loses its zeros', 'image:\n  repository: nginx\n  tag: 1.20\n', 'warning number-for-tag 3');
complains('a number that stays', 'image: {repository: nginx, tag: 1.28}\n');
complains('broken YAML', 'image: {repository: nginx', 'error invalid-yaml 1');
complains('broken YAML without images', 'a: [\nb: }\n');

for (const [written, expected] of [
  ['1.20', '1.2'],
  ['1.0', '1'],
  ['007', '7'],
  ['20260101', '2.0260101e+07'],
  ['1000000', '1e+06'],
  ['999999', undefined],
  ['1e3', '1000'],
  ['1.28', undefined],
  ['8', undefined],
  ['1.2.0', undefined],
  ['v1.20', undefined],
] as const) {
  test(`Helm makes ${expected ?? 'no other text'} of ${written}`, () => {
    assert.equal(numberToHelm(written, { start: 0, end: written.length }), expected);
    assert.equal(numberToHelm(`"${written}"`, { start: 1, end: written.length + 1 }), undefined);
  });
}

const other = `sha256:${'b'.repeat(64)}`;
for (const [fact, text, to, expected] of [
  ['the tag alone', 'image: {repository: nginx, tag: 1.28}', 'nginx:1.29', 'image: {repository: nginx, tag: 1.29}'],
  [
    'tag and digest, each in its place',
    `image:\n  tag: "1.28"\n  digest: ${digest}\n  repository: nginx\n`,
    `nginx:1.29@${other}`,
    `image:\n  tag: "1.29"\n  digest: ${other}\n  repository: nginx\n`,
  ],
  [
    'a digest that was not there goes behind the tag',
    'image: {repository: nginx, tag: "1.28"}',
    `nginx:1.28@${digest}`,
    `image: {repository: nginx, tag: "1.28@${digest}"}`,
  ],
] as const)
  test(`an edit changes ${fact}`, () => {
    const [use] = readHelmValues(text).value.uses;
    assert.ok(use !== undefined);
    const after = applyEdits(text, planEdit(use, to) ?? []);
    assert.equal(after, expected);
    assert.deepEqual(readHelmValues(after).value.uses.map(expandedText), [to]);
  });
