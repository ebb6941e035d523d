import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EventKind, eventKey, type MonitorEvent } from '../../src/domain/monitor/event.ts';
import type { Sighting } from '../../src/domain/monitor/sighting.ts';
import type { TagCheck } from '../../src/domain/monitor/tag-check.ts';
import type { ImageLedger, Observation, Store, UnreadContent } from '../../src/ports/store.ts';

type Subject = {
  readonly name: string;
  /** Opens an empty ledger that is gone when `use` ends. */
  withStore(use: (store: Store) => Promise<void>): Promise<void>;
};

const image = 'docker.io/library/node';
const day = 86_400_000;
const start = Date.UTC(2026, 10, 23);

export const digest = (at: number) => `sha256:${at.toString(16).padStart(64, '0')}`;

const seen: Sighting = {
  tag: '24',
  platform: '*',
  digest: digest(1),
  firstSeenAt: start,
  lastSeenAt: start,
  evidence: 'head',
};

const checked: TagCheck = { tag: '24', attemptedAt: start, outcome: 'verified', failures: 0, dueAt: start + day };

const gone: EventKind = { kind: 'tag-gone' };

function event(tag: string, at: number, what: EventKind = gone, of = image): MonitorEvent {
  return { key: eventKey(of, tag, at, what), at, image: of, tag, what };
}

const empty: ImageLedger = { sightings: [], checks: [], tags: [] };

/** What every ledger has to do, whatever it lies in. */
export function storeContract({ name, withStore }: Subject): void {
  const fact = (said: string, run: (store: Store) => Promise<void>) => test(`${name}: ${said}`, () => withStore(run));
  const ledger = async (store: Store, of = image) => (await store.readImages([of])).get(of);
  const keeps = (said: string, given: readonly Omit<Observation, 'image'>[], expected: Partial<ImageLedger>) =>
    fact(said, async (store) => {
      for (const one of given) await store.record({ image, ...one });
      assert.deepEqual(await ledger(store), { ...empty, ...expected });
    });
  const queues = (
    said: string,
    given: readonly Omit<Observation, 'image'>[],
    expected: readonly Omit<UnreadContent, 'image'>[],
  ) =>
    fact(said, async (store) => {
      for (const one of given) await store.record({ image, ...one });
      assert.deepEqual(
        await store.listUnread(10),
        expected.map((one) => ({ image, ...one })),
      );
    });

  // Cycles
  fact('an unfinished cycle is gone on with, until it is too old', async (store) => {
    const first = await store.openCycle('fleet', start, day);
    assert.deepEqual(first, { id: first.id, startedAt: start, isResumed: false });
    assert.deepEqual(await store.openCycle('fleet', start + day, day), { ...first, isResumed: true });
    const next = await store.openCycle('fleet', start + day + 1, day);
    assert.deepEqual(next, { id: next.id, startedAt: start + day + 1, isResumed: false });
    assert.notEqual(next.id, first.id);
    assert.equal((await store.openCycle('fleet', start + day + 2, 9 * day)).id, next.id, 'the newest of two');
  });
  fact('a finished cycle is not gone on with, and its end is known', async (store) => {
    const { id } = await store.openCycle('fleet', start, day);
    assert.equal(await store.lastCycleAt('fleet'), undefined);
    await store.closeCycle(id, start + 5);
    await store.closeCycle(id, start + 9);
    assert.equal(await store.lastCycleAt('fleet'), start + 5);
    assert.equal((await store.openCycle('fleet', start + 10, day)).isResumed, false);
  });
  fact('a cycle that a wrong clock began later than now is left alone', async (store) => {
    await store.openCycle('fleet', start + 9 * day, day);
    const now = await store.openCycle('fleet', start, day);
    assert.deepEqual(now, { id: now.id, startedAt: start, isResumed: false });
    assert.deepEqual(await store.openCycle('fleet', start + 1, day), { ...now, isResumed: true });
  });
  fact('cycles of other scopes do not matter', async (store) => {
    const { id } = await store.openCycle('a', start, day);
    assert.equal((await store.openCycle('b', start, day)).isResumed, false);
    await store.closeCycle(id, start + 1);
    assert.equal(await store.lastCycleAt('b'), undefined);
  });

  // Images
  fact('an image that nothing is known of has empty lists', async (store) => {
    await store.record({ image: 'other', checks: [checked] });
    assert.deepEqual(await store.readImages([]), new Map());
    assert.deepEqual(
      await store.readImages([image, 'ghcr.io/a/b', image]),
      new Map([
        [image, empty],
        ['ghcr.io/a/b', empty],
      ]),
    );
  });
  fact('more images are read than fit one query', async (store) => {
    const images = Array.from({ length: 130 }, (_, at) => `ghcr.io/acme/app-${at}`);
    for (const [at, each] of images.entries())
      await store.record({ image: each, checks: [{ ...checked, failures: at }], sightings: [seen] });
    const read = await store.readImages(images);
    assert.deepEqual([...read.keys()], images);
    for (const [at, each] of images.entries())
      assert.deepEqual(read.get(each), { ...empty, checks: [{ ...checked, failures: at }], sightings: [seen] });
  });
  fact('names and texts are values, whatever they say', async (store) => {
    for (const odd of [`a'"; drop table tags; --`, 'ü 漢 🐳', '%_', '']) {
      const tag = `${odd}t`;
      await store.record({
        image: odd,
        sightings: [{ ...seen, tag }],
        checks: [{ ...checked, tag, message: odd }],
        listing: { tags: [{ tag }], gone: [odd], listedAt: 1 },
        events: [event(tag, start, gone, odd)],
      });
      assert.deepEqual((await store.readImages([odd])).get(odd), {
        sightings: [{ ...seen, tag }],
        checks: [{ ...checked, tag, message: odd }],
        tags: [{ tag }],
        listedAt: 1,
      });
      assert.deepEqual(await store.listEvents({ image: odd }), [event(tag, start, gone, odd)]);
    }
  });

  // Sightings
  const whole: Sighting = { ...seen, platform: 'linux/arm64', osRelease: 'Debian 12', sizeBytes: 5_000_000_000 };
  keeps('a sighting is read as it was written', [{ sightings: [whole] }], { sightings: [whole] });
  keeps('a sighting lasts until it was seen last', [9, 5, 7].map(lasting), {
    sightings: [{ ...seen, lastSeenAt: start + 9 }],
  });
  keeps(
    'a sighting gains what was read later, and loses nothing',
    [
      { sightings: [seen] },
      { sightings: [{ ...seen, osRelease: 'Debian 12', sizeBytes: 7 }] },
      { sightings: [seen] },
      { sightings: [{ ...seen, osRelease: 'Alpine Linux 3.22', sizeBytes: 8, evidence: 'listing' }] },
    ],
    { sightings: [{ ...seen, osRelease: 'Debian 12', sizeBytes: 7 }] },
  );
  const back = [seen, { ...seen, digest: digest(2), firstSeenAt: start + 1, lastSeenAt: start + 1 }].concat({
    ...seen,
    firstSeenAt: start + 2,
    lastSeenAt: start + 2,
  });
  keeps('a tag that moves back is seen three times', [{ sightings: back }], { sightings: back });
  keeps(
    'what is seen after the clock went backwards comes last all the same',
    back.toReversed().map((sighting) => ({ sightings: [sighting] })),
    { sightings: back.toReversed() },
  );
  const twins = [digest(9), digest(1), digest(5)].map((each) => ({ ...seen, digest: each }));
  keeps('what is seen in one millisecond keeps its order', [{ sightings: twins }, { sightings: twins.slice(1, 2) }], {
    sightings: twins,
  });

  // Checks
  const full: TagCheck = {
    ...checked,
    verifiedAt: start - day,
    outcome: 'rate-limited',
    message: 'docker.io asks to wait',
    failures: 3,
    suspected: digest(4),
    tagState: 'unlisted',
    lineState: 'long-term-only',
  };
  keeps('a check is read as it was written', [{ checks: [full] }], { checks: [full] });
  keeps('the last check of a tag is kept, and only what it says', [{ checks: [full] }, { checks: [checked] }], {
    checks: [checked],
  });
  keeps('checks are sorted by tag', [{ checks: ['c', 'a', 'b'].map((tag) => ({ ...checked, tag })) }], {
    checks: ['a', 'b', 'c'].map((tag) => ({ ...checked, tag })),
  });

  // Listings
  const listed = (
    tags: readonly (readonly [string, string?])[],
    listedAt = start,
    missing: readonly string[] = [],
  ) => ({
    listing: {
      tags: tags.map(([tag, pushedAt]) => (pushedAt === undefined ? { tag } : { tag, pushedAt })),
      gone: missing,
      listedAt,
    },
  });
  keeps('a listing adds tags, and others stay', [listed([['b'], ['a', '2026-11-01']]), listed([['c']], start + day)], {
    tags: [{ tag: 'a', pushedAt: '2026-11-01' }, { tag: 'b' }, { tag: 'c' }],
    listedAt: start + day,
  });
  keeps(
    'the newest push date of a tag counts',
    [
      listed([['a', '2026-11-02T08:00:00Z'], ['b'], ['c', '2026-11-01']]),
      listed([['a', '2026-11-01T09:00:00Z'], ['b', '2026-01-01'], ['c']]),
    ],
    {
      tags: [
        { tag: 'a', pushedAt: '2026-11-02T08:00:00Z' },
        { tag: 'b', pushedAt: '2026-01-01' },
        { tag: 'c', pushedAt: '2026-11-01' },
      ],
      listedAt: start,
    },
  );
  keeps(
    'a tag listed twice in one listing is there once',
    [listed([['a', '2026-11-02'], ['a', '2026-11-03'], ['a']])],
    {
      tags: [{ tag: 'a', pushedAt: '2026-11-03' }],
      listedAt: start,
    },
  );
  keeps(
    'tags that are gone are not listed, unless they come again',
    [
      listed([['a', '2026-11-02'], ['b'], ['c']]),
      listed([['d']], start, ['a', 'b', 'never there']),
      listed([['b']], start, ['b']),
    ],
    { tags: [{ tag: 'b' }, { tag: 'c' }, { tag: 'd' }], listedAt: start },
  );
  keeps(
    'a tag keeps no digest of a listing: it may have moved since',
    [{ listing: { tags: [{ tag: 'a', digest: digest(1), platforms: ['linux/amd64'] }], gone: [], listedAt: start } }],
    { tags: [{ tag: 'a' }], listedAt: start },
  );
  fact('thousands of tags are written at once, and go at once', async (store) => {
    const tags = Array.from({ length: 2600 }, (_, at) => ({ tag: `1.${String(at).padStart(4, '0')}` }));
    await store.record({ image, listing: { tags: [...tags, ...tags], gone: [], listedAt: start } });
    assert.deepEqual((await ledger(store))?.tags, tags);
    const missing = tags.slice(1).map(({ tag }) => tag);
    await store.record({ image, listing: { tags: [], gone: missing, listedAt: start } });
    assert.deepEqual((await ledger(store))?.tags, tags.slice(0, 1));
  });

  // Events
  fact('an event is told once, as it was first', async (store) => {
    const first = event('24', start, { kind: 'tag-dropped' });
    await store.record({ image, events: [first, first] });
    await store.record({ image, events: [{ ...first, at: start + day }] });
    assert.deepEqual(await store.listEvents(), [first]);
  });
  fact('events are listed oldest first, of a time and of an image', async (store) => {
    const moved: EventKind = {
      kind: 'tag-moved',
      from: digest(1),
      to: digest(2),
      cause: { kind: 'base-moved', base: 'debian:12', from: digest(3), to: digest(4) },
    };
    const released: EventKind = { kind: 'version-released', lane: 'minor', newTag: '24.12' };
    const events = [
      event('a', start, moved),
      event('b', start, released, 'quay.io/x'),
      event('a', start + 2),
      event('a', start + 4),
    ];
    for (const each of events.toReversed()) await store.record({ image: each.image, events: [each] });
    assert.deepEqual(await store.listEvents(), events);
    assert.deepEqual(await store.listEvents({ since: start + 2 }), events.slice(2));
    assert.deepEqual(await store.listEvents({ image: 'quay.io/x' }), events.slice(1, 2));
    assert.deepEqual(await store.listEvents({ image: 'quay.io/x', since: start + 1 }), []);
  });

  // Queue
  const waiting = (tag: string, uses: number, notBefore?: number) => ({
    tag,
    digest: digest(7),
    uses,
    ...(notBefore === undefined ? {} : { notBefore }),
  });
  queues(
    'what has most uses is read first',
    [{ unread: [waiting('a', 2), waiting('b', 9), waiting('c', 2)] }],
    [waiting('b', 9), waiting('a', 2), waiting('c', 2)],
  );
  queues(
    'the number of uses changes',
    [{ unread: [waiting('a', 2)] }, { unread: [waiting('a', 1)] }],
    [waiting('a', 1)],
  );
  queues(
    'what was refused waits on when its uses are counted again',
    [{ unread: [waiting('a', 2, start)] }, { unread: [waiting('a', 3)] }, { unread: [waiting('b', 1, 5)] }],
    [waiting('a', 3, start), waiting('b', 1, 5)],
  );
  queues(
    'what was read leaves the queue, of every tag',
    [
      { unread: [waiting('a', 2), waiting('b', 1), { ...waiting('c', 1), digest: digest(8) }] },
      { read: [digest(7), digest(9)] },
    ],
    [{ ...waiting('c', 1), digest: digest(8) }],
  );
  queues(
    'what is put in again at once stays',
    [{ unread: [waiting('a', 2)] }, { read: [digest(7)], unread: [waiting('a', 2)] }],
    [waiting('a', 2)],
  );
  fact('a wait that a clock far ahead wrote down is over', async (store) => {
    await store.record({ image, unread: [waiting('a', 1, start + 8 * day), waiting('b', 1, start + 6 * day)] });
    assert.deepEqual(
      (await store.listUnread(9, start)).map(({ tag }) => tag),
      ['a'],
    );
  });
  fact('the queue is read as far as asked, and what waits takes no place', async (store) => {
    await store.record({ image, unread: [waiting('a', 9, start + 1), waiting('b', 5, start), waiting('c', 1)] });
    const tags = async (limit: number, at?: number) => (await store.listUnread(limit, at)).map(({ tag }) => tag);
    assert.deepEqual(await tags(2), ['a', 'b']);
    assert.deepEqual(await tags(2, start), ['b', 'c']);
    assert.deepEqual(await tags(9, start + 1), ['a', 'b', 'c']);
    assert.deepEqual(await tags(0), []);
  });
  fact('what another image reads stays in the queue', async (store) => {
    await store.record({ image, unread: [waiting('a', 1)] });
    await store.record({ image: 'other', read: [digest(7)] });
    assert.equal((await store.listUnread(9)).length, 1);
  });

  // Whole or not at all
  fact('what cannot be written whole is not written', async (store) => {
    const broken = { ...event('24', start), at: Number.NaN };
    const given = { image, sightings: [seen], checks: [checked], ...listed([['a']]), events: [broken] };
    await assert.rejects(store.record(given));
    assert.deepEqual(await ledger(store), empty);
    await store.record({ ...given, events: [] });
    assert.deepEqual((await ledger(store))?.sightings, [seen], 'and the ledger goes on');
  });
  fact('many may be asked for at once, and are done in their order', async (store) => {
    const looks = Array.from({ length: 300 }, (_, at) => ({ ...checked, attemptedAt: start + at }));
    await Promise.all(looks.map((check) => store.record({ image, checks: [check] })));
    assert.deepEqual((await ledger(store))?.checks, looks.slice(-1));
    const last = { ...checked, tag: 'last' };
    const [read] = await Promise.all([
      store.record({ image, checks: [last] }).then(() => 'recorded'),
      store.close(),
      store.close(),
    ]);
    assert.equal(read, 'recorded', 'closing waits for what was asked before');
  });

  // Laws
  test(`${name}: nothing that was seen is ever lost, changed or told twice`, () =>
    fc.assert(
      fc.asyncProperty(fc.array(observations, { minLength: 1, maxLength: 8 }), (given) =>
        withStore(async (store) => {
          let before = await ledger(store);
          for (const observation of given) {
            await store.record(observation);
            const after = await ledger(store);
            assert.ok(before !== undefined && after !== undefined);
            continues(before, after);
            holds(after, observation);
            await store.record(observation);
            assert.deepEqual(await ledger(store), after, 'a second time changes nothing');
            before = after;
          }
          const events = await store.listEvents();
          assert.equal(new Set(events.map(({ key }) => key)).size, events.length);
          const keys = new Set(given.flatMap((each) => (each.events ?? []).map(({ key }) => key)));
          assert.deepEqual(new Set(events.map(({ key }) => key)), keys);
          const times = events.map(({ at }) => at);
          assert.deepEqual(
            times,
            times.toSorted((a, b) => a - b),
          );
        }),
      ),
      { numRuns: 60 },
    ));
}

function lasting(ms: number): Omit<Observation, 'image'> {
  return { sightings: [{ ...seen, lastSeenAt: start + ms }] };
}

const few = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 4 });
const instant = fc.integer({ min: start, max: start + 5 });
const tag = fc.constantFrom('24', '24-slim', 'latest');
const someDigest = fc.integer({ min: 1, max: 3 }).map(digest);

const observations: fc.Arbitrary<Observation> = fc.record({
  image: fc.constant(image),
  sightings: few(
    fc
      .record({
        tag,
        platform: fc.constantFrom('*', 'linux/amd64'),
        digest: someDigest,
        firstSeenAt: instant,
        lasts: fc.nat(9),
        osRelease: fc.constantFrom(undefined, 'Debian 12', 'Debian 13'),
      })
      .map(({ lasts, osRelease, ...sighting }) => ({
        ...sighting,
        ...(osRelease === undefined ? {} : { osRelease }),
        lastSeenAt: sighting.firstSeenAt + lasts,
        evidence: 'head',
      })),
  ),
  checks: few(fc.record({ tag, at: instant }).map(({ tag, at }) => ({ ...checked, tag, attemptedAt: at }))),
  events: few(fc.record({ tag, at: instant }).map(({ tag, at }) => event(tag, at))),
});

/** Every sighting of before is there after, in its order: with the same facts, and an end that is not earlier. */
function continues(before: ImageLedger, after: ImageLedger): void {
  const known = new Map(after.sightings.map((sighting) => [nameOf(sighting), sighting]));
  for (const sighting of before.sightings) {
    const now = known.get(nameOf(sighting));
    assert.ok(now !== undefined && now.lastSeenAt >= sighting.lastSeenAt);
    assert.deepEqual({ ...now, ...sighting, lastSeenAt: now.lastSeenAt }, now);
  }
  const old = new Set(before.sightings.map(nameOf));
  assert.deepEqual(
    after.sightings.map(nameOf).filter((each) => old.has(each)),
    before.sightings.map(nameOf),
  );
}

function holds(ledger: ImageLedger, { sightings = [], checks = [] }: Observation): void {
  const names = new Set(ledger.sightings.map(nameOf));
  assert.equal(names.size, ledger.sightings.length);
  for (const sighting of sightings) assert.ok(names.has(nameOf(sighting)));
  for (const { tag } of checks)
    assert.deepEqual(
      ledger.checks.find((check) => check.tag === tag),
      checks.findLast((check) => check.tag === tag),
    );
}

function nameOf({ tag, platform, firstSeenAt, digest: of }: Sighting): string {
  return [tag, platform, firstSeenAt, of].join(' ');
}
