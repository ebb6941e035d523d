import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOffMs, readWaitMs } from '../../../src/adapters/registry/read-wait.ts';

const now = Date.parse('2026-11-23T12:00:00Z');

for (const [fact, headers, body, waitMs] of [
  ['seconds', { 'retry-after': '7' }, '', 7000],
  ['an HTTP date', { 'retry-after': 'Mon, 23 Nov 2026 12:00:09 GMT' }, '', 9000],
  ['a date that has passed', { 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, '', 100],
  ['a unix time, as the web API of Docker Hub', { 'x-retry-after': String(now / 1000 + 5) }, '', 5000],
  ['microseconds in the body, as GHCR', {}, 'toomanyrequests: retry-after: 331µs, allowed: 44000/minute', 100],
  ['milliseconds in the body', {}, 'retry-after: 250ms', 250],
  ['seconds in the body', {}, 'retry-after: 1m2.5s, allowed', 62_500],
  ['headers before the body', { 'retry-after': '3' }, 'retry-after: 9s', 3000],
  ['the standard header before the other', { 'retry-after': '3', 'x-retry-after': String(now / 1000 + 50) }, '', 3000],
  ['nothing', {}, 'Too Many Requests', undefined],
  ['nonsense', { 'retry-after': 'soon' }, '', undefined],
  ['a year is cut to a day', { 'retry-after': '31536000' }, '', 86_400_000],
  ['no seconds', { 'retry-after': '0' }, '', 100],
  ['parts of a second', { 'retry-after': '1.5' }, '', 1500],
  ['a unix time in place of seconds', { 'retry-after': String(now / 1000 + 8) }, '', 8000],
  ['a number without end', { 'retry-after': '9'.repeat(30) }, '', 86_400_000],
  ['a unix time in milliseconds', { 'x-retry-after': String(now + 5000) }, '', 86_400_000],
  ['less than nothing', { 'retry-after': '-5' }, '', undefined],
  ['a year in the body', {}, 'retry-after: 8760h', 86_400_000],
  ['a date of another millennium', { 'retry-after': 'Mon, 23 Nov 9999 12:00:00 GMT' }, '', 86_400_000],
  ['a day that is none', { 'retry-after': 'Mon, 99 Nov 2026 12:00:00 GMT' }, '', undefined],
] as const)
  test(`how long to wait: ${fact}`, () => {
    const known = new Map(Object.entries(headers).map(([name, value]) => [name, [value]]));
    assert.equal(readWaitMs({ headers: known, body: Buffer.from(body) }, now), waitMs);
  });

test('without a word the wait doubles up to a minute, at random below', () => {
  assert.deepEqual(
    [0, 1, 2, 6, 50].map((attempt) => backOffMs(attempt, 1)),
    [1000, 2000, 4000, 60_000, 60_000],
  );
  assert.equal(backOffMs(3, 0), 100);
});
