import { readGithub } from '../../../src/domain/documents/github.ts';
import { documentTable } from './document-table.ts';

const workflow = documentTable(readGithub, '.github/workflows/ci.yml');
const action = documentTable(readGithub, 'tools/lint/action.yml');
const job = (rest: string) => `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n${rest.replace(/^/gm, '    ')}\n`;
const node = (tag: string) => `docker.io/library/node:${tag}`;

workflow.names('a container', job('container: «node:22»'), node('22'));
workflow.names('a container with settings', job('container:\n  image: "«node:22»"\n  env: {A: b}'), node('22'));
workflow.names('a container with the scheme', job('container: docker://«node:22»'), node('22'));
workflow.names(
  'services',
  job('services:\n  db: {image: «postgres:17», ports: ["5432:5432"]}\n  q: {image: «redis»}'),
  'docker.io/library/postgres:17',
  'docker.io/library/redis:latest',
);
workflow.names(
  'a step that runs an image',
  job('steps:\n- uses: actions/checkout@v5\n- uses: docker://«ghcr.io/a/b:1»\n  with: {args: x}'),
  'ghcr.io/a/b:1',
);
workflow.names('a runner is no image', job('steps: [{run: "docker run node:22"}]'));
workflow.names('a blank container runs none', job("container: ''"));
workflow.names('an expression is missing', job('container: «node:${{ vars.NODE }}»'), '?vars.NODE');
workflow.names(
  'a function of the matrix is missing',
  job("strategy: {matrix: {v: ['22']}}\ncontainer: «${{ matrix.v || 'x' }}»"),
  "?matrix.v || 'x'",
);
workflow.names(
  'each value of the matrix is a use',
  job('strategy: {matrix: {v: [22, "24"]}}\ncontainer: «node:${{ matrix.v }}-slim»'),
  node('22-slim'),
  node('24-slim'),
);
workflow.names(
  'each combination is a use',
  job(
    'strategy: {matrix: {v: [22, 24], os: [slim, alpine]}}\ncontainer: {image: "«node:${{ matrix.v }}-${{matrix.os}}»"}',
  ),
  node('22-slim'),
  node('22-alpine'),
  node('24-slim'),
  node('24-alpine'),
);
workflow.names(
  'values that only include lists',
  job('strategy: {matrix: {include: [{v: 22}, {v: 24, x: y}]}}\nservices: {a: {image: "«node:${{ matrix.v }}»"}}'),
  node('22'),
  node('24'),
);
workflow.names(
  'fields of a value',
  job('strategy: {matrix: {c: [{tag: 22}, {tag: 24}, {no: 1}]}}\ncontainer: «node:${{ matrix.c.tag }}»'),
  node('22'),
  node('24'),
);
workflow.names(
  'a container from the matrix stands where its image does',
  job('strategy:\n  matrix:\n    c: [{image: «node:22»}, {image: «node:24»}]\ncontainer: ${{ matrix.c }}'),
  node('22'),
  node('24'),
);
workflow.names(
  'a matrix that is an expression',
  job('strategy: {matrix: "${{ fromJSON(inputs.m) }}"}\ncontainer: «${{ matrix.image }}»'),
  '?matrix.image',
);
workflow.names(
  'a blank value of the matrix runs none',
  job('strategy: {matrix: {c: ["", "node:22"]}}\ncontainer: «${{ matrix.c }}»'),
  node('22'),
);
workflow.names(
  'a matrix beyond what GitHub runs',
  job(`strategy: {matrix: {a: [${Array(300).fill('1').join()}]}}\ncontainer: «node:\${{ matrix.a }}»`),
  '?matrix.a',
);
workflow.names('an unclosed expression is no reference', job('container: «node:${{ x»'), '!node:${{ x');
workflow.names(
  'hostile keys',
  'jobs:\n  __proto__: {container: «node:22»}\n  x: {strategy: {matrix: {__proto__: [1]}}, container: "«a:${{ matrix.__proto__ }}»"}\n',
  node('22'),
  'docker.io/library/a:1',
);
workflow.names('wrong shapes', 'jobs: [a, {container: b}]\nruns: text\n');

workflow.builds(
  'a build step says target and arguments',
  job(
    'steps:\n- uses: docker/build-push-action@v6\n  with:\n    context: api\n    target: run\n    tags: |\n      acme/api:1\n      acme/api:${{ github.sha }}\n    build-args: |\n      V=22\n      W=${{ x }}\n    build-contexts: |\n      base=docker-image://alpine:3',
  ),
  {
    dockerfile: 'api/Dockerfile',
    target: 'run',
    args: { V: '22' },
    contexts: { base: 'docker-image://alpine:3' },
    produces: ['acme/api:1'],
    line: 6,
  },
);
workflow.builds(
  'the file of a build step is relative to the repository',
  job('steps: [{uses: docker/build-push-action@v6, with: {context: api, file: ./b/x.Dockerfile}}]'),
  { dockerfile: 'b/x.Dockerfile', context: 'api' },
);
workflow.builds(
  'a folder of the repository itself',
  job('steps: [{uses: docker/build-push-action@v6, with: {context: "{{defaultContext}}:api", file: x.Dockerfile}}]'),
  { dockerfile: 'x.Dockerfile', context: 'api' },
);
workflow.builds('a build step without inputs', job('steps: [{uses: docker/build-push-action@v6}]'), {
  dockerfile: 'Dockerfile',
});
workflow.builds(
  'a build step whose place is an expression',
  job('steps: [{uses: docker/build-push-action@v6, with: {context: "./${{ matrix.d }}"}}]'),
);
workflow.builds('another action builds nothing', job('steps: [{uses: docker/build-push-action-x@v1}, {uses: a/b@v1}]'));
documentTable(readGithub, 'sub/.github/workflows/ci.yml').builds(
  'a repository in a folder',
  job('steps: [{uses: docker/build-push-action@v6}]'),
  { dockerfile: 'sub/Dockerfile' },
);

action.names(
  'an action that is an image',
  'runs:\n  using: docker\n  image: docker://«alpine:3»\n',
  'docker.io/library/alpine:3',
);
action.builds('an action that is built', "runs: {using: 'Docker', image: Dockerfile}\n", {
  dockerfile: 'tools/lint/Dockerfile',
  context: 'tools/lint',
  args: {},
  line: 1,
});
action.names(
  'steps of a composite action',
  'runs:\n  using: composite\n  steps: [{uses: docker://«alpine»}]\n',
  'docker.io/library/alpine:latest',
);
action.builds('an action in JavaScript builds nothing', 'runs: {using: node24, main: index.js, image: x}\n');
action.complains(
  'a Dockerfile outside the tree',
  'runs: {using: docker, image: ../../../Dockerfile}\n',
  'warning outside-tree 1',
);
workflow.complains('broken YAML', 'jobs:\n  a: {\n', 'error invalid-yaml 3');
workflow.complains('an invalid image', job('container: Node'), 'error invalid-reference 5');
