import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missedCycles } from '../../../src/flows/monitor/missed-cycles.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-23T12:00:00Z');

for (const [fact, hours, cadence, said] of [
  ['the first cycle follows none', undefined, 'daily', undefined],
  ['a cycle right after another misses none', 0, 'daily', undefined],
  ['a day late is in time', 24, 'daily', undefined],
  ['less than two days late is in time', 47.9, 'daily', undefined],
  ['two days', 48, 'daily', 'one daily cycle was missed: the last one ended at 2026-11-21T12:00:00Z'],
  ['four days and a half', 108, 'daily', '3 daily cycles were missed: the last one ended at 2026-11-19T00:00:00Z'],
  ['four days are nothing where a week is asked for', 96, 'weekly', undefined],
  ['two weeks', 14 * 24, 'weekly', 'one weekly cycle was missed: the last one ended at 2026-11-09T12:00:00Z'],
  ['a clock that went backwards misses none', -100, 'daily', undefined],
] as const)
  test(`${fact}: ${said ?? 'nothing to say'}`, () =>
    assert.equal(missedCycles(hours === undefined ? undefined : now - hours * hour, now, cadence), said));
