import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Decision,
  decideImage,
  type ImageFacts,
  type RunState,
} from '../../../src/domain/image-monitor/decide-image.ts';
import { parsePendingRecord } from '../../../src/domain/image-monitor/pending-record.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const [old, now, other] = [digest('1'), digest('2'), digest('3')];

function recordText(of: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ digest: of, run_id: 7, run_url: 'https://github.com/acme/shop/actions/runs/7', ...more });
}

/** @param record as it is kept. */
function decide(
  { record, run, ...facts }: Partial<ImageFacts> & { readonly record?: string; readonly run?: RunState },
  settings: { readonly hasTarget?: boolean; readonly maxAttempts?: number } = {},
): Decision {
  const parsed = record === undefined ? undefined : parsePendingRecord(record);
  return decideImage(
    {
      seen: now,
      stored: old,
      isSameContent: false,
      pending: parsed === undefined ? undefined : { record: parsed, run },
      ...facts,
    },
    { hasTarget: true, maxAttempts: 3, ...settings },
  );
}

for (const [row, decision, kind, more] of [
  ['digest unchanged', decide({ stored: now }), 'unchanged', {}],
  [
    'digest unchanged, whatever is recorded',
    decide({ stored: now, record: recordText(now), run: 'failed' }),
    'unchanged',
    {},
  ],
  ['new digest', decide({}), 'update', {}],
  ['never seen before', decide({ stored: undefined }), 'update', {}],
  ['another index over the same images', decide({ isSameContent: true }), 'same-content', {}],
  ['recorded run still running', decide({ record: recordText(now), run: 'running' }), 'waiting', { state: 'running' }],
  ['its status unreadable', decide({ record: recordText(now), run: 'unreadable' }), 'waiting', { state: 'unknown' }],
  ['recorded run succeeded', decide({ record: recordText(now), run: 'succeeded' }), 'confirmed', {}],
  ['recorded run failed', decide({ record: recordText(now), run: 'failed' }), 'retry', { attempt: 2 }],
  ['recorded run deleted', decide({ record: recordText(now), run: 'gone' }), 'retry', { attempt: 2 }],
  [
    'a third attempt is made',
    decide({ record: recordText(now, { attempts: 2 }), run: 'failed' }),
    'retry',
    { attempt: 3 },
  ],
  ['attempts used up', decide({ record: recordText(now, { attempts: 3 }), run: 'failed' }), 'exhausted', {}],
  [
    'attempts used up, and the last still runs',
    decide({ record: recordText(now, { attempts: 3 }), run: 'running' }),
    'waiting',
    {},
  ],
  [
    'no limit of attempts',
    decide({ record: recordText(now, { attempts: 99 }), run: 'failed' }, { maxAttempts: 0 }),
    'retry',
    { attempt: 100 },
  ],
  ["record for an older digest than today's", decide({ record: recordText(other), run: 'succeeded' }), 'update', {}],
  ['record is not JSON', decide({ record: '{"digest":' }), 'update', {}],
  [
    'record with a run id that is not a number',
    decide({ record: recordText(now, { run_id: '7/../../user' }) }),
    'update',
    {},
  ],
  ['no target workflow', decide({ record: recordText(now), run: 'failed' }, { hasTarget: false }), 'update', {}],
] as const)
  test(`${row}: ${kind}`, () => {
    assert.partialDeepStrictEqual(decision, { kind, ...more });
  });
