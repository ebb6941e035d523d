import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGitlab } from '../../../src/domain/documents/gitlab.ts';
import { documentTable } from './document-table.ts';

const { names, complains } = documentTable(readGitlab, '.gitlab-ci.yml');
const node = (tag: string) => `docker.io/library/node:${tag}`;

names('the image of a job', 'test:\n  image: «node:22»\n  script: [x]\n', node('22'));
names('an image with settings', 'test:\n  image: {name: "«node:22»", entrypoint: [""]}\n', node('22'));
names(
  'services in both forms',
  'test:\n  services:\n    - «redis:8»\n    - name: «postgres:17»\n      alias: db\n',
  'docker.io/library/redis:8',
  'docker.io/library/postgres:17',
);
names('defaults', 'default:\n  image: «node:22»\n  services: [«redis:8»]\n', node('22'), 'docker.io/library/redis:8');
names('the old top-level keys', 'image: «node:22»\nservices: [«redis:8»]\n', node('22'), 'docker.io/library/redis:8');
names('a hidden job', '.base:\n  image: «node:22»\ntest: {extends: .base}\n', node('22'));
names('an anchored job is one use', '.base: &base\n  image: «node:22»\na: {<<: *base}\nb:\n  <<: *base\n', node('22'));
names(
  'a reference to another job is none here',
  '.base: {image: «node:22»}\na:\n  image: !reference [.base, image]\n  services: !reference [.base, services]\n',
  node('22'),
);
names(
  'keys that are no jobs',
  'include: [{local: a}]\nstages: [image]\nworkflow: {image: a}\nvariables: {image: b}\ncache: {image: c}\n',
);
names('a job named like an image', 'build image: {image: «node:22»}\n', node('22'));
names('a variable of the file', 'variables: {V: "22"}\na: {image: "«node:$V»"}\n', node('22'));
names(
  'a variable in braces, with a description',
  'variables:\n  V: {value: "22", description: x}\na: {image: "«node:${V}-slim»"}\n',
  node('22-slim'),
);
names(
  'a variable of the job wins',
  'variables: {V: "22"}\na: {variables: {V: "24"}, image: "«node:$V»"}\nb: {image: "«node:$V»"}\n',
  node('24'),
  node('22'),
);
names(
  'a variable of a variable',
  'variables: {R: ghcr.io/a, I: "$R/b:$T", T: "1"}\na: {image: «$I»}\n',
  'ghcr.io/a/b:1',
);
names(
  'a predefined variable is missing',
  'a: {image: «$CI_REGISTRY_IMAGE/b:$CI_COMMIT_SHA»}\n',
  '?CI_REGISTRY_IMAGE,CI_COMMIT_SHA',
);
names('a variable of itself is missing', 'variables: {A: $B, B: $A}\na: {image: «x:$A»}\n', '?A');
names('a variable with options alone is missing', 'variables: {V: {options: [a, b]}}\na: {image: «x:$V»}\n', '?V');
names(
  'an input is missing',
  'spec:\n  inputs: {v: {default: "22"}}\n---\na: {image: "«node:$[[ inputs.v ]]»"}\n',
  '?inputs.v',
);
names('a doubled dollar is one', 'a: {image: «x:$$V»}\n', '!x:$V');
names('an invalid image', 'a: {image: «Node»}\n', '!Node');
names(
  'hostile keys',
  '__proto__: {image: «node:22»}\nconstructor: {image: "«x:${__proto__}»"}\n',
  node('22'),
  '?__proto__',
);
names('wrong shapes', 'a: [image, b]\nb: {image: [c], services: d}\nc: {image: {entrypoint: x}}\n');
names('a blank file', '# nothing\n');

test('a variable is a piece where its value stands', () => {
  const text = 'variables: {V: "22"}\na: {image: "node:$V"}\n';
  const [use] = readGitlab(text).value.uses;
  assert.deepEqual(
    use?.pieces.map(({ text: piece, span }) => [piece, span?.start]),
    [
      ['node:', text.indexOf('node:')],
      ['22', text.indexOf('22')],
    ],
  );
  assert.equal(use?.role, 'ci');
});

test('variables that multiply do no harm', () => {
  const lines = ['V0: "x"'];
  for (let index = 1; index < 19; index++) lines.push(`V${index}: "${`$V${index - 1}`.repeat(100)}"`);
  const text = `variables:\n${lines.map((line) => `  ${line}\n`).join('')}a: {image: $V18}\n`;
  assert.equal(readGitlab(text).value.uses[0]?.image.kind, 'unresolved');
});

complains('nothing wrong', 'a: {image: node, script: [!reference [.x, script], echo]}\n');
complains('broken YAML', 'a:\n  - b\n  c: d\n', 'error invalid-yaml 3');
complains('a repeated job', 'a: {}\nb: {}\na: {}\n', 'warning duplicate-key 3');
complains('an invalid image', 'a:\n  image: Node\n', 'error invalid-reference 2');
