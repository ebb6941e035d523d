import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageOf, readsFile } from '../../../src/domain/dependabot/coverage.ts';
import { fileKind } from '../../../src/domain/discovery/file-kind.ts';
import { readDockerfile } from '../../../src/flows/read-dockerfile.ts';
import { readDocument } from '../../../src/flows/read-document.ts';

const settings = { buildArgs: {}, buildArgsOf: () => ({}) };

/** Per use of a file: `ecosystem directory`, or why Dependabot cannot, or nothing. */
function coverages(path: string, text: string): readonly (string | undefined)[] {
  const kind = fileKind(path)?.kind ?? 'dockerfile';
  const file = kind.startsWith('dockerfile')
    ? readDockerfile(path, text, [], settings)
    : readDocument(path, kind, text, settings)?.file;
  assert.ok(file !== undefined, 'the file names images');
  return file.uses.map(({ use, dockerfile }) => {
    const coverage = coverageOf(file, use, kind === 'compose' && dockerfile !== undefined);
    return coverage?.kind === 'seen' ? `${coverage.ecosystem} ${coverage.directory}` : coverage?.reason;
  });
}

const compose = (line: string) => `services:\n  a:\n    ${line}\n`;
const pod = (image: string) => `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: ${image}\n`;

for (const [path, text, wanted] of [
  ['Dockerfile', 'FROM node:22', 'docker /'],
  ['services/api/prod.dockerfile', 'FROM node:22', 'docker /services/api'],
  ['a/Containerfile', 'from  --platform=$BUILDPLATFORM\tnode:22 AS x\r\n', 'docker /a'],
  ['Dockerfile', `FROM node@sha256:${'a'.repeat(64)}`, 'docker /'],
  ['Dockerfile', 'FROM registry.corp.example:5000/a:1', 'docker /'],
  ['compose.yml', compose('image: node:22'), 'docker-compose /'],
  ['x/docker-compose-dev.prod.yaml', compose('image: "node:22"'), 'docker-compose /x'],
  ['compose.yml', 'services: { a: { image: node:22 } }', 'docker-compose /'],
  ['compose.yml', compose('image: ${IMAGE:-node:22}'), 'docker-compose /'],
  [
    'compose.yml',
    compose('build:\n      dockerfile_inline: |\n        FROM node:22\n        RUN x'),
    'docker-compose /',
  ],
  ['k8s/pod.yaml', pod('node:22'), 'docker /k8s'],
  ['chart/values.yaml', 'image:\n  registry: ghcr.io\n  repository: acme/node\n  tag: "22"\n', 'docker /chart'],
  ['chart/values-prod.yaml', 'a:\n  image: node:22\n', 'docker /chart'],
] as const)
  test(`Dependabot sees ${JSON.stringify(text.slice(0, 60))} in ${path}`, () =>
    assert.deepEqual(coverages(path, text), [wanted]));

for (const [path, text, reason] of [
  ['build.docker', 'FROM node:22', /named Dockerfile/],
  ['Dockerfile', '  FROM node:22', /beginning of a line/],
  ['Dockerfile', 'FROM \\\n node:22', /same line/],
  ['Dockerfile', 'ARG V=22\nFROM node:${V}', /build arguments/],
  ['Dockerfile', 'ARG I=node:22\nFROM $I', /build arguments/],
  ['Dockerfile', 'FROM node', /neither tag nor digest/],
  ['Dockerfile', 'FROM localhost:5000/node:22', /takes localhost:5000 for an image/],
  ['Dockerfile', 'FROM scratch\nCOPY --from=nginx:1.28 / /', /COPY --from/],
  ['Dockerfile', 'FROM scratch\nRUN --mount=from=nginx:1.28 x', /RUN --mount/],
  ['Dockerfile', 'FROM scratch AS x\nCOPY --from=nginx:1.28 / /\nFROM scratch', /COPY --from/],
  ['Dockerfile', 'FROM scratch AS x\nRUN --mount=target=/x,from=nginx:1.28 x\nFROM scratch', /RUN --mount/],
  ['Dockerfile', '# syntax=docker/dockerfile:1\nFROM scratch', /# syntax/],
  ['compose.yml', compose('image: node:${TAG:-22}'), /whole name/],
  ['compose.yml', compose('volumes: [{ type: image, source: "node:22" }]'), /key image/],
  ['values.yaml', 'image: { repository: node, tag: 22 }\n', /line of its own/],
  ['values.yaml', 'image:\n  repository: node\n  tag: 1.20\n', /in quotes/],
  ['values.yaml', `image:\n  repository: node\n  tag: 22\n  digest: sha256:${'a'.repeat(64)}\n`, /key digest/],
  ['.hidden.yml', pod('node:22'), /hidden/],
  ['.github/workflows/ci.yml', 'jobs:\n  a:\n    container: node:22\n    steps: []\n', /containers/],
  ['.gitlab-ci.yml', 'image: node:22\n', /GitLab CI/],
  ['.devcontainer/devcontainer.json', '{ "image": "node:22" }', /features/],
  ['docker-bake.json', '{"target":{"a":{"contexts":{"x":"docker-image://node:22"}}}}', /this kind/],
] as const)
  test(`Dependabot leaves ${JSON.stringify(text.slice(0, 60))} in ${path}`, () => {
    const [found] = coverages(path, text).filter((one) => one !== undefined);
    assert.match(found ?? 'nothing', reason);
  });

test('nobody updates scratch, nor what cannot be told', () =>
  assert.deepEqual(coverages('Dockerfile', 'ARG A\nFROM $A\nFROM scratch'), [undefined, undefined]));

test('which files Dependabot reads goes by their name', () => {
  const read = (path: string) => (['docker', 'docker-compose'] as const).filter((one) => readsFile(one, path));
  assert.deepEqual(read('a/Dockerfile.dev'), ['docker']);
  assert.deepEqual(read('chart/values-prod.yaml'), ['docker']);
  assert.deepEqual(read('compose.override.yml'), ['docker-compose']);
  assert.deepEqual(read('package.json'), []);
});
