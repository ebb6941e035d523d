import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderProposals } from '../../../src/render/update/proposals.ts';

const digest = (of: string) => `sha256:${of.repeat(64)}`;

for (const [what, image, from, to, shown] of [
  ['one tag', 'docker.io/library/node', 'docker.io/library/node:24.1', 'docker.io/library/node:24.2', '24.1 → 24.2'],
  [
    'two tags of one image',
    'docker.io/library/node',
    'docker.io/library/node:24.1 docker.io/library/node:24.1-alpine',
    `docker.io/library/node:24.2-alpine@${digest('a')} docker.io/library/node:24.2@${digest('b')}`,
    '24.1, 24.1-alpine → 24.2-alpine@sha256:aaaaaaaaaaaa…, 24.2@sha256:bbbbbbbbbbbb…',
  ],
  [
    'several images',
    'docker.io/library/go, docker.io/library/node',
    'docker.io/library/go:1 docker.io/library/node:24.1',
    'docker.io/library/go:2 docker.io/library/node:24.2',
    'go:1, node:24.1 → go:2, node:24.2',
  ],
  [
    'another image',
    'docker.io/library/openjdk',
    'docker.io/library/openjdk:17',
    'docker.io/library/eclipse-temurin:17',
    'openjdk:17 → eclipse-temurin:17',
  ],
] as const)
  test(`a row shows ${what} as people write it`, () => {
    const row = { key: 'k', image, lane: 'minor', from, to, action: 'open', branch: 'b' } as const;
    const repository = { name: 'acme/shop', rows: [row], refused: [], unanswered: [], problems: [], requests: 0 };
    const run = { schemaVersion: 1, now: '', isDryRun: false, listings: [], tokenGaps: [] } as const;
    const text = renderProposals({ ...run, repositories: [repository] }, { color: false, width: 200 });
    assert.ok(text.replace(/ +/g, ' ').includes(`[minor] ${shown}\n`), text);
    assert.doesNotMatch(text, /docker\.io/);
  });

for (const [isDryRun, said] of [
  [false, /^ {2}opened +node/m],
  [true, /^ {2}would open +node/m],
] as const)
  test(`a ${isDryRun ? 'dry run says what it would do' : 'run says what it did'}`, () => {
    const row = { key: 'k', image: 'docker.io/library/node', lane: 'minor', from: '', to: '', branch: 'b' };
    const rows = [{ ...row, action: 'open' } as const];
    const repository = { name: 'acme/shop', rows, refused: [], unanswered: [], problems: [], requests: 0 };
    const run = { schemaVersion: 1, now: '', isDryRun, listings: [], tokenGaps: [] } as const;
    assert.match(renderProposals({ ...run, repositories: [repository] }, { color: false, width: 200 }), said);
  });
