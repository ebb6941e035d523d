import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repositoryName } from '../../../src/domain/image/reference.ts';
import { catalog } from '../catalog/described.ts';
import { allCases } from './all-cases.ts';
import { answerOf, candidatesFor, listedTags, referenceOf } from './selection-case.ts';

const rows = [...allCases.values()].flat();

for (const row of rows)
  test(`from ${row.image} among ${row.tags}: ${row.wanted === '' ? 'nothing' : row.wanted}`, () =>
    assert.equal(answerOf(row), row.wanted, row.because));

test('the rows speak of every product of the catalog', () => {
  const seen = new Set(
    rows.map(({ image }) => catalog.productOf.get(repositoryName(referenceOf(image)))?.product).filter(Boolean),
  );
  const missing = new Set(
    [...catalog.productOf.values()].map(({ product }) => product).filter((one) => !seen.has(one)),
  );
  assert.deepEqual([...missing], []);
});

test('each rejection says why', () => {
  const { rejected } = candidatesFor(
    'node:22.11.0-alpine3.20',
    listedTags(
      '22.11.0-alpine3.20@2026-02-01 22.12.0-alpine3.20@2026-01-01 22.12.0-alpine 22.12.0-slim 22.12-alpine3.20 v22.12.0-alpine3.20 ' +
        '22.10.0-alpine3.20 23.1.0-alpine3.20 26.0.0-rc.1-alpine3.20 20240101 22.11.0-alpine3.19 latest 22.13.0-alpine3.20 22.14.0-alpine3.20',
    ),
    '2026-11-23',
  );
  assert.deepEqual(Object.fromEntries(rejected.map(({ tag, reason }) => [tag, reason])), {
    '20240101': 'a build date is not a version',
    '22.10.0-alpine3.20': 'it is older',
    '22.11.0-alpine3.19': 'it stands on an older operating system',
    '22.12-alpine3.20': 'it names the version less exactly',
    '22.12.0-alpine': 'it names its operating system otherwise (alpine)',
    '22.12.0-alpine3.20': 'it was pushed before the present tag',
    '22.12.0-slim': 'it does not name its operating system',
    '22.13.0-alpine3.20': '22.14.0-alpine3.20 is preferred',
    '23.1.0-alpine3.20': 'Node.js 23 is no LTS',
    '26.0.0-rc.1-alpine3.20': 'rc.1 is a prerelease',
    latest: 'it names no version',
    'v22.12.0-alpine3.20': 'its version has a v in front',
  });
});

test('each candidate says what it is, and what to mind', () => {
  const reasons = (image: string, tags: string, today = '2026-11-23') =>
    Object.fromEntries(
      candidatesFor(image, listedTags(tags), today).candidates.map(({ lane, reasons: why }) => [lane, why]),
    );
  assert.deepEqual(reasons('node:20.11.0-alpine3.18', '20.18.0-alpine3.20 24.1.0-alpine3.18 20.11.0-alpine3.19'), {
    minor: [
      'the newest of the line 20',
      'alpine3.18 is a dead end: this version is published for alpine3.20',
      'alpine3.20 is past its end of life',
    ],
    major: ['the newest major step from Node.js 20.11.0', 'Node.js 24 is an LTS'],
    os: ['the same version on alpine3.19, a newer release than alpine3.18', 'alpine3.19 is past its end of life'],
  });
  assert.deepEqual(reasons('postgres:10.1', '12.3'), {
    major: [
      'the newest major step from PostgreSQL 10.1',
      'PostgreSQL 12 is past its end of life (2024-11-21)',
      'its data on disk belong to the present line: move them first',
    ],
  });
  assert.deepEqual(reasons('openjdk:17-jdk', ''), {
    successor: ['the image was retired on 2023-02-13, and eclipse-temurin took its place'],
  });
});

test('the day decides what is LTS, released and supported', () => {
  const answer = (today: string) => answerOf({ image: 'node:22', tags: '24 26', today });
  assert.deepEqual(['2026-10-27', '2026-10-28'].map(answer), ['major=24', 'major=26']);
  const ubuntu = (today: string) => answerOf({ image: 'ubuntu:noble', tags: 'resolute', today });
  assert.deepEqual(['2026-04-22', '2026-04-23'].map(ubuntu), ['', 'major=resolute']);
});

test('lines newer than the catalog count as supported, but for distributions', () => {
  assert.equal(answerOf({ image: 'golang:1.27', tags: '1.28', today: '2027-03-01' }), 'minor=1.28');
  assert.equal(answerOf({ image: 'fedora:44', tags: '45', today: '2026-08-22' }), '');
});

test('a tag that is moved on is not held against the push dates of others', () => {
  const tags = '3.12@2026-08-20 3.13@2026-08-19';
  assert.equal(answerOf({ image: 'python:3.12', tags, today: '2026-08-22' }), 'minor=3.13');
});
