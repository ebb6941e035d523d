import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { fileKind } from '../src/domain/discovery/file-kind.ts';

const [hook] = parse(readFileSync(join(import.meta.dirname, '..', '.pre-commit-hooks.yaml'), 'utf8'));
const source = String(hook.files);
// pre-commit is Python: a flag stands at the start of the pattern.
const pattern = new RegExp(source.replace('(?i)', ''), source.startsWith('(?i)') ? 'i' : '');

for (const path of [
  'Dockerfile',
  'a/Containerfile',
  'api.Dockerfile',
  'api-Dockerfile',
  'a/Dockerfile.dev',
  'Dockerfile-x',
  'Dockerfile_x',
  'compose.yaml',
  'a/docker-compose.prod.yml',
  'docker-bake.json',
  '.github/workflows/ci.yml',
  'action.yaml',
  '.gitlab-ci.yml',
  '.devcontainer/devcontainer.json',
])
  test(`the pre-commit hook passes ${path}, which check reads`, () => {
    assert.ok(pattern.test(path));
    assert.ok(fileKind(path) !== undefined);
  });

for (const path of ['README.md', 'src/main.go', 'package.json'])
  test(`the pre-commit hook leaves out ${path}`, () => assert.ok(!pattern.test(path)));

test('the pre-commit hook runs check', () => assert.equal(hook.entry, 'basekeeper check'));
