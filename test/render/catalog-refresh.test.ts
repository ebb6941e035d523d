import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRefresh } from '../../src/render/catalog-refresh.ts';

type Shown = Parameters<typeof formatRefresh>[0];

const lines = { added: [], gone: [], ends: [], longTermEnds: [], lts: [], updated: 0 };
const same: Shown = {
  outcome: 'ready',
  before: { official: '2026-08-21', lifeCycles: '2026-08-22' },
  after: { official: '2026-11-22', lifeCycles: '2026-11-22' },
  changes: { repositories: { added: [], gone: [] }, tags: [], lines },
  shrinks: [],
  faults: [],
  requests: { 'codeload.github.com': 1, 'endoflife.date': 1 },
};
const shown = (change: Partial<Shown>) => formatRefresh({ ...same, ...change }, { color: false, width: 100 });

test('says the answer first, also when nothing changes', () =>
  assert.equal(
    shown({}),
    'Official images: 2026-08-21 → 2026-11-22; life cycles: 2026-08-22 → 2026-11-22; nothing else changes.\n\nRequests: codeload.github.com 1, endoflife.date 1.\n',
  ));

test('shows every kind of change', () =>
  assert.equal(
    shown({
      faults: ['library/caddy stays as of 2026-08-21: a line has no key'],
      changes: {
        repositories: { added: ['valkey'], gone: ['unit'] },
        tags: [{ repository: 'caddy', before: 3, after: 4, added: ['3', '3-alpine'], gone: ['latest'] }],
        lines: {
          added: [
            { product: 'nodejs', line: '26', ends: '2029-04-30', lts: '2026-10-28' },
            { product: 'go', line: '1.27', ends: false, lts: null },
            { product: 'dotnet', line: '12', ends: true, lts: true },
          ],
          gone: [{ product: 'perl', line: '5.8' }],
          ends: [{ product: 'nodejs', line: '24', from: '2028-04-30', to: true }],
          longTermEnds: [{ product: 'debian', line: '13', from: null, to: '2030-07-31' }],
          lts: [{ product: 'nodejs', line: '24', from: null, to: true }],
          updated: 1,
        },
      },
    }),
    `Official images: 2026-08-21 → 2026-11-22; life cycles: 2026-08-22 → 2026-11-22, in part.

Not renewed:
  library/caddy stays as of 2026-08-21: a line has no key

New images:
  valkey

Images no longer official:
  unit

Tags: 2 new, 1 no longer rebuilt, in 1 image:
  caddy 3 → 4 (+2 −1)

New lines:
  nodejs 26, ends 2029-04-30, LTS from 2026-10-28
  go 1.27
  dotnet 12, ended, LTS

Lines no longer listed:
  perl 5.8

Other ends of support:
  nodejs 24: 2028-04-30 → yes

Other ends of Debian LTS:
  debian 13: not stated → 2030-07-31

Other LTS:
  nodejs 24: not stated → yes

1 line with another newest version.

Requests: codeload.github.com 1, endoflife.date 1.
`,
  ));

test('a refusal names what shrank and how to accept it', () => {
  const text = shown({ outcome: 'refused', shrinks: [{ what: 'tags of node', before: 241, after: 5 }] });
  assert.match(
    text,
    /^The catalog stays as it is: .*write --accept-shrink\.\n\nMuch smaller than before:\n {2}tags of node: 241 → 5\n/,
  );
});

test('a long list is cut, and nothing from outside reaches the terminal', () => {
  const added = Array.from({ length: 60 }, (_, at) => `image${at}`);
  assert.match(
    shown({ changes: { ...same.changes, repositories: { added, gone: [] } } }),
    /… and 20 more \(--json lists all\)/,
  );
  assert.ok(!shown({ faults: ['a\u001b[2Jb'] }).includes('\u001b'));
});
