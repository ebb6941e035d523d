import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDeliveries, openLedger, readDeliveries } from '../../src/adapters/store/open-store.ts';
import type { DeliveryLog } from '../../src/ports/delivery-log.ts';
import { StoreError } from '../../src/ports/store.ts';
import { withFolder } from '../adapters/store/with-folder.ts';

const [now, later] = [1_000, 9_000];
const failed = { kind: 'failed', at: now, reason: 'it answered 500', notBefore: later } as const;
const delivered = { kind: 'delivered', at: now } as const;

function fact(said: string, run: (log: DeliveryLog) => Promise<void>): void {
  test(`a delivery log: ${said}`, () =>
    withFolder(async (folder) => {
      const { deliveries, close } = await openDeliveries(`${folder}/deliveries.sqlite`);
      try {
        await run(deliveries);
      } finally {
        await close();
      }
    }));
}

fact('nothing is known of somebody new', async (log) => {
  assert.deepEqual(await log.read('a', ['x']), { delivered: new Set(), failures: 0 });
  assert.deepEqual(await log.read('a', []), { delivered: new Set(), failures: 0 });
});
fact('what was delivered stays so, for this recipient and these keys alone', async (log) => {
  await log.begin('a', ['x', 'y'], now);
  await log.settle('a', ['x'], delivered);
  await log.begin('a', ['x'], later);
  await log.settle('a', ['x'], failed);
  assert.deepEqual((await log.read('a', ['x', 'y', 'z'])).delivered, new Set(['x']));
  assert.deepEqual((await log.read('b', ['x', 'y', 'z'])).delivered, new Set());
});
fact('what was begun and not settled was not delivered, and is no failure', async (log) => {
  await log.begin('a', ['x'], now);
  assert.deepEqual(await log.read('a', ['x']), { delivered: new Set(), failures: 0 });
});
fact('failures in a row are counted, and hold up what is new', async (log) => {
  for (const times of [1, 2, 3]) {
    await log.begin('a', ['x'], now);
    await log.settle('a', ['x'], failed);
    assert.deepEqual(await log.read('a', ['other']), {
      ...{ delivered: new Set(), failures: times, notBefore: later, reason: 'it answered 500' },
    });
  }
  await log.begin('a', ['other'], later);
  await log.settle('a', ['other'], { ...delivered, at: later });
  assert.deepEqual(await log.read('a', ['x', 'other']), { delivered: new Set(['other']), failures: 0 });
});
fact('more keys than a statement takes', async (log) => {
  const keys = Array.from({ length: 12_000 }, (_, at) => `key ${at}`);
  await log.begin('a', keys, now);
  await log.settle('a', keys, delivered);
  assert.equal((await log.read('a', keys)).delivered.size, 12_000);
});

test('deliveries are read while another process writes, and are none where there is no file', () =>
  withFolder(async (folder) => {
    const path = `${folder}/deliveries.sqlite`;
    assert.equal(await readDeliveries(path), undefined);
    const { deliveries, close } = await openDeliveries(path);
    await deliveries.begin('a', ['x'], now);
    await deliveries.settle('a', ['x'], delivered);
    await assert.rejects(openDeliveries(path), (error) => error instanceof StoreError && error.code === 'busy');
    const reader = await readDeliveries(path);
    assert.deepEqual((await reader?.deliveries.read('a', ['x']))?.delivered, new Set(['x']));
    await reader?.close();
    await close();
  }));

test('deliveries and the ledger are open at a time', () =>
  withFolder(async (folder) => {
    const { store } = await openLedger(`${folder}/ledger.sqlite`);
    const { close } = await openDeliveries(`${folder}/deliveries.sqlite`);
    await close();
    await store.close();
  }));
