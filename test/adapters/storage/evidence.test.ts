import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEvidence } from '../../../src/adapters/storage/open-evidence.ts';
import { EvidenceError } from '../../../src/ports/evidence.ts';

const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

test('what was written is read, by whoever opens the folder, and nothing else lies there', async () => {
  const place = join(folder, 'new', 'deep');
  assert.equal(await openEvidence(place).read('builds/1.json'), undefined);
  const path = await openEvidence(place).write('builds/1.json', 'one');
  await openEvidence(place).write('builds/1.json', 'two');
  assert.equal(path, join(place, 'builds', '1.json'));
  assert.equal(await openEvidence(place).read('builds/1.json'), 'two');
  assert.deepEqual(readdirSync(join(place, 'builds')), ['1.json']);
});

test('a folder that cannot be written is told by its path', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await assert.rejects(openEvidence(file).write('a.json', ''), (error) => {
    assert.ok(error instanceof EvidenceError);
    assert.match(error.message, /^cannot write .*a\.json: (ENOTDIR|EEXIST)$/);
    return true;
  });
});
