import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishedAt } from '../../../src/domain/deadline/published-at.ts';
import { at } from './lived.ts';

for (const [said, created, committed, missed, expected] of [
  ['as it says, after its commit', '3d', '2d', undefined, '3d'],
  ['as it says, after the last look that did not see it', '3d', undefined, '2d', '3d'],
  ['as it says, after both', '3d', '1d', '3d', '3d'],
  ['when it was seen, where it says that it is older than its commit', '1d', '2d', undefined, '5d'],
  ['when it was seen, where it says a time at which it was not there', '3d', '2d', '4d', '5d'],
  ['when it was seen, where it says a time to come', '9d', '2d', '4d', '5d'],
  ['when it was seen, where nothing bears out what it says', '3d', undefined, undefined, '5d'],
  ['when it was seen, where it says nothing', undefined, '2d', '4d', '5d'],
] as const)
  test(`an image was published ${said}`, () => {
    const [createdAt, committedAt, missedAt] = [created, committed, missed].map((text) =>
      text === undefined ? undefined : at(text),
    );
    assert.equal(publishedAt({ createdAt, committedAt, missedAt, firstSeenAt: at('5d') }), at(expected));
  });
