import assert from 'node:assert/strict';
import type { LookupAddress, lookup } from 'node:dns';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { createPublicLookup } from '../../../src/adapters/http/public-lookup.ts';

/** A name server that knows these addresses. */
function lookupWith(...addresses: readonly string[]) {
  const answer = (_name: string, _options: unknown, done: (error: null, found: LookupAddress[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  // The real function has six shapes; the lookup uses this one.
  return createPublicLookup(answer as unknown as typeof lookup);
}

const all = (find: ReturnType<typeof lookupWith>) =>
  promisify<string, { all: true }, LookupAddress[]>(find as never)('registry.example', { all: true });

test('only public addresses of a name are connected to', async () => {
  const found = await all(lookupWith('10.0.0.1', '8.8.8.8', '::1', '2606:4700::1111'));
  assert.deepEqual(
    found.map(({ address }) => address),
    ['8.8.8.8', '2606:4700::1111'],
  );
});

test('a name with private addresses only is refused, and says which', async () => {
  await assert.rejects(all(lookupWith('169.254.169.254')), {
    code: 'refused-address',
    message: 'registry.example has no public address (linkLocal 169.254.169.254)',
  });
});

test('a name without addresses is unreachable', async () => {
  await assert.rejects(all(lookupWith()), { code: 'unreachable' });
});

test('one address is given where one is asked for', async () => {
  const one = promisify<string, object, string>(lookupWith('127.0.0.1', '8.8.8.8') as never);
  assert.equal(await one('registry.example', {}), '8.8.8.8');
});

test('what the name server says is passed on', async () => {
  const failing = createPublicLookup(((_name: string, _options: unknown, done: (error: Error) => void) =>
    done(Object.assign(new Error('busy'), { code: 'EAI_AGAIN' }))) as unknown as typeof lookup);
  await assert.rejects(all(failing), { code: 'EAI_AGAIN' });
});
