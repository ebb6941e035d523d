import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../../src/catalog/load.ts';
import { findBases } from '../../../src/domain/advise/find-bases.ts';
import { canonicalReference, parseReference } from '../../../src/domain/image/reference.ts';

const catalog = loadCatalog();

function bases(text: string, tags: string, tagDigest?: string): readonly string[] {
  const parsed = parseReference(text);
  assert.ok(parsed.kind === 'ok');
  const listed = tags.split(' ').map((tag) => ({ tag }));
  const { reference } = parsed;
  return findBases({ reference, tags: listed, tagDigest, catalog, today: '2026-11-23' }).map(
    (base) => `${base.jump} ${canonicalReference(base.reference)}`,
  );
}

const [old, now] = ['1', '2'].map((digit) => `sha256:${digit.repeat(64)}`);

for (const [what, reference, tags, found] of [
  [
    'every lane, then what the catalog recommends, then distroless',
    'node:20.11.1-bookworm',
    '20.11.1-bookworm 20.19.5-bookworm 24.11.0-bookworm 20.19.5-alpine3.22',
    [
      'minor docker.io/library/node:20.19.5-bookworm',
      'major docker.io/library/node:24.11.0-bookworm',
      'other docker.io/library/node:26.7.0-trixie-slim',
      'other gcr.io/distroless/nodejs26-debian13:nonroot',
    ],
  ],
  [
    'smaller variants of the same version',
    'python:3.12',
    '3.12',
    [
      'other docker.io/library/python:3.14-slim',
      'other docker.io/library/python:3.12-alpine',
      'other docker.io/library/python:3.12-slim',
      'other gcr.io/distroless/python3-debian13:nonroot',
    ],
  ],
  [
    'chiseled variants, of the recommended version too',
    'mcr.microsoft.com/dotnet/aspnet:8.0',
    '8.0',
    [
      'major mcr.microsoft.com/dotnet/aspnet:10.0',
      'other mcr.microsoft.com/dotnet/aspnet:8.0-alpine',
      'other mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled',
      'other mcr.microsoft.com/dotnet/aspnet:10.0-alpine',
      'other mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled',
    ],
  ],
  ['nothing for what nobody knows', 'corp.example/base:1', '1', []],
  ['a pin that its tag has left', `corp.example/base:1@${old}`, '1', [`refresh corp.example/base:1@${now}`]],
] as const)
  test(`finds ${what}`, () => assert.deepEqual(bases(reference, tags, now), found));

test('a pin that its tag stands for is not refreshed', () =>
  assert.deepEqual(bases(`corp.example/base:1@${now}`, '1', now), []));

test('each base is named once', () => {
  const all = bases('eclipse-temurin:21', '21 25 25-alpine');
  assert.deepEqual(all, [...new Set(all)]);
  assert.ok(all.includes('other docker.io/library/eclipse-temurin:25-alpine'));
});
