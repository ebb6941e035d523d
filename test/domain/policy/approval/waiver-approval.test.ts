import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ApprovalDemand,
  splitByApproval,
  type WaiverApproval,
  waiverKey,
} from '../../../../src/domain/policy/approval/waiver-approval.ts';
import type { Waiver } from '../../../../src/domain/policy/waiver.ts';

const image = { text: 'a', matches: () => true } as unknown as Waiver['image'];
const waivers = ['proven', 'not-proven', 'unknown', 'unnamed'].map(
  (id, at): Waiver => ({
    ...{ id, image, rules: [], reason: 'r', owner: 'o', expires: '2026-12-01', file: 'f', line: at },
    ...(id === 'unnamed' ? {} : { approvedBy: 'ada' }),
  }),
);
const approvals = new Map(
  waivers.flatMap(({ id, file, line, expires, approvedBy }): readonly (readonly [string, WaiverApproval])[] => {
    if (approvedBy === undefined) return [];
    const proof =
      id === 'proven' ? ({ kind: 'proven', by: [] } as const) : { kind: id as 'not-proven' | 'unknown', reason: 'why' };
    return [[waiverKey({ id, file, line }), { id, file, line, expires, approvedBy, proof, revision: 'one' }]];
  }),
);

for (const [demand, wasProven, counted] of [
  ['off', false, 'proven, not-proven, unknown, unnamed'],
  ['asked', false, 'proven, not-proven, unknown, unnamed'],
  ['required', false, 'proven, unnamed'],
  ['required', true, 'proven, unknown, unnamed'],
] as const satisfies readonly (readonly [ApprovalDemand, boolean, string])[])
  test(`${demand}, proven before: ${wasProven}: ${counted} count`, () => {
    const split = splitByApproval(waivers, approvals, demand, () => wasProven);
    assert.equal(split.counted.map(({ id }) => id).join(', '), counted);
    assert.equal(split.counted.length + split.uncounted.length, waivers.length);
  });

test('what nobody was asked about counts', () =>
  assert.deepEqual(splitByApproval(waivers, new Map(), 'required'), { counted: waivers, uncounted: [] }));
