import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatPendingRecord, parsePendingRecord } from '../../../src/domain/image-monitor/pending-record.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const url = 'https://github.com/acme/shop/actions/runs/12';

test('a record reads back as it was written', () => {
  const positive = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(positive, positive, (runId, attempts) => {
      const record = { digest, runId, runUrl: url, attempts };
      assert.deepEqual(parsePendingRecord(formatPendingRecord(record)), record);
    }),
  );
});

test('a record without attempts is of the first', () => {
  const text = JSON.stringify({ digest, run_id: '12', run_url: url });
  assert.deepEqual(parsePendingRecord(text), { digest, runId: 12, runUrl: url, attempts: 1 });
});

for (const [what, more, expected] of [
  ['attempts of none', { attempts: -4 }, { attempts: 1 }],
  ['attempts as text', { attempts: '99' }, { attempts: 1 }],
  ['a script as its url', { run_url: 'javascript:alert(1)' }, { runUrl: '' }],
  ['a url with markup', { run_url: 'https://a.example/)<script>' }, { runUrl: '' }],
] as const)
  test(`${what}: taken without`, () => {
    const parsed = parsePendingRecord(JSON.stringify({ digest, run_id: 12, run_url: url, ...more }));
    assert.partialDeepStrictEqual(parsed, expected);
  });

for (const [what, text] of [
  ['nothing', ''],
  ['a list', '[]'],
  ['another digest', JSON.stringify({ digest: 'sha256:1', run_id: 1 })],
  ['no run', JSON.stringify({ digest })],
  ['a path as run', JSON.stringify({ digest, run_id: '1/cancel' })],
  ['a negative run', JSON.stringify({ digest, run_id: -1 })],
  ['a broken run', JSON.stringify({ digest, run_id: 1.5 })],
  ['a run beyond numbers', JSON.stringify({ digest, run_id: '99999999999999999999' })],
  ['a flood', JSON.stringify({ digest, run_id: 1, run_url: 'x'.repeat(5000) })],
] as const)
  test(`${what} is no record`, () => {
    assert.equal(parsePendingRecord(text), undefined);
  });
