import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { generatedDocuments } from '../scripts/docs/generate.ts';

const root = join(import.meta.dirname, '..');

for (const [path, text] of generatedDocuments()) {
  test(`${path} says what the code does (npm run docs writes it)`, () => {
    assert.equal(readFileSync(join(root, path), 'utf8'), text);
  });
}

test('every rule page belongs to a rule', () => {
  const pages = globSync('docs/rules/*.md', { cwd: root }).sort();
  assert.deepEqual(
    pages.filter((page) => !generatedDocuments().has(page)),
    [],
  );
});

const documents = globSync(['*.md', 'docs/**/*.md', 'bench/*.md', 'examples/**/*.md'], { cwd: root });

for (const document of documents) {
  test(`every link of ${document} leads somewhere`, () => {
    const text = readFileSync(join(root, document), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target));
    assert.deepEqual(
      links.filter((target) => !existsSync(join(root, dirname(document), target))),
      [],
    );
  });
}
