import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseReport } from '../../src/domain/vulnerability/parse-report.ts';
import { type ComparedSide, compare } from '../../src/flows/compare.ts';
import { renderComparison } from '../../src/render/compare/text.ts';

function side(name: string): ComparedSide {
  const text = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'scans', `${name}.json`), 'utf8');
  const reading = parseReport(text);
  assert.ok(reading.kind === 'scan');
  return { source: name, scan: reading.scan, bases: [] };
}

const text = (one: ComparedSide, other: ComparedSide) =>
  renderComparison(compare(one, other), { color: false, width: 100, verbose: false });

test('where nobody names a base, that which the history shows tells, and is said to be guessed', () => {
  const app = side('app-on-old');
  const guess = app.scan.layers.slice(0, 1);
  const { origins } = compare(side('old'), { ...app, guess }).after;
  assert.deepEqual(origins, { base: null, known: 'guessed', evidence: 'layers', inBase: 4, inApp: 0, mitigated: [] });
  assert.match(text(side('old'), { ...app, guess }), /base +not known +guessed from its history\n/);
});

test('a base that is named comes before one that is guessed', () => {
  const app = side('app-on-old');
  const bases = [{ ...side('old'), known: 'annotation' as const }];
  const { origins } = compare(app, { ...app, bases, guess: ['sha256:0'] }).after;
  assert.deepEqual([origins?.base, origins?.known], ['old', 'annotation']);
});

test('a label counts only where the layers prove it', () => {
  const app = side('app-on-old');
  const labelled = (name: string) => ({ ...app, bases: [{ ...side(name), known: 'label' as const }] });
  assert.equal(compare(app, labelled('old')).after.origins?.known, 'label');
  const { after, notes } = compare(app, labelled('new'));
  assert.equal(after.origins, null);
  assert.match(notes.join(), /its label names new, whose layers it does not begin with: the label may be inherited/);
});
