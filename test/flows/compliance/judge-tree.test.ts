import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWorkspace } from '../../../src/adapters/workspace/open-workspace.ts';
import { loadCatalog } from '../../../src/catalog/load.ts';
import { loadPolicy } from '../../../src/config/load-policy.ts';
import type { Compliance } from '../../../src/domain/compliance/compliance.ts';
import { criteria } from '../../../src/domain/compliance/criterion.ts';
import { allRules } from '../../../src/domain/policy/rules/all-rules.ts';
import type { ScanFacts } from '../../../src/domain/policy/scan-facts.ts';
import { judgeTree, withScans } from '../../../src/flows/compliance/judge-tree.ts';
import { readFiles } from '../../../src/flows/monitor/collect-uses.ts';
import { judge } from '../judged.ts';

const today = '2026-11-23';
const policyText = `version: 1
waivers:
  - { id: W-1, image: 'docker.io/acme/**', rule: prohibited, reason: bought, owner: a, approvedBy: b, expires: 2026-12-20 }
  - { id: W-2, image: 'docker.io/gone/**', rule: prohibited, reason: bought, owner: a, approvedBy: b, expires: 2026-12-20 }
  - { id: W-3, image: '**', rule: unpatched-critical, reason: late, owner: a, approvedBy: b, expires: 2026-11-30 }
`;

const clean: ScanFacts = {
  ...{ kind: 'scanned', digest: `sha256:${'a'.repeat(64)}`, platform: 'linux/amd64', how: 'scanned' },
  ...{ scanner: 'trivy 0.68.2', databaseAt: '2026-11-23T00:00:00Z', isEndOfLife: false, findings: [], suppressed: [] },
};

async function lookAt(dockerfile: string, scan?: ScanFacts): Promise<Compliance> {
  const root = mkdtempSync(join(tmpdir(), 'judge-tree-'));
  try {
    writeFileSync(join(root, 'Dockerfile'), dockerfile);
    const file = join(root, 'policy.yaml');
    writeFileSync(file, policyText);
    const loaded = await loadPolicy(file, allRules, today);
    assert.ok(loaded.kind !== 'problems', JSON.stringify(loaded));
    const { policy } = loaded;
    const settings = { buildArgs: {}, buildArgsOf: () => ({}) };
    const survey = { policy, settings, policyPath: (path: string) => path, isSingleFile: false };
    const files = await readFiles(await openWorkspace(root), survey);
    const half = judgeTree(files, { ...survey, catalog: loadCatalog(), today });
    return withScans(half, scan === undefined ? undefined : () => scan);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const verdicts = (compliance: Compliance) => compliance.places.map(({ criteria: own }) => own);

for (const [said, dockerfile, scan, expected] of [
  [
    'what nobody scanned is not known to be free',
    'FROM alpine:3.24\nUSER 1\n',
    undefined,
    { 'no-unpatched-critical': 'unknown', 'official-source': 'pass', 'current-version': 'pass' },
  ],
  ['what scans free of it is', 'FROM alpine:3.24\nUSER 1\n', clean, { 'no-unpatched-critical': 'pass' }],
  [
    'a scan that failed proves nothing',
    'FROM alpine:3.24\n',
    { kind: 'failed', message: 'no' },
    { 'no-unpatched-critical': 'unknown' },
  ],
  [
    'nor does one of a system past its end',
    'FROM alpine:3.24\n',
    { ...clean, isEndOfLife: true },
    { 'no-unpatched-critical': 'unknown' },
  ],
  [
    'scratch has nothing that could be old, large or vulnerable',
    'FROM scratch\n',
    undefined,
    {
      'official-source': 'pass',
      'current-version': 'pass',
      'minimal-size': 'pass',
      'no-unpatched-critical': 'pass',
      pinned: 'pass',
    },
  ],
  [
    'what build arguments keep from being known is unknown in all',
    'ARG V\nFROM $V\n',
    clean,
    {
      'official-source': 'unknown',
      'current-version': 'unknown',
      'minimal-size': 'unknown',
      'no-unpatched-critical': 'unknown',
      'multi-stage': 'unknown',
      pinned: 'unknown',
    },
  ],
  [
    'an image that the catalog does not know is neither current nor small',
    'FROM quay.io/someone/thing:1\n',
    clean,
    { 'official-source': 'fail', 'current-version': 'unknown', 'minimal-size': 'unknown' },
  ],
  ['what is waived is not kept', 'FROM acme/thing:1\n', clean, { 'official-source': 'waived' }],
  ['a note is neither', 'FROM alpine:3.24\nUSER 1\n', clean, { pinned: 'info' }],
  ['an old line fails', 'FROM debian:9-slim\n', clean, { 'current-version': 'fail', 'minimal-size': 'pass' }],
  ['a frontend has no size and no line', '# syntax=docker/dockerfile:1\nFROM scratch\n', undefined, {}],
] as const satisfies readonly (readonly [string, string, ScanFacts | undefined, object])[])
  test(`criteria: ${said}`, async () => {
    const [own] = verdicts(await lookAt(dockerfile, scan));
    assert.deepEqual({ ...own, ...expected }, own);
  });

test('every criterion adds up to the uses that it speaks of, and every use is in one category', async () => {
  const dockerfile =
    'ARG V\nFROM node:26 AS build\nFROM $V AS odd\nFROM acme/thing:1 AS own\nFROM alpine:3.24\nCOPY --from=build /a /a\n';
  const { uses, byCategory, byCriterion, places, byRule } = await lookAt(dockerfile);
  assert.equal(
    Object.values(byCategory).reduce((sum, number) => sum + number),
    uses,
  );
  for (const { id } of criteria) {
    const spoken = places.filter((place) => place.criteria[id] !== undefined).length;
    assert.equal(
      Object.values(byCriterion[id]).reduce((sum, number) => sum + number),
      spoken,
      id,
    );
  }
  assert.equal(byRule['prohibited']?.waived, 1);
});

test('breaches are those of check', async () => {
  const dockerfile = 'FROM node:16\nRUN npm ci\n';
  const checked = await judge({ Dockerfile: dockerfile }, { now: `${today}T00:00:00.000Z` });
  const expected = checked.files[0]?.uses[0]?.rules.map(({ rule, verdict }) => ({ rule, verdict }));
  assert.deepEqual((await lookAt(dockerfile)).places[0]?.breaches, expected);
});

test('a waiver is told with what it covers, and with nothing where nothing was looked at', async () => {
  const covers = async (scan?: ScanFacts) => {
    const { waivers } = await lookAt('FROM acme/thing:1\n', scan);
    return waivers.map(({ id, covers: own }) => [id, own]);
  };
  assert.deepEqual(await covers(), [
    ['W-1', 1],
    ['W-2', 0],
    ['W-3', null],
  ]);
  assert.deepEqual((await covers(clean)).at(-1), ['W-3', 0]);
});

test('every rule is in one criterion at most, and every name in one is a rule', () => {
  const named = criteria.flatMap(({ rules }): readonly string[] => rules);
  const known = new Set(allRules.map(({ id }) => id));
  assert.deepEqual([named.filter((rule) => !known.has(rule)), new Set(named).size], [[], named.length]);
  const others = allRules.filter(({ id, isOnline }) => isOnline !== true && !named.includes(id)).map(({ id }) => id);
  assert.deepEqual(others, ['unfixed-critical', 'high-findings', 'interim-upgrade', 'restricted']);
});
