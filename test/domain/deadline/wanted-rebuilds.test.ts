import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import type { Episode, EpisodeEvent } from '../../../src/domain/deadline/episode.ts';
import type { TrackedUse } from '../../../src/domain/deadline/tracked-use.ts';
import { unproposedImages } from '../../../src/domain/deadline/unproposed-images.ts';
import { wantedRebuilds } from '../../../src/domain/deadline/wanted-rebuilds.ts';
import { at, baseAvailable, closed, digest, episodeOf, event, fixAvailable, waived } from './lived.ts';
import { clean, finding, scanWith, useOf } from './tracked.ts';

const tag = 'docker.io/library/debian:12-slim';
const moved = `sha256:${'b'.repeat(64)}`;
const found = (severity: 'critical' | 'high' = 'critical', named = tag) =>
  event('0d', { kind: 'detected', digest, severity, scanner: 'trivy', ...(named === '' ? {} : { tag: named }) });
const merged = event('1d', { kind: 'merged', digest: moved });
const asked = (when: string) =>
  event(when, { kind: 'rebuild-asked', digest: moved, url: 'https://git.example/runs/7' });
const reopened = (when: string) => event(when, { kind: 'reopened', digest, tag });
const onBranch = useOf(clean, { tag });

function wanted(events: readonly EpisodeEvent[], uses: readonly TrackedUse[], others: readonly Episode[] = []) {
  const episodes = [episodeOf(...events), ...others];
  const { unasked, covered } = wantedRebuilds(episodes, uses, defaultDeadlineSettings, at('2d'));
  return [
    ...unasked.map((one) => `${one.digest}${one.intended === undefined ? '' : ` after ${one.intended.after}`}`),
    ...covered.map(({ url }) => `covered by ${url}`),
  ];
}

const live = [found(), fixAvailable('0d')];
for (const [said, events, use, expected] of [
  ['the tag moved and the branch is free of it', [...live, merged], onBranch, [moved]],
  ['HIGH waits for the next release', [found('high'), fixAvailable('0d'), merged], onBranch, []],
  ['the branch has it still', live, useOf(scanWith([finding()]), { tag }), []],
  ['it is back on the branch', [...live, merged], useOf(scanWith([finding()]), { tag }), []],
  ['the file names another tag now: a commit did that', [...live, merged], useOf(clean, { tag: `${tag}-2` }), []],
  ['the file pins a digest now: a commit did that', [...live, merged], useOf(clean), []],
  ['the file pinned a digest when it was found', [found('critical', ''), merged], onBranch, []],
  ['a scan that proves nothing', [...live, merged], useOf({ kind: 'failed', message: 'x' }, { tag }), []],
  ['it is in a release', [...live, merged, closed('1d 2h')], onBranch, []],
  ['it was asked for', [...live, merged, asked('1d')], onBranch, []],
  ['it came back after it was asked for', [...live, merged, asked('1d'), reopened('1d 1h')], onBranch, []],
  [
    'it came back and went again: what was asked for before does not count',
    [...live, merged, asked('1d'), reopened('1d 1h'), event('1d 2h', { kind: 'merged', digest: moved })],
    onBranch,
    [moved],
  ],
  [
    'what was to be asked for, without an outcome',
    [...live, merged, event('1d', { kind: 'rebuild-intended', digest: moved, after: 7 })],
    onBranch,
    [`${moved} after 7`],
  ],
] as const satisfies readonly (readonly [string, readonly EpisodeEvent[], TrackedUse, readonly string[]])[])
  test(`rebuild: ${said}`, () => assert.deepEqual(wanted(events, [use]), expected));

test('rebuild: another finding of the same content was asked for: once is enough', () => {
  const { subject, events } = episodeOf(...live, merged, asked('1d'));
  const other = { subject: { ...subject, id: 'CVE-2026-0002' }, number: 1, events };
  assert.deepEqual(wanted([...live, merged], [onBranch], [other]), ['covered by https://git.example/runs/7']);
});

const patched = [found(), fixAvailable('0d'), baseAvailable('0d')];
for (const [said, events, expected] of [
  ['a patched base that nothing proposes', patched, ['docker.io/library/debian']],
  ['HIGH', [found('high'), fixAvailable('0d'), baseAvailable('0d')], []],
  ['no patched base', live, []],
  ['proposed', [...patched, event('1h', { kind: 'proposed', url: 'https://git.example/7', id: '7' })], []],
  ['mended on the branch', [...patched, merged], []],
  ['waived', [...patched, waived('1h', '5d')], []],
] as const satisfies readonly (readonly [string, readonly EpisodeEvent[], readonly string[]])[])
  test(`proposed at once: ${said}`, () => {
    assert.deepEqual([...unproposedImages([episodeOf(...events)], defaultDeadlineSettings, at('2d'))], expected);
  });
