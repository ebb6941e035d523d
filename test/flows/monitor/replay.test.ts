import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openStore } from '../../../src/adapters/store/open-store.ts';
import { loadCatalog } from '../../../src/catalog/load.ts';
import type { EventResult } from '../../../src/flows/monitor/monitor-result.ts';
import type { Failure } from '../../fakes/history/candidate-checks.ts';
import type { Follower } from '../../fakes/history/follower.ts';
import { replay } from '../../fakes/history/replay.ts';
import { smallHistory } from '../../fakes/history/small-history.ts';

const weekMs = 7 * 86_400_000;
const used = [
  'alpine:3.20.0 takes',
  'alpine:3 stays',
  'alpine:edge stays',
  'debian:bookworm-slim stays',
  'debian:stable-slim stays',
  'debian:bookworm-20240513-slim takes',
  'node:20-slim stays',
  'node:22-slim stays',
  'node:22-alpine stays',
  'node:22.1.0-slim takes',
  'node:22.1.0-slim stays',
  'node:22.1.0-alpine3.20 takes',
  'vessel:0.9.0 stays',
  'vessel:1 stays',
  'vessel:1.0 stays',
  'vessel:1.1.0 takes',
  'vessel:edge stays',
].map((name): Follower => {
  const [repository = '', tag = '', kind] = name.split(/[: ]/);
  return { name, repository, tag, kind: kind === 'takes' ? 'takes' : 'stays' };
});

const events: EventResult[] = [];
const failures: Failure[] = [];
let cycles = 0;
let followers: readonly Follower[] = [];

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  const store = await openStore(join(folder, 'ledger.sqlite'));
  try {
    await replay({
      history: smallHistory(),
      catalog: loadCatalog(),
      store,
      from: Date.parse('2024-06-08T00:00:00Z'),
      until: Date.parse('2026-06-01T00:00:00Z'),
      stepMs: weekMs,
      choose: () => [...used, { ...at('vessel:1 stays'), name: 'arm', platform: 'linux/arm64' }],
      onCycle: (cycle) => {
        cycles += 1;
        events.push(...cycle.result.events);
        failures.push(...cycle.failures);
        followers = cycle.followers;
      },
    });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
});
after(() => assert.ok(cycles > 100));

test('every cycle of two years keeps every promise', () => assert.deepEqual(failures, []));

for (const [fact, reference, kind, dates] of [
  ['a look that goes back once is not believed, twice it is', 'vessel:edge', 'moved-back', '2024-10-12 2024-10-26'],
  ['a new build is a move', 'vessel:edge', 'tag-moved', '2024-07-06'],
  ['a dropped tag', 'vessel:1.0', 'tag-dropped', '2025-01-18'],
  ['a platform in use that vanishes', 'vessel:1', 'platform-gone', '2025-03-08'],
  ['the operating system underneath', 'node:22-slim', 'os-changed', '2025-10-11'],
  ['the operating system of a name that rolls', 'debian:stable-slim', 'os-changed', '2025-09-20'],
  ['a line that ends', 'node:20-slim', 'line-ended', '2026-05-02'],
  ['a version once', 'vessel:0.9.0', 'version-released', '2024-06-22 2025-02-08 2025-03-08'],
  ['a rolling build', 'alpine:edge', 'tag-moved', '2024-08-03'],
] as const)
  test(`told on its day: ${fact}`, () => {
    const told = events.filter((event) => event.reference.endsWith(`/${reference}`));
    const days = told.filter((event) => event.kind === kind || event.cause?.kind === kind).map((event) => event.at);
    assert.equal(days.map((day) => day.slice(0, 10)).join(' '), dates);
  });

test('a base that is rebuilt moves all that stands on it', () => {
  const causes = events.filter(({ reference }) => reference.endsWith('/vessel:1')).map(({ cause }) => cause?.kind);
  assert.ok(causes.filter((cause) => cause === 'base-moved').length > 20, causes.join(' '));
});

for (const [name, tag] of [
  ['alpine:3.20.0 takes', '3.20.2'],
  ['node:22.1.0-slim takes', '22.27.0-slim'],
  ['node:22.1.0-slim stays', '22.1.0-slim'],
  ['node:22.1.0-alpine3.20 takes', '22.27.0-alpine3.22'],
  ['debian:bookworm-20240513-slim takes', 'bookworm-20260518-slim'],
  ['vessel:1.1.0 takes', '1.2.0'],
] as const)
  test(`${name} and ends at ${tag}`, () => assert.equal(followers.find((one) => one.name === name)?.tag, tag));

function at(name: string): Follower {
  const found = used.find((follower) => follower.name === name);
  assert.ok(found);
  return found;
}
