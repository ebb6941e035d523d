import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FakeContent } from '../../fakes/registry/content.ts';
import { listen } from '../http/loopback.ts';
import { localRegistry, publicRegistry } from './with-registry.ts';

const repository = 'library/node';

function contentWith(count = 1): FakeContent {
  const content = new FakeContent();
  const tags = Array.from({ length: count }, (_, number) => `t${number}`);
  content.pushTags({ repository, platforms: ['linux/amd64'] }, tags);
  return content;
}

for (const [dialect, waitMs] of [
  ['retry-after-seconds', 7000],
  ['retry-after-date', 9000],
  ['x-retry-after', 12_000],
] as const)
  test(`a wait told by ${dialect} is kept to the millisecond by all requests to the host`, async (context) => {
    const { fake, registry, at, time } = await localRegistry(context, { content: contentWith(3) });
    await registry.resolve(at(repository), 't0');
    const start = time.now;
    fake.fail({ fault: { kind: 'throttle', dialect, waitMs }, on: ['head'], times: 1 });
    await Promise.all([0, 1, 2].map((number) => registry.resolve(at(repository), `t${number}`)));
    assert.ok(time.now - start >= waitMs && time.now - start < waitMs + 1500, String(time.now - start));
    assert.equal(registry.requests().get(fake.host)?.retried, 1);
  });

test("ghcr.io's text is read where there is one, and one request at a time is sent then", async (context) => {
  const { fake, registry, at, time } = await publicRegistry(context, 'ghcr.io', { content: contentWith(30) });
  fake.fail({ fault: { kind: 'throttle', dialect: 'ghcr-body', waitMs: 0.331 }, on: ['list'], times: 1 });
  await registry.listTags(at(repository));
  assert.deepEqual(time.slept, [100]);
  fake.log.clear();
  await Promise.all(Array.from({ length: 20 }, (_, number) => registry.resolve(at(repository), `t${number}`)));
  assert.equal(fake.log.mostInFlight(), 1);
});

for (const dialect of ['none', 'hub-body'] as const)
  test(`a 429 without a hint (${dialect}) is waited for a little longer each time, and told at last`, async (context) => {
    const { fake, registry, at, time } = await localRegistry(context, { content: contentWith() });
    fake.fail({ fault: { kind: 'throttle', dialect, waitMs: 0 }, on: ['head'] });
    await assert.rejects(registry.resolve(at(repository), 't0'), { code: 'rate-limited' });
    assert.equal(fake.log.counts().head, 4);
    assert.deepEqual(time.slept, [500, 1000, 2000]);
  });

test('a long wait is not waited for: everything to the host is refused until then, and other hosts are not', async (context) => {
  const { fake, registry, at, time } = await localRegistry(context, { content: contentWith(2) });
  const other = await localRegistry(context, { content: contentWith() });
  const retryAt = time.now + 600_000;
  fake.fail({ fault: { kind: 'throttle', dialect: 'retry-after-seconds', waitMs: 600_000 }, on: ['head'], times: 1 });
  for (const call of [
    registry.resolve(at(repository), 't0'),
    registry.resolve(at(repository), 't1'),
    registry.listTags(at(repository)),
  ])
    await assert.rejects(call, { code: 'rate-limited', retryAt, host: fake.host });
  assert.deepEqual(time.slept, []);
  assert.ok((fake.log.counts().head ?? 0) <= 2);
  await other.registry.resolve(other.at(repository), 't0');
  const before = fake.log.all().length;
  time.now = retryAt;
  await registry.resolve(at(repository), 't0');
  assert.equal(fake.log.all().length, before + 1);
});

for (const fault of [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502, body: 'html' },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 504, body: 'empty' },
  { kind: 'status', status: 408 },
  { kind: 'reset' },
] as const) {
  const name = fault.kind === 'status' ? String(fault.status) : 'a reset';
  test(`after ${name} it is tried again, three times at most`, async (context) => {
    const { fake, registry, at } = await localRegistry(context, { content: contentWith() });
    fake.fail({ fault, on: ['head'], times: 3 });
    await registry.resolve(at(repository), 't0');
    assert.equal(fake.log.counts().head, 4);
    assert.equal(registry.requests().get(fake.host)?.retried, 3);
    fake.fail({ fault, on: ['head'], times: 4 });
    await assert.rejects(registry.resolve(at(repository), 't0'), (error) => {
      assert.ok(error instanceof Error && 'code' in error);
      return error.code === 'unavailable' || (name === '408' && error.code === 'malformed');
    });
    assert.equal(fake.log.counts().head, 8);
  });
}

for (const status of [400, 403, 404, 405, 418])
  test(`${status} is final`, async (context) => {
    const { fake, registry, at } = await localRegistry(context, { content: contentWith() });
    fake.fail({ fault: { kind: 'status', status }, on: ['list'] });
    await assert.rejects(registry.listTags(at(repository)), { name: 'RegistryError' });
    assert.equal(fake.log.counts().list, 1);
  });

test('what a registry says is told on one line, shortened and without signatures', async (context) => {
  const server = await listen((request, response) => {
    if (request.url === '/v2/') return response.end('{}');
    return response
      .writeHead(418)
      .end(`<a href="https://s3.example/x?X-Signature=secret">\u0007 tea\n\tpot ${'x'.repeat(2000)}`);
  });
  context.after(() => server.close());
  const host = `127.0.0.1:${server.port}`;
  const { registry } = await localRegistry(context, {
    settings: new Map([[host, { isPrivate: true, isInsecure: true }]]),
  });
  const failure = await registry.listTags({ registry: host, repository: 'a/b' }).catch((error: unknown) => error);
  assert.ok(failure instanceof Error);
  assert.match(
    failure.message,
    /^cannot list tags of 127\.0\.0\.1:\d+\/a\/b: the host answers 418 \(418: <a href="https:\/\/s3\.example\/x"> tea pot x+…\)$/,
  );
  assert.ok(failure.message.length < 700);
});

async function hub(context: TestContext, limit: number) {
  const content = new FakeContent();
  const pushed = Array.from({ length: 40 }, (_, number) =>
    content.pushImage({ repository, tag: `t${number}`, image: 'linux/amd64' }),
  );
  const subject = await publicRegistry(context, 'docker.io', {
    content,
    switches: { pullLimit: { limit, windowSeconds: 21_600 } },
  });
  const read = (number: number) => subject.registry.readManifest(subject.at(repository), pushed[number]?.digest ?? '');
  return { ...subject, read };
}

test('a fifth of the pulls is kept in reserve, and HEAD is not touched by it', async (context) => {
  const { fake, registry, at, read } = await hub(context, 10);
  await registry.resolve(at(repository), 't0');
  assert.deepEqual(registry.budgets(), [
    { host: 'docker.io', limit: 10, remaining: 10, reserve: 2, windowSeconds: 21_600 },
  ]);
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, number) => read(number)));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 8);
  for (const outcome of outcomes) if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'over-budget');
  assert.equal(fake.log.counts().manifest, 8);
  assert.equal((await registry.resolve(at(repository), 't1')).digest.length, 71);
});

test('the budget is read anew from each HEAD, and is forgotten after its window', async (context) => {
  const { fake, registry, at, read, time } = await hub(context, 10);
  await registry.resolve(at(repository), 't0');
  for (let number = 0; number < 8; number += 1) await read(number);
  await assert.rejects(read(8), {
    code: 'over-budget',
    message: /2 of 10 pulls are left at docker\.io, and 2 are kept/,
  });
  fake.resetPulls();
  await registry.resolve(at(repository), 't0');
  for (let number = 8; number < 16; number += 1) await read(number);
  await assert.rejects(read(16), { code: 'over-budget' });
  fake.resetPulls();
  time.now += 21_600_000;
  await read(16);
});

test('pulls that another spent are no reason to stop looking at tags', async (context) => {
  const { fake, registry, at, read } = await hub(context, 0);
  await assert.rejects(read(0), { code: 'over-budget' });
  assert.equal(fake.log.counts().manifest, 1);
  await registry.resolve(at(repository), 't0');
});

test('who is not limited has no budget', async (context) => {
  const { fake, registry, at, read } = await hub(context, 10);
  await registry.resolve(at(repository), 't0');
  fake.set({ pullLimit: undefined });
  await registry.resolve(at(repository), 't0');
  assert.deepEqual(registry.budgets(), []);
  for (let number = 0; number < 15; number += 1) await read(number);
});

test('a HEAD that has to be read counts as a pull', async (context) => {
  const { fake, registry, at } = await hub(context, 10);
  fake.set({ digestHeader: 'missing' });
  for (let number = 0; number < 8; number += 1) await registry.resolve(at(repository), `t${number}`);
  await assert.rejects(registry.resolve(at(repository), 't9'), { code: 'over-budget' });
});

test('thousands of references cost one HEAD per tag, one list and one token per repository, and one ping', async (context) => {
  const content = new FakeContent();
  const repositories = Array.from({ length: 30 }, (_, number) => `team/r${number}`);
  const tags = ['a', 'b', 'c', 'd', 'e'];
  for (const name of repositories) content.pushTags({ repository: name, platforms: ['linux/amd64'] }, tags);
  const { fake, registry, at } = await localRegistry(context, { content, access: { kind: 'token' } });
  const cycle = () =>
    Promise.all(
      repositories.flatMap((name) => [
        registry.listTags(at(name)),
        ...tags.map((tag) => registry.resolve(at(name), tag)),
      ]),
    );
  await cycle();
  assert.deepEqual(fake.log.counts(), { ping: 1, token: 30, head: 150, list: 30 });
  fake.log.clear();
  await cycle();
  assert.deepEqual(fake.log.counts(), { head: 150, list: 30 });
});

test('a host that does not answer is not asked by hundreds, one after another', async (context) => {
  let connections = 0;
  const server = await listen((request, response) => {
    if (request.url === '/v2/') return response.end('{}');
    connections += 1;
    return request.socket.destroy();
  });
  context.after(() => server.close());
  const host = `127.0.0.1:${server.port}`;
  const settings = new Map([[host, { isPrivate: true, isInsecure: true, maxInFlight: 3, requestsPerSecond: 1000 }]]);
  const { registry, time } = await localRegistry(context, { settings });
  const address = { registry: host, repository: 'a/b' };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 200 }, (_, number) => registry.resolve(address, `t${number}`)),
  );
  for (const outcome of outcomes)
    assert.equal(outcome.status === 'rejected' ? outcome.reason.code : outcome.status, 'unavailable');
  assert.ok(connections <= 12, `${connections} connections`);
  const before = connections;
  time.now += 120_000;
  await assert.rejects(registry.resolve(address, 't0'), { code: 'unavailable' });
  assert.ok(connections > before);
});

test('after a refusal half as many are sent at once, and one more after every twenty answers without', {
  timeout: 20_000,
}, async (context) => {
  const { fake, registry, at } = await localRegistry(context, { content: contentWith(10) });
  const ask = (count: number) =>
    Promise.all(Array.from({ length: count }, (_, number) => registry.resolve(at(repository), `t${number}`)));
  /** How many arrive of ten that are asked at once. */
  const atOnce = async (atLeast: number) => {
    fake.fail({ fault: { kind: 'held' }, on: ['head'] });
    const asked = ask(10);
    while (fake.heldCount < atLeast) await setImmediate();
    // Whatever else was sent arrives before this does.
    await fetch(`${fake.origin}/v2/`);
    const { heldCount } = fake;
    fake.heal();
    fake.release();
    await asked;
    return heldCount;
  };
  await ask(1);
  assert.equal(await atOnce(8), 8);
  fake.fail({ fault: { kind: 'throttle', dialect: 'retry-after-seconds', waitMs: 1000 }, on: ['head'], times: 1 });
  await ask(1);
  assert.equal(await atOnce(4), 4);
  // One answer and ten stand behind the refusal.
  await ask(8);
  assert.equal(await atOnce(4), 4);
  assert.equal(await atOnce(5), 5);
});

test('a host that answers nothing but to wait a little does not hold the run', async (context) => {
  const { fake, registry, at, time } = await localRegistry(context, { content: contentWith(1) });
  fake.fail({ fault: { kind: 'throttle', dialect: 'retry-after-seconds', waitMs: 29_000 }, on: ['head'] });
  const start = time.now;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, (_, number) => registry.resolve(at(repository), `t${number}`)),
  );
  for (const outcome of outcomes)
    assert.equal(outcome.status === 'rejected' ? outcome.reason.code : outcome.status, 'rate-limited');
  assert.ok(time.now - start < 5 * 60_000, `${(time.now - start) / 60_000} minutes`);
  fake.heal();
  time.now += 29_000;
  await registry.resolve(at(repository), 't0');
  fake.fail({ fault: { kind: 'throttle', dialect: 'retry-after-seconds', waitMs: 29_000 }, on: ['head'], times: 1 });
  assert.equal((await registry.resolve(at(repository), 't0')).digest.length, 71);
});

test('a wait that was told and did not help is followed by longer ones', async (context) => {
  const { fake, registry, at, time } = await localRegistry(context, { content: contentWith(1) });
  fake.fail({ fault: { kind: 'throttle', dialect: 'ghcr-body', waitMs: 0.331 }, on: ['list'], times: 3 });
  await registry.listTags(at(repository));
  assert.deepEqual(time.slept, [100, 1000, 2000]);
});
