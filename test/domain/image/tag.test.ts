import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadCatalog } from '../../../src/catalog/load.ts';
import {
  formatTag,
  isPrerelease,
  operatingSystemOf,
  parseTag,
  runtimeOf,
  versionOf,
  wordsOf,
} from '../../../src/domain/image/tag.ts';
import { debianCodenames, ubuntuCodenames } from '../../../src/domain/image/tag-codenames.ts';

/** `version | system | runtime | words`, empty where the tag has none. */
function slots(text: string): string {
  const tag = parseTag(text);
  const version = versionOf(tag);
  const system = operatingSystemOf(tag);
  const runtime = runtimeOf(tag);
  return [
    version === undefined ? '' : `${version.prefix}${version.numbers.join('.')}${version.rest}`,
    system === undefined ? '' : `${system.name} ${system.release}`.trim(),
    runtime === undefined ? '' : `${runtime.name} ${runtime.release}`,
    wordsOf(tag).join(' '),
  ].join(' | ');
}

for (const [text, expected] of [
  ['20', '20 |  |  | '],
  ['20.11.1-alpine3.19', '20.11.1 | alpine 3.19 |  | '],
  ['20-alpine', '20 | alpine |  | '],
  ['3.12-slim-bookworm', '3.12 | debian bookworm |  | slim'],
  ['26-bookworm-slim', '26 | debian bookworm |  | slim'],
  ['v3.7', 'v3.7 |  |  | '],
  ['24.04', '24.04 |  |  | '],
  ['noble-20260730.1', ' | ubuntu noble |  | '],
  ['11.0.32_9-jre-alpine-3.24', '11.0.32_9 | alpine 3.24 |  | jre'],
  ['8u502-b07-jdk', '8u502 |  |  | b07 jdk'],
  ['10.0-noble-chiseled-extra', '10.0 | ubuntu noble |  | chiseled extra'],
  ['10.0-azurelinux3.0-distroless', '10.0 | azurelinux 3.0 |  | distroless'],
  ['8.0-nanoserver-ltsc2022', '8.0 | nanoserver ltsc2022 |  | '],
  ['8.0-nanoserver-1809', '8.0 | nanoserver 1809 |  | '],
  ['ltsc2022', ' | ltsc 2022 |  | '],
  ['21-jdk-ubi9-minimal', '21 | ubi 9 |  | jdk minimal'],
  ['21-al2023-headless', '21 | al 2023 |  | headless'],
  ['26.0.2-ubuntu-jammy', '26.0.2 | ubuntu jammy |  | '],
  ['26.0.2-jre-ubuntu-24.04', '26.0.2 | ubuntu 24.04 |  | jre'],
  ['1.2-debian-12-r3', '1.2 | debian 12 |  | r3'],
  ['3.9-eclipse-temurin-21-alpine', '3.9 | alpine | eclipse-temurin 21 | '],
  ['3.8-openjdk-17-slim', '3.8 |  | openjdk 17 | slim'],
  ['9.0-jdk17-temurin-noble', '9.0 | ubuntu noble | jdk 17 | temurin'],
  ['1.19-otp-28-slim', '1.19 |  | otp 28 | slim'],
  ['8.4-fpm-alpine3.23', '8.4 | alpine 3.23 |  | fpm'],
  ['9.7.2-oraclelinux9', '9.7.2 | oraclelinux 9 |  | '],
  ['latest', ' |  |  | latest'],
  ['nonroot', ' |  |  | nonroot'],
  ['debug-nonroot', ' |  |  | debug nonroot'],
  ['', ' |  |  | '],
] as const) {
  test(`reads the slots of ${text || 'the empty tag'}`, () => assert.equal(slots(text), expected));
}

for (const text of [
  '19beta3',
  '8.4.25RC1',
  '27-rc',
  '28-ea-11',
  '11.0-preview',
  '11.0.0-preview.7',
  '3.15.0b4',
  '3.5-dev5',
  '4.0.0-rc-5',
])
  test(`${text} is a prerelease`, () => assert.equal(isPrerelease(parseTag(text)), true));

for (const text of ['20', '11.0.32_9', '8u502-b07', '26.7.0-trixie', '3.12-slim', 'latest', 'alpine3.24'])
  test(`${text} is no prerelease`, () => assert.equal(isPrerelease(parseTag(text)), false));

test('a tag is written as it was read, whatever its text', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'alpine',
      'ubuntu',
      'ubuntu22.04',
      'eclipse',
      'temurin',
      '21',
      'jdk17',
      'v1',
      'rc',
      'nanoserver',
      'ltsc2022',
      'cbl',
      'mariner2.0',
      '20260101',
      '8u1',
      '',
    ),
    fc.string({ maxLength: 12 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('-');
      assert.equal(formatTag(parseTag(text)), text);
    }),
    { numRuns: 1000 },
  );
});

test('every maintained tag of the catalog is written as it was read', () => {
  const catalog = loadCatalog();
  const wrong = catalog.repositories.flatMap((name) =>
    (catalog.findTags(name)?.all() ?? []).filter(({ text, tag }) => formatTag(tag) !== text),
  );
  assert.deepEqual(wrong, []);
});

test('every Debian and Ubuntu code name of the catalog is known to the reader of tags', () => {
  const { products } = loadCatalog();
  for (const [product, known] of [
    ['debian', debianCodenames],
    ['ubuntu', ubuntuCodenames],
  ] as const)
    for (const { codename } of products.get(product)?.cycles ?? [])
      if (codename !== undefined) assert.ok(known.has(codename), codename);
});

test('a long hostile tag is read in linear time', () => {
  const started = process.hrtime.bigint();
  const text = `1${'.1'.repeat(50_000)}-${'a-'.repeat(50_000)}${'_'.repeat(50_000)}!`;
  assert.equal(formatTag(parseTag(text)), text);
  assert.ok(process.hrtime.bigint() - started < 2_000_000_000n);
});
