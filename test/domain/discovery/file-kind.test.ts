import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginsAsDockerfile } from '../../../src/domain/discovery/dockerfile-name.ts';
import { fileKind, kindInTree } from '../../../src/domain/discovery/file-kind.ts';

const rows: Readonly<Record<string, readonly string[]>> = {
  dockerfile: [
    ...[
      'Dockerfile',
      'dockerfile',
      'DOCKERFILE',
      'a/b/Dockerfile',
      'Containerfile',
      'containerfile',
      'build/Containerfile.dev',
    ],
    ...[
      'api.Dockerfile',
      'api.dockerfile',
      'x.y.Dockerfile',
      'x.containerfile',
      '.dockerfile',
      'api-Dockerfile',
      'api_Dockerfile',
    ],
    ...[
      'Dockerfile.alpine',
      'Dockerfile.3.12',
      'Dockerfile.v1.2-dev',
      'Dockerfile.test',
      'Dockerfile.windows',
      'Dockerfile.node20',
    ],
    ...[
      'Dockerfile-dev',
      'Dockerfile_x',
      'dockerfile-prod',
      'Dockerfile-go',
      'Dockerfile_py',
      'Dockerfile.arm64v8',
      'a b/Dockerfile.c d',
    ],
    ...['-rf/Dockerfile', 'Dockerfile.d/Dockerfile', 'x.md/Dockerfile'],
  ],
  'dockerfile template': [
    ...[
      'Dockerfile.j2',
      'Dockerfile.tmpl',
      'Dockerfile.tpl',
      'Dockerfile.template',
      'Dockerfile.erb',
      'Dockerfile.jinja',
      'Dockerfile.in',
    ],
    ...[
      'Dockerfile.mustache',
      'Dockerfile.gotmpl',
      'Dockerfile.alpine.j2',
      'Dockerfile-alpine.template',
      'api.Dockerfile.tmpl',
      'Dockerfile-template',
    ],
  ],
  compose: [
    ...[
      'compose.yml',
      'compose.yaml',
      'docker-compose.yml',
      'docker-compose.yaml',
      'Docker-Compose.yml',
      'a/compose.override.yaml',
    ],
    ...[
      'docker-compose.prod.yml',
      'docker-compose-prod.yml',
      'docker-compose_prod.yml',
      'compose.dev.yml',
      'dev.docker-compose.yml',
    ],
  ],
  bake: ['docker-bake.json', 'a/docker-bake.override.json'],
  'bake-hcl': ['docker-bake.hcl', 'docker-bake.override.hcl'],
  'github-workflow': [
    '.github/workflows/ci.yml',
    'sub/.github/workflows/x.yaml',
    'action.yml',
    '.github/actions/a/action.yaml',
  ],
  'gitlab-ci': ['.gitlab-ci.yml', 'sub/.gitlab-ci.yaml', 'ci/build.gitlab-ci.yml'],
  devcontainer: ['.devcontainer.json', '.devcontainer/devcontainer.json', 'a/.devcontainer/go/devcontainer.json'],
  'helm-values': ['values.yaml', 'charts/a/values-prod.yaml', 'a/values.dev.yml'],
  'kubernetes-candidate': [
    'myvalues.yaml',
    'values_x.yaml',
    'k8s/app.yaml',
    'x.yml',
    'docker-composer.yml',
    'mycompose.yml',
    '.github/dependabot.yml',
    'Dockerfile.yaml',
    'actions.yml',
  ],
  nothing: [
    ...[
      '',
      'README.md',
      'Makefile',
      'Dockerfile/x',
      'Dockerfiles',
      'mydockerfile',
      'Dockerfile.',
      'Dockerfile2',
      'docker-bake.toml',
      'compose.json',
    ],
    ...[
      'Dockerfile.dockerignore',
      'api.Dockerfile.dockerignore',
      '.dockerignore',
      'Dockerfile.md',
      'Dockerfile.txt',
      'dockerfile.html',
    ],
    ...['dockerfile_test.go'],
    ...[
      'dockerfile-parse.py',
      'Dockerfile.swp',
      '.Dockerfile.swp',
      'Dockerfile.orig',
      'Dockerfile.bak',
      'Dockerfile~',
      '#Dockerfile#',
      '.#Dockerfile',
    ],
    ...[
      'parse-dockerfile',
      'Dockerfile.json',
      'Dockerfile.tmpl.go',
      'devcontainer.json',
      'x/devcontainer.json',
      'devcontainer-lock.json',
      'a.yaml.txt',
    ],
  ],
};

for (const [kind, paths] of Object.entries(rows)) {
  for (const path of paths) {
    test(`${JSON.stringify(path)} is ${kind}`, () => {
      const found = fileKind(path);
      assert.equal(found === undefined ? 'nothing' : found.kind + (found.isTemplate ? ' template' : ''), kind);
    });
  }
}

for (const name of ['Dockerfile.go', 'Dockerfile.py', 'Dockerfile.js', 'Containerfile.php', 'a/dockerfile.rs'])
  test(`${name} may be either: its content decides`, () => {
    assert.equal(fileKind(name)?.kind, 'dockerfile-candidate');
  });

for (const [text, expected] of [
  ['FROM alpine\n', true],
  ['# syntax=x\n\nARG V=1\nFROM a:$V\n', true],
  ['\uFEFF# c\r\n\r\n  from alpine\r\n', true],
  ['package main\n', false],
  ['// FROM alpine\n', false],
  ['from flask import Flask\n', false],
  ['import os\nFROM = 1\n', false],
  ['', false],
] as const)
  test(`${JSON.stringify(text)} ${expected ? 'begins' : 'does not begin'} as a Dockerfile`, () => {
    assert.equal(beginsAsDockerfile(text), expected);
  });

for (const [path, there, expected] of [
  ['values.yaml', 'Chart.yaml', 'helm-values'],
  ['a/values-prod.yaml', 'a/Chart.yaml', 'helm-values'],
  ['a/values.yaml', 'Chart.yaml', 'kubernetes-candidate'],
  ['values.yaml', 'a/Chart.yaml', 'kubernetes-candidate'],
] as const)
  test(`${path} is ${expected} where there is ${there}`, () =>
    assert.equal(
      kindInTree(path, 'helm-values', (other) => other === there),
      expected,
    ));
