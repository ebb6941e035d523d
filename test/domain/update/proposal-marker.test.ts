import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  formatMarker,
  markerOf,
  maxMarkerLength,
  readMarker,
  withMarker,
} from '../../../src/domain/update/proposal-marker.ts';
import { proposalOf } from './proposed.ts';

const proposal = proposalOf({ lane: 'patch', from: 'node:22.1', to: 'node:22.2' });
const marker = markerOf(proposal, { title: 't', body: 'b' });

test('a marker is read as it was written', () => {
  const said = { ...marker, isEnded: true, snoozedUntil: '2026-12-24' } as const;
  assert.deepEqual(readMarker(withMarker('Newer.', said)), said);
});

test('whatever stands in it, it stays one comment and reads the same', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('', '-->', '<!-- basekeeper {', '@all', '\\', '"'),
      (text, odd) => {
        const said = { ...marker, from: text + odd, files: [odd + text] };
        const written = formatMarker(said);
        assert.equal(written.indexOf('-->'), written.length - 3);
        assert.equal(written.lastIndexOf('<!--'), 0);
        assert.doesNotMatch(written, /[\r\n@]/);
        assert.deepEqual(readMarker(written), said);
      },
    ),
  );
});

test('a body has one marker, however often it is written', () => {
  const once = withMarker('Newer.\n', marker);
  const twice = withMarker(once, { ...marker, isEnded: true });
  assert.equal(twice.split('<!-- basekeeper').length, 2);
  assert.match(twice, /^Newer\.\n\n<!-- basekeeper/);
});

test('a marker has an end, whatever files are called', () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`${'-'.repeat(400)}${index}/Dockerfile`, 'FROM node:22.1\n']),
  );
  const odd = proposalOf({ lane: 'patch', from: 'node:22.1', to: `node:a${'-'.repeat(120)}`, files });
  const written = formatMarker(markerOf(odd, { title: '', body: '' }));
  assert.ok(written.length < maxMarkerLength);
  assert.equal(readMarker(written)?.files.length, 1);
});

test('the last marker counts: what is quoted above it does not', () => {
  const quoted = formatMarker({ ...marker, key: 'f'.repeat(16) });
  assert.equal(readMarker(withMarker(`> ${quoted.replace(' -->', '')} no end`, marker))?.key, marker.key);
  assert.equal(readMarker(`${quoted}\n${formatMarker(marker)}`)?.key, marker.key);
});

for (const [what, body] of [
  ['nothing', ''],
  ['no JSON', '<!-- basekeeper {nothing} -->'],
  ['no end', formatMarker(marker).slice(0, -4)],
  ['another version', formatMarker(marker).replace('"version":1', '"version":2')],
  ['a key that is none', formatMarker({ ...marker, key: '../../x' })],
  ['a text without end', formatMarker({ ...marker, target: 'x'.repeat(5000) })],
  ['a list of numbers', formatMarker(marker).replace('"files":[', '"files":[1,')],
  ['too many files', formatMarker({ ...marker, files: Array.from({ length: 51 }, String) })],
  ['too much', formatMarker({ ...marker, files: Array.from({ length: 50 }, () => '-'.repeat(1000)) })],
] as const)
  test(`${what} is no marker`, () => assert.equal(readMarker(body), undefined));
