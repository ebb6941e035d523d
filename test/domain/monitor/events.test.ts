import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeImage } from '../../../src/domain/catalog/describe-image.ts';
import { describeEvent } from '../../../src/domain/monitor/describe-event.ts';
import { type EventKind, eventKey } from '../../../src/domain/monitor/event.ts';
import { catalogState, lifeEvents } from '../../../src/domain/monitor/life-events.ts';
import type { TagCheck } from '../../../src/domain/monitor/tag-check.ts';
import { catalog } from '../catalog/described.ts';

const from = `sha256:${'a'.repeat(64)}`;
const to = `sha256:${'b'.repeat(64)}`;

const events: readonly [event: EventKind, text: string][] = [
  [
    { kind: 'tag-moved', from, to, cause: { kind: 'os-changed', from: 'Debian 12', to: 'Debian 13' } },
    'moved: the operating system underneath changed from Debian 12 to Debian 13, which weighs like a major version',
  ],
  [{ kind: 'tag-moved', from, to, cause: { kind: 'new-version', from: '1', to: '2' } }, 'moved: 2 took the place of 1'],
  [
    { kind: 'tag-moved', from, to, cause: { kind: 'base-moved', base: 'debian:12', from, to } },
    'moved: its own base debian:12 was rebuilt',
  ],
  [
    { kind: 'tag-moved', from, to, cause: { kind: 'platform-gone', platform: 'linux/arm64' } },
    'moved: it has no image for linux/arm64 any more',
  ],
  [{ kind: 'tag-moved', from, to, cause: { kind: 'rebuilt' } }, 'moved: it was rebuilt'],
  [
    { kind: 'tag-moved', from, to, cause: { kind: 'unread', reason: 'no pulls' } },
    'moved: why is not known (no pulls)',
  ],
  [{ kind: 'moved-back', from, to }, 'moved back to sha256:bbbbbbbbbbbb, which it stood for before'],
  [{ kind: 'version-released', lane: 'minor', newTag: '1.3' }, '1.3 is out (minor)'],
  [
    { kind: 'version-released', lane: 'successor', newTag: '21', repository: 'eclipse-temurin' },
    'eclipse-temurin:21 takes its place',
  ],
  [{ kind: 'tag-gone' }, 'the registry does not know the tag any more'],
  [
    { kind: 'tag-dropped' },
    'its publisher does not rebuild the tag any more: it can be pulled, and is never patched again',
  ],
  [
    { kind: 'line-ended', product: 'Node.js', line: '20', endedOn: '2026-04-30' },
    'Node.js 20 is past its end of life (2026-04-30)',
  ],
];

for (const [event, text] of events) test(`says: ${text}`, () => assert.equal(describeEvent(event), text));

test('a move has a name of its own each time, what stays true has one name for ever', () => {
  const keyAt = (at: number, what: EventKind) => eventKey('docker.io/library/node', '22', at, what);
  for (const [what] of events) {
    const isRepeatable = what.kind === 'tag-moved' || what.kind === 'moved-back' || what.kind === 'tag-gone';
    assert.equal(keyAt(1, what) === keyAt(2, what), !isRepeatable, what.kind);
    assert.equal(keyAt(1, what), keyAt(1, what));
  }
  assert.equal(new Set(events.map(([what]) => keyAt(1, what))).size, 7);
});

/** What is told of a tag between two days, by the shipped catalog. */
function lived(repository: string, tag: string, day: string, later: string): readonly string[] {
  const reference = { registry: 'docker.io', repository, tag };
  const check: TagCheck = {
    tag,
    attemptedAt: 0,
    outcome: 'verified',
    failures: 0,
    dueAt: 0,
    ...catalogState(describeImage(reference, catalog, day)),
  };
  return lifeEvents(check, describeImage(reference, catalog, later)).map(({ kind }) => kind);
}

for (const [repository, tag, day, later, told] of [
  ['library/node', '20-alpine', '2026-04-30', '2026-05-01', 'line-ended'],
  ['library/node', '20-alpine', '2026-05-01', '2026-05-02', ''],
  ['library/node', '20-alpine', '2026-04-29', '2026-04-30', ''],
  ['acme/app', '1', '2020-01-01', '2030-01-01', ''],
] as const)
  test(`between ${day} and ${later}, ${repository}:${tag} tells ${told === '' ? 'nothing' : told}`, () =>
    assert.equal(lived(repository, tag, day, later).join(' '), told));

test('a tag that the official list drops is told, once', () => {
  const facts = describeImage(
    { registry: 'docker.io', repository: 'library/node', tag: '20.0.0' },
    catalog,
    '2026-08-22',
  );
  assert.equal(facts.tagState, 'unmaintained');
  const check: TagCheck = { tag: '20.0.0', attemptedAt: 0, outcome: 'verified', failures: 0, dueAt: 0 };
  assert.deepEqual(lifeEvents({ ...check, tagState: 'maintained', lineState: 'ended' }, facts), [
    { kind: 'tag-dropped' },
  ]);
  assert.deepEqual(lifeEvents({ ...check, tagState: 'unmaintained', lineState: 'ended' }, facts), []);
  assert.deepEqual(lifeEvents(undefined, facts), []);
});
