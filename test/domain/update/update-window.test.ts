import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpdateWindow } from '../../../src/domain/update/update-settings.ts';
import { isInWindow } from '../../../src/domain/update/update-window.ts';

const night: UpdateWindow = { days: ['fri'], from: 22 * 60, to: 4 * 60 };
const morning: UpdateWindow = { days: [], from: 6 * 60, to: 9 * 60 };

for (const [window, at, expected] of [
  [undefined, '2026-11-25T12:00Z', true],
  [morning, '2026-11-25T06:00Z', true],
  [morning, '2026-11-25T08:59:59Z', true],
  [morning, '2026-11-25T09:00Z', false],
  [morning, '2026-11-25T05:59:59Z', false],
  [night, '2026-11-27T21:59Z', false],
  [night, '2026-11-27T22:00Z', true],
  [night, '2026-11-28T03:59Z', true],
  [night, '2026-11-28T04:00Z', false],
  [night, '2026-11-28T22:00Z', false],
  [night, '2026-11-27T03:00Z', false],
  [{ ...night, days: ['sun'] }, '2026-11-30T03:00Z', true],
  [{ days: ['wed'], from: 600, to: 600 }, '2026-11-25T10:00Z', true],
  [{ days: ['wed'], from: 600, to: 600 }, '2026-11-26T09:59Z', true],
  [{ days: ['wed'], from: 600, to: 600 }, '2026-11-26T10:00Z', false],
] as const)
  test(`${at} is ${expected ? 'in' : 'outside of'} ${JSON.stringify(window)}`, () =>
    assert.equal(isInWindow(window, Date.parse(at)), expected));
