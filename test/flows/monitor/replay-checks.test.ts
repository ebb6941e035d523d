import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../../src/catalog/load.ts';
import type { Lane } from '../../../src/domain/candidates/candidate.ts';
import type { ImageResult } from '../../../src/flows/monitor/monitor-result.ts';
import { checkCandidates } from '../../fakes/history/candidate-checks.ts';
import { ExpectedMoves } from '../../fakes/history/expected-moves.ts';
import { smallHistory } from '../../fakes/history/small-history.ts';
import { TagWorld } from '../../fakes/history/tag-world.ts';

/** What the checks say of candidates that the monitor must never give. */
function broken(image: string, tag: string, offered: string, recommended: string | null): string {
  const candidates = offered.split(' ').map((one) => {
    const [lane = '', to = ''] = one.split('=');
    // A table of ours: the words before the equals sign are lanes.
    return { lane: lane as Lane, tag: to, reasons: ['made up'] };
  });
  const known = { bornAt: 0, pushedAt: Date.parse('2024-06-01'), isLive: true, id: '' };
  const earlier = { ...known, pushedAt: Date.parse('2024-05-01') };
  const tags = new Map(
    [...candidates.map((one) => one.tag), tag].map((name) => [name, name.endsWith('.9') ? earlier : known]),
  );
  const reference = `docker.io/library/${image}:${tag}`;
  const result: ImageResult = {
    reference,
    image: `docker.io/library/${image}`,
    tag,
    status: 'verified',
    refusals: [],
    verifiedAt: null,
    digest: null,
    since: null,
    platforms: [],
    publisher: 'docker-official',
    publisherName: null,
    tagState: 'maintained',
    lifecycle: null,
    candidates,
    recommended,
    slots: [],
    uses: [],
  };
  const failures = checkCandidates(result, tags, loadCatalog(), '2026-08-01');
  return failures.map(({ property }) => property).join(', ');
}

for (const [image, tag, offered, recommended, wanted] of [
  ['node', '22.1.0-slim', 'minor=22.2.0-slim', '22.2.0-slim', ''],
  ['golang', '1.26.6', 'minor=1.27rc2', null, 'a prerelease is never offered to a release, variant and style are kept'],
  ['node', '22.1.0-slim', 'minor=22.2.0-alpine', null, 'variant and style are kept'],
  ['node', '22.1.0', 'major=23.1.0', null, 'no move to a line past its end'],
  ['node', '22.1.0', 'minor=22.2.0 minor=22.3.0', null, 'at most one candidate per lane'],
  ['node', '22.1.0', 'minor=22.2.0', '22.3.0', 'what is recommended is a candidate'],
  ['node', '22.1.0', 'patch=22.0.1', '22.0.1', 'nothing older is recommended'],
  ['node', '22.1.0', 'patch=22.1.9', '22.1.9', 'nothing pushed before is recommended'],
] as const)
  test(`the checks see ${offered} for ${tag}: ${wanted || 'nothing wrong'}`, () =>
    assert.equal(broken(image, tag, offered, recommended), wanted));

test('a move of a platform that nobody uses is none', () => {
  const world = new TagWorld(smallHistory(), Date.parse('2024-06-01'));
  const [amd64, arm64] = [new ExpectedMoves(world), new ExpectedMoves(world)];
  const seen: string[] = [];
  for (let at = Date.parse('2024-06-01'); at < Date.parse('2025-06-01'); at += 7 * 86_400_000) {
    world.moveTo(at);
    seen.push(
      `${amd64.look('debian', 'bookworm-slim', ['linux/amd64']).kind} ${arm64.look('debian', 'bookworm-slim', ['linux/arm64']).kind}`,
    );
  }
  assert.ok(seen.includes('nothing tag-moved'));
  assert.ok(seen.includes('tag-moved tag-moved'));
});
